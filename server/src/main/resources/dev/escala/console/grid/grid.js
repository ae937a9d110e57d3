import { t } from '../text/text.js';
import { Cut, cellText, isJson, isNumber } from '../core/values.js';
import { Scroll } from './scroll.js';
import { between, edges, widths } from './widths.js';

const ROW = 30;
const HEAD = 44;
const GUTTER = 58;
const SETTLED_AFTER = 160;

/**
 * Rows and columns of any number, of which only those in view are in the document.
 *
 * Events: `grid-cell` and `grid-row` where one is chosen, `grid-sort` and `grid-menu` of a column.
 *
 * @typedef {{name: string, type: string, label?: string, sorted?: 'asc'|'desc'}} GridColumn
 * @typedef {{total: number, row: (index: number) => (any[]|undefined), want?: (first: number, last: number) => void}} GridSource
 */
export class Grid extends HTMLElement {
  #columns = [];
  #source = { total: 0, row: () => undefined };
  #widths = [];
  #edges = [GUTTER];
  #measured = false;
  #scroll = new Scroll(ROW);
  #rows = new Map();
  #active = null;
  #shown = [0, -1];
  /** Changes where rows have to be laid out anew. */
  #range = '';
  #layouts = 0;
  #view;
  #space;
  #head;
  #asked = 0;
  #settling = 0;
  #watch = new ResizeObserver(() => this.refresh());

  connectedCallback() {
    if (this.#view) {
      this.#watch.observe(this.#view);
      return;
    }
    this.#view = element('div', 'grid', { role: 'grid', tabindex: '0', 'aria-label': this.getAttribute('label') ?? '' });
    this.#space = element('div', '', { role: 'rowgroup' });
    this.#head = element('div', 'grid-head', { role: 'row', 'aria-rowindex': '1' });
    this.#space.append(this.#head);
    this.#view.append(this.#space);
    this.append(this.#view);
    this.#view.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.#view.addEventListener('wheel', event => this.#scroll.push(event.deltaY) && this.refresh(), { passive: true });
    this.#view.addEventListener('keydown', event => this.#pressed(event));
    this.#view.addEventListener('click', event => this.#clicked(event));
    this.#watch.observe(this.#view);
  }

  disconnectedCallback() {
    this.#watch.disconnect();
    cancelAnimationFrame(this.#asked);
    this.#asked = 0;
  }

  /** Shows other rows, from the first one on, or the same under other heads. */
  show(columns, source) {
    const same = columns.length === this.#columns.length && columns.every((column, at) => column.name === this.#columns[at].name);
    this.#columns = columns;
    this.#source = source;
    this.#active = null;
    if (!same) {
      this.#measured = false;
      this.#view.scrollLeft = 0;
    }
    this.#view.scrollTop = 0;
    this.#scroll.moved(0);
    this.#clear();
    this.#draw();
  }

  /** Rows came, or there are more or less of them. */
  refresh() {
    this.#asked ||= requestAnimationFrame(() => {
      this.#asked = 0;
      this.#draw();
    });
  }

  /** Other columns, or columns of other widths: all rows are laid out anew. */
  #clear() {
    this.#shown = [0, -1];
    this.#range = '';
  }

  #scrolled() {
    this.#scroll.moved(this.#view.scrollTop);
    this.#asked ||= requestAnimationFrame(() => {
      this.#asked = 0;
      this.#draw();
    });
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#settle(), SETTLED_AFTER);
  }

  #settle() {
    const at = this.#scroll.settled();
    if (Math.abs(at - this.#view.scrollTop) > 1) {
      this.#view.scrollTop = at;
    }
    this.#draw();
  }

  #draw() {
    this.#measure();
    const height = this.#view.clientHeight - HEAD;
    this.#scroll.resize(this.#source.total, height);
    const [from, to] = between(this.#edges, this.#view.scrollLeft, this.#view.scrollLeft + this.#view.clientWidth);
    const range = [from, Math.min(to, this.#columns.length - 1)];
    this.#resize(`${this.#scroll.barHeight + HEAD}px`, `${this.#edges.at(-1)}px`);
    if (this.#range === '' || range[0] !== this.#shown[0] || range[1] !== this.#shown[1]) {
      this.#shown = range;
      this.#range = String(++this.#layouts);
      this.#drawHead();
    }
    const { first, last } = this.#scroll;
    this.#source.want?.(first, last);
    this.#drawRows(first, last);
  }

  /** After everything is read that needs a layout, and only where it differs. */
  #resize(height, width) {
    set(this.#space, 'tall', height, () => { this.#space.style.height = height; });
    set(this.#space, 'wide', width, () => { this.#space.style.width = width; });
    set(this.#view, 'counted', `${this.#source.total}|${this.#columns.length}`, () => {
      this.#view.setAttribute('aria-rowcount', String(this.#source.total + 1));
      this.#view.setAttribute('aria-colcount', String(this.#columns.length + 1));
    });
  }

  #measure() {
    if (this.#measured) {
      return;
    }
    const rows = [];
    for (let at = 0; at < Math.min(this.#source.total, 60) && this.#source.row(at); at++) {
      rows.push(this.#source.row(at));
    }
    this.#widths = widths(this.#columns, rows);
    this.#edges = edges(this.#widths, GUTTER);
    this.#measured = rows.length > 0;
    this.#range = '';
  }

  #drawHead() {
    const names = [element('div', 'grid-gutter', { role: 'columnheader', 'aria-colindex': '1' })];
    names[0].append(element('span', 'unseen', {}, t('grid.row')));
    this.#head.style.width = `${this.#edges.at(-1)}px`;
    for (let at = this.#shown[0]; at <= this.#shown[1] && at < this.#columns.length; at++) {
      names.push(this.#name(this.#columns[at], at));
    }
    const { sort, menu } = this.#head.contains(document.activeElement) ? document.activeElement.dataset : {};
    this.#head.replaceChildren(...names);
    this.#head.querySelector(sort ? `[data-sort="${sort}"]` : menu ? `[data-menu="${menu}"]` : ':scope > none')?.focus();
  }

  #name(column, at) {
    const sorted = { asc: 'ascending', desc: 'descending' }[column.sorted] ?? 'none';
    const name = element('div', `grid-name${isNumber(column.type) ? ' number' : ''}`, {
      role: 'columnheader', 'aria-colindex': String(at + 2), 'aria-sort': sorted, title: column.comment ?? '',
    });
    place(name, this.#edges[at], this.#widths[at]);
    const sort = element('button', 'sort', { type: 'button', 'data-sort': at });
    sort.append(element('b', '', {}, column.name));
    sort.append(element('i', '', { 'aria-hidden': 'true' }, { asc: '↑', desc: '↓' }[column.sorted] ?? ''));
    sort.append(element('small', '', {}, column.label ?? ''));
    name.append(sort);
    if (this.hasAttribute('menus')) {
      name.append(element('button', 'more', { type: 'button', 'data-menu': at, 'aria-label': t('grid.menu', { column: column.name }) }, '⋮'));
    }
    return name;
  }

  /** Rows that left the view show those that came: nothing is made anew, and their order is that of the list. */
  #drawRows(first, last) {
    const free = [];
    for (const [index, row] of this.#rows) {
      if (index < first || index > last) {
        free.push(row);
        this.#rows.delete(index);
      }
    }
    let before = this.#head;
    for (let index = first; index <= last; index++) {
      const row = this.#rows.get(index) ?? free.pop() ?? element('div', 'grid-row', { role: 'row' });
      this.#rows.set(index, row);
      if (before.nextSibling !== row) {
        before.after(row);
      }
      before = row;
      this.#fill(row, index, this.#source.row(index));
    }
    free.forEach(row => row.remove());
  }

  /** Writes only what differs from what the row shows already. */
  #fill(row, index, values) {
    set(row, 'at', `translateY(${this.#scroll.offset(index) + HEAD}px)`, at => { row.style.transform = at; });
    const moved = set(row, 'index', index, () => row.setAttribute('aria-rowindex', String(index + 2)));
    const widened = set(row, 'range', this.#range, () => this.#lay(row));
    if (moved) {
      row.firstChild.textContent = String(index + 1);
      row.firstChild.dataset.row = index;
    }
    if (set(row, 'values', values, () => {}) || moved || widened) {
      const [from, to] = this.#shown;
      for (let at = from, cell = row.firstChild.nextSibling; at <= to; at++, cell = cell.nextSibling) {
        this.#write(cell, at, values);
      }
    }
    this.#mark(row, index);
  }

  /** As many cells as there are columns in view, each in its place. */
  #lay(row) {
    row.style.width = `${this.#edges.at(-1)}px`;
    if (!row.firstChild) {
      row.append(element('div', 'grid-gutter', { role: 'rowheader', 'aria-colindex': '1' }));
    }
    const [from, to] = this.#shown;
    let cell = row.firstChild;
    for (let at = from; at <= to; at++) {
      if (!cell.nextSibling) {
        row.append(element('div', 'grid-cell', { role: 'gridcell' }));
      }
      cell = cell.nextSibling;
      cell.dataset.column = at;
      cell.setAttribute('aria-colindex', String(at + 2));
      place(cell, this.#edges[at], this.#widths[at]);
    }
    while (cell.nextSibling) {
      cell.nextSibling.remove();
    }
  }

  #write(cell, at, values) {
    const { type } = this.#columns[at];
    const value = values?.[at];
    const kind = !values ? ' waiting' : value === null || value === undefined ? ' null' : isNumber(type) ? ' number' : isJson(type) ? ' json' : '';
    cell.className = `grid-cell${kind}`;
    cell.textContent = values ? cellText(value, type) : '';
    if (value instanceof Cut) {
      cell.title = t('grid.cut');
    } else if (cell.title) {
      cell.removeAttribute('title');
    }
  }

  /** The cell that the keyboard is at. */
  #mark(row, index) {
    const cell = this.#active?.row === index ? row.querySelector(`[data-column="${this.#active.column}"]`) : null;
    for (const other of row.querySelectorAll('.active')) {
      if (other !== cell) {
        other.classList.remove('active');
        other.removeAttribute('id');
      }
    }
    if (cell) {
      cell.classList.add('active');
      cell.id = `cell-${index}-${this.#active.column}`;
      this.#view.setAttribute('aria-activedescendant', cell.id);
    }
  }

  #clicked(event) {
    const { sort, menu, row: gutter, column } = event.target.closest('[data-sort], [data-menu], [data-row], [data-column]')?.dataset ?? {};
    const row = column === undefined ? gutter : event.target.closest('.grid-row').firstChild.dataset.row;
    if (sort !== undefined) {
      this.#tell('grid-sort', { column: Number(sort) });
    } else if (menu !== undefined) {
      this.#tell('grid-menu', { column: Number(menu), anchor: event.target.closest('button') });
    } else if (column !== undefined) {
      this.#choose(Number(row), Number(column));
      this.#open();
    } else if (row !== undefined) {
      this.#tell('grid-row', { row: Number(row) });
    }
  }

  #pressed(event) {
    if (event.target !== this.#view) {
      return;
    }
    const { row, column } = this.#active ?? { row: this.#scroll.first, column: this.#shown[0] };
    const page = Math.max(1, Math.floor((this.#view.clientHeight - HEAD) / ROW) - 1);
    const far = event.ctrlKey || event.metaKey;
    const to = {
      ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
      PageUp: [row - page, column], PageDown: [row + page, column],
      Home: [far ? 0 : row, 0], End: [far ? this.#source.total - 1 : row, this.#columns.length - 1],
    }[event.key];
    if (to) {
      event.preventDefault();
      this.#choose(...(this.#active ? to : [row, column]));
    } else if ((event.key === 'Enter' || event.key === ' ') && this.#active) {
      event.preventDefault();
      this.#open(event.shiftKey);
    }
  }

  #choose(row, column) {
    if (this.#source.total === 0 || this.#columns.length === 0) {
      return;
    }
    this.#active = {
      row: Math.max(0, Math.min(row, this.#source.total - 1)),
      column: Math.max(0, Math.min(column, this.#columns.length - 1)),
    };
    this.#view.scrollTop = this.#scroll.show(this.#active.row);
    const left = this.#edges[this.#active.column];
    const right = this.#edges[this.#active.column + 1];
    if (left - GUTTER < this.#view.scrollLeft) {
      this.#view.scrollLeft = left - GUTTER;
    } else if (right > this.#view.scrollLeft + this.#view.clientWidth) {
      this.#view.scrollLeft = right - this.#view.clientWidth;
    }
    this.#draw();
  }

  #open(wholeRow = false) {
    const { row, column } = this.#active;
    const values = this.#source.row(row);
    if (!values) {
      return;
    }
    const anchor = this.querySelector('.grid-cell.active');
    this.#tell(wholeRow ? 'grid-row' : 'grid-cell', { row, column, value: values[column], anchor });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  /** Puts the keyboard here. */
  focus() {
    this.#view.focus();
  }
}

function element(name, className, attributes, text) {
  const made = document.createElement(name);
  if (className) {
    made.className = className;
  }
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== '') {
      made.setAttribute(attribute, value);
    }
  }
  if (text !== undefined) {
    made.textContent = text;
  }
  return made;
}

/** What an element shows, by the name of it. */
const SHOWN = new WeakMap();

/** Does that where the value is another one than the last time; says whether it was. */
function set(of, name, value, act) {
  const known = SHOWN.get(of) ?? {};
  if (name in known && known[name] === value) {
    return false;
  }
  known[name] = value;
  SHOWN.set(of, known);
  act(value);
  return true;
}

function place(cell, from, width) {
  cell.style.left = `${from}px`;
  cell.style.width = `${width}px`;
}

customElements.define('escala-grid', Grid);
