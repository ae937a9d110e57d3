import { ask, lines, parse, TooLarge } from '../core/api.js';
import { queryOf } from '../core/address.js';
import { kept } from '../core/values.js';
import { quoted } from './request.js';

/** Rows of a page; fewer where they are large. */
const SIZES = [200, 20, 2];
const MOST_OCTETS = 8 << 20;
const MOST_OCTETS_OF_ONE = 128 << 20;
const MOST_PAGES = 40;
const PATIENCE = 60;

/** Milliseconds after which who scrolls has a turn. */
const AT_A_TIME = 8;

/**
 * The rows of a request, page by page as they are looked at. Pages that follow each other are walked by
 * position (`after`), which costs the same anywhere; one whose position nobody knows, since somebody jumped
 * there, is counted (`offset`) in the same order. No more than 40 pages are held.
 *
 * Events: `rows` when some came or their number changed, `problem` with what went wrong.
 */
export class RelationRows extends EventTarget {
  #path;
  #pairs;
  #columns;
  #key;
  #walks;
  #size = 0;
  #pages = new Map();
  #positions = new Map([[0, '']]);
  #loading = new Map();
  #wanted = [];
  #timer = 0;
  #closed = false;

  /** How many rows there are, or about how many. */
  total = 0;
  exact = false;

  /**
   * @param {string[]} path of the relation
   * @param {[string, string][]} pairs what is asked
   * @param {string[]} key the columns of the primary key; none where there is none
   */
  constructor(path, pairs, key) {
    super();
    this.#path = path;
    this.#pairs = pairs;
    this.#key = key;
    this.#walks = key.length > 0;
  }

  /**
   * Reads the first page.
   *
   * @param {?string[]} columns whose values each row is to have; null for what the first row has
   * @returns {Promise<string[]>} the names of the columns
   */
  async start(columns) {
    this.#columns = columns;
    for (;;) {
      try {
        await this.#load(0, { Prefer: 'count=estimated' });
        return this.#columns ?? [];
      } catch (failure) {
        if (failure instanceof TooLarge && this.#size < SIZES.length - 1) {
          this.#size++;
        } else if (failure.code === 'ESC128' && this.#walks) {
          this.#walks = false;
        } else {
          throw failure;
        }
      }
    }
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#loading.forEach(loading => loading.abort());
  }

  get #rows() {
    return SIZES[this.#size];
  }

  /** The values of a row in the order of the columns, where it is there. */
  row(index) {
    return this.#pages.get(Math.floor(index / this.#rows))?.[index % this.#rows];
  }

  /** These rows are looked at now, and no others. */
  want(first, last) {
    this.#wanted = [];
    for (let page = Math.floor(first / this.#rows); page <= Math.floor(Math.max(first, last) / this.#rows); page++) {
      this.#wanted.push(page);
    }
    this.#schedule();
  }

  #schedule() {
    if (!this.#timer && !this.#closed && !this.#wanted.every(page => this.#pages.has(page) || this.#loading.has(page))) {
      this.#timer = setTimeout(() => this.#fetch(), PATIENCE);
    }
  }

  #fetch() {
    this.#timer = 0;
    for (const [page, loading] of this.#loading) {
      if (!this.#wanted.includes(page)) {
        loading.abort();
      }
    }
    for (const page of this.#wanted) {
      if (!this.#pages.has(page) && !this.#loading.has(page) && page * this.#rows < Math.max(1, this.total)) {
        this.#load(page).catch(failure => this.#tell('problem', failure));
      }
    }
  }

  async #load(page, headers = {}) {
    const stop = new AbortController();
    this.#loading.set(page, stop);
    try {
      const { rows, more } = await this.#read(page, headers, stop.signal);
      this.#keep(page, rows);
      this.#count(page, rows.length, more);
      this.#tell('rows');
    } catch (failure) {
      if (failure.name !== 'AbortError') {
        throw failure;
      }
    } finally {
      this.#loading.delete(page);
      if (stop.signal.aborted) {
        this.#schedule(); // somebody may have come back to it meanwhile
      }
    }
  }

  /** The rows of a page; a walk may take several answers to fill it. */
  async #read(page, headers, signal) {
    const rows = [];
    let position = this.#walks ? this.#positions.get(page) : undefined;
    if (position === undefined) {
      await this.#ask([...this.#total(), ['limit', this.#rows], ['offset', page * this.#rows]], headers, signal, rows);
      return { rows, more: rows.length === this.#rows };
    }
    while (position !== undefined && rows.length < this.#rows) {
      const pairs = [...this.#pairs, ['limit', this.#rows - rows.length], ['after', position]];
      position = next(await this.#ask(pairs, headers, signal, rows));
    }
    if (position !== undefined) {
      this.#positions.set(page + 1, position);
    }
    return { rows, more: position !== undefined };
  }

  /** What is asked, in an order in which no two rows are alike: that of a walk. */
  #total() {
    const rest = this.#pairs.filter(([name]) => name !== 'order');
    const order = this.#pairs.find(([name]) => name === 'order')?.[1];
    if (!this.#walks) {
      return this.#pairs;
    }
    const direction = order?.split(',').at(-1).includes('.desc') ? 'desc' : 'asc';
    return [...rest, ['order', [...(order ? [order] : []), ...this.#key.map(name => `${quoted(name)}.${direction}`)].join(',')]];
  }

  async #ask(pairs, headers, signal, rows) {
    const response = await ask(this.#path, { query: queryOf(pairs), headers: { Accept: 'application/x-ndjson', ...headers }, signal });
    this.#counted(response, headers);
    await this.#collect(response, rows);
    return response;
  }

  async #collect(response, rows) {
    const most = this.#size === SIZES.length - 1 ? MOST_OCTETS_OF_ONE : MOST_OCTETS;
    let began = performance.now();
    for await (const line of lines(response, most)) {
      if (performance.now() - began > AT_A_TIME) {
        await new Promise(resolve => setTimeout(resolve));
        began = performance.now();
      }
      const row = parse(line);
      this.#columns ??= Object.keys(row);
      rows.push(this.#columns.map(name => kept(row[name])));
    }
  }

  /** How many there are stands in the head of an answer that was asked for it. */
  #counted(response, headers) {
    const count = /\/(\d+)$/.exec(response.headers.get('Content-Range') ?? '');
    if (headers.Prefer && count) {
      this.total = Number(count[1]);
    }
  }

  #count(page, rows, more) {
    const seen = page * this.#rows + rows;
    if (more && this.#pages.get(page + 1)?.length !== 0) {
      this.total = Math.max(this.total, seen + 1);
    } else if (rows > 0 || page === 0) {
      this.total = seen;
      this.exact = true;
    } else {
      this.total = Math.min(this.total, page * this.#rows);
      this.exact = this.#pages.get(page - 1)?.length === this.#rows;
    }
  }

  #keep(page, rows) {
    this.#pages.delete(page);
    this.#pages.set(page, rows);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= MOST_PAGES) {
        break;
      }
      if (!this.#wanted.includes(oldest)) {
        this.#pages.delete(oldest);
      }
    }
  }

  #tell(name, failure) {
    if (!this.#closed) {
      this.dispatchEvent(Object.assign(new Event(name), { failure }));
    }
  }
}

/** @returns {string|undefined} the position behind the last row, where another page follows */
function next(response) {
  const link = /<\?([^>]*)>;\s*rel="next"/.exec(response.headers.get('Link') ?? '');
  return link ? new URLSearchParams(link[1]).get('after') ?? undefined : undefined;
}
