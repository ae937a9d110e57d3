/**
 * Where one is in a list that is higher than what a browser can lay out (33 million pixels in Chromium).
 * The scroll bar stands for the whole list; small steps of it are steps of the same size in the list, large
 * ones go to the same share of it.
 */
const HIGHEST = 4_000_000;

export class Scroll {
  #rowHeight;
  #rows = 0;
  #viewHeight = 0;
  #barAt = 0;
  /** Pixels of the list above the view. */
  top = 0;

  constructor(rowHeight) {
    this.#rowHeight = rowHeight;
  }

  /** How many rows there are, and how much of them is seen. */
  resize(rows, viewHeight) {
    this.#rows = rows;
    this.#viewHeight = viewHeight;
    this.top = Math.min(this.top, this.#listRange);
  }

  /** Pixels of the element that is scrolled. */
  get barHeight() {
    return Math.min(this.#rows * this.#rowHeight, HIGHEST);
  }

  get #listRange() {
    return Math.max(0, this.#rows * this.#rowHeight - this.#viewHeight);
  }

  get #barRange() {
    return Math.max(0, this.barHeight - this.#viewHeight);
  }

  /** The bar was moved there. */
  moved(barAt) {
    const step = barAt - this.#barAt;
    this.#barAt = barAt;
    if (this.#listRange === this.#barRange) {
      this.top = barAt;
    } else if (Math.abs(step) < this.#viewHeight && barAt > 0 && barAt < this.#barRange) {
      this.top = Math.max(0, Math.min(this.top + step, this.#listRange));
    } else {
      this.top = (barAt / this.#barRange) * this.#listRange;
    }
  }

  /**
   * The bar is at its end, and somebody turns the wheel on: more rows may have been found meanwhile than a
   * bar of this height tells apart.
   *
   * @returns {boolean} whether there was more
   */
  push(pixels) {
    if (pixels <= 0 || this.#barAt < this.#barRange - 1 || this.top >= this.#listRange) {
      return false;
    }
    this.top = Math.min(this.top + pixels, this.#listRange);
    return true;
  }

  /** @returns {number} where the bar belongs for where the list is; it drifts with small steps */
  settled() {
    this.#barAt = this.#listRange === this.#barRange ? this.top : Math.round((this.top / this.#listRange) * this.#barRange);
    return this.#barAt;
  }

  /** Brings a row into view. */
  show(row, covered = 0) {
    const from = row * this.#rowHeight;
    if (from < this.top) {
      this.top = from;
    } else if (from + this.#rowHeight > this.top + this.#viewHeight - covered) {
      this.top = from + this.#rowHeight - this.#viewHeight + covered;
    }
    this.top = Math.max(0, Math.min(this.top, this.#listRange));
    return this.settled();
  }

  get first() {
    return Math.max(0, Math.floor(this.top / this.#rowHeight));
  }

  get last() {
    return Math.min(this.#rows - 1, Math.ceil((this.top + this.#viewHeight) / this.#rowHeight));
  }

  /** Pixels of a row below the beginning of the element that is scrolled. */
  offset(row) {
    return row * this.#rowHeight - this.top + this.#barAt;
  }
}
