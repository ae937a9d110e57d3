import { kept } from '../core/values.js';
import { listen } from './events.js';

const MOST_ROWS = 2000;

/** Rows as they are stored, the newest first; the last 2,000 of them. Events: `rows`, `problem`. */
export class LiveRows extends EventTarget {
  #stop = new AbortController();
  #columns;
  #rows = [];
  #waiting = [];
  paused = false;
  /** `opening`, `open` or `lost`. */
  state = 'opening';
  seen = 0;

  constructor(path, query, columns) {
    super();
    this.#columns = columns;
    const told = { row: row => this.#take(row), open: () => this.#become('open'), lost: () => this.#become('lost') };
    listen(path, query, told, this.#stop.signal).catch(failure => {
      if (failure.name !== 'AbortError') {
        this.dispatchEvent(Object.assign(new Event('problem'), { failure }));
      }
    });
  }

  get total() {
    return this.#rows.length;
  }

  get waiting() {
    return this.#waiting.length;
  }

  row(index) {
    return this.#rows[index];
  }

  pause(wish) {
    this.paused = wish;
    if (!wish) {
      this.#rows = [...this.#waiting, ...this.#rows].slice(0, MOST_ROWS);
      this.#waiting = [];
    }
    this.#tell();
  }

  close() {
    this.#stop.abort();
  }

  #take(row) {
    const place = this.paused ? this.#waiting : this.#rows;
    place.unshift(this.#columns.map(name => kept(row[name])));
    place.length = Math.min(place.length, MOST_ROWS);
    this.seen++;
    this.#tell();
  }

  #become(state) {
    this.state = state;
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event('rows'));
  }
}
