import { parameters, queryOf } from '../core/address.js';

/** Parameters of the dialect that are no conditions on a column. */
const OWN = new Set(['select', 'order', 'limit', 'offset', 'after', 'format', 'distinct', 'having', 'and', 'or', 'not.and', 'not.or']);

/** What only the console reads of its address begins so; the API never sees it. */
const VIEW = '~';

const CONDITION = /^(not\.)?(eq|neq|gte?|lte?|i?like|is|in|i?match|cs|cd|ov|isdistinct|fts|plfts|phfts|wfts)(\([^)]*\))?\.([^]*)$/;

/**
 * What a page asks of a relation: the query string of the API, and how it is shown. Each change gives
 * another one.
 */
export class Request {
  #pairs;

  constructor(pairs) {
    this.#pairs = pairs;
  }

  static of(query) {
    return new Request(parameters(query));
  }

  /** As it stands in the address of the page. */
  toString() {
    return queryOf(this.#pairs);
  }

  /** What the API is asked, without how it is shown. */
  get pairs() {
    return this.#pairs.filter(([name]) => !name.startsWith(VIEW) && !['limit', 'offset', 'after', 'format'].includes(name));
  }

  get query() {
    return queryOf(this.pairs);
  }

  #value(name) {
    return this.#pairs.find(([each]) => each === name)?.[1];
  }

  #set(name, value) {
    const rest = this.#pairs.filter(([each]) => each !== name);
    return new Request(value ? [...rest, [name, value]] : rest);
  }

  view(name) {
    return this.#value(VIEW + name) ?? '';
  }

  withView(name, value) {
    return this.#set(VIEW + name, value);
  }

  /** @returns {string[]|null} the columns that are chosen; null for all of them */
  get columns() {
    const plain = this.#terms.filter(term => !isEmbed(term));
    return plain.length > 0 && !plain.includes('*') ? plain.map(unquoted) : null;
  }

  withColumns(columns) {
    return this.#select(columns?.map(quoted) ?? null, this.embeds);
  }

  /** @returns {string[]} what of other relations is inside of each row, such as `airports!origin(*)` */
  get embeds() {
    return this.#terms.filter(isEmbed);
  }

  withEmbeds(embeds) {
    return this.#select(this.columns?.map(quoted) ?? null, embeds);
  }

  get #terms() {
    return terms(this.#value('select') ?? '');
  }

  #select(columns, embeds) {
    return this.#set('select', embeds.length === 0 ? columns?.join(',') : [...(columns ?? ['*']), ...embeds].join(','));
  }

  /** @returns {{column: string, descending: boolean}[]} */
  get order() {
    return terms(this.#value('order') ?? '').map(term => {
      const [, name, rest] = /^("(?:[^"\\]|\\.)*"|[^.]*)(.*)$/.exec(term);
      return { column: unquoted(name), descending: rest.includes('.desc') };
    });
  }

  /** The order by one column alone, or none. */
  withOrder(column, direction) {
    return this.#set('order', direction && `${quoted(column)}.${direction}`);
  }

  /** @returns {{at: number, column: ?string, operator: string, value: string, not: boolean}[]} */
  get conditions() {
    return this.#pairs.flatMap(([name, value], at) => {
      if (name.startsWith(VIEW) || (OWN.has(name) && !/^(not\.)?(and|or)$/.test(name) && name !== 'having')) {
        return [];
      }
      const [, not, operator, quantifier = '', operand] = OWN.has(name) ? [] : CONDITION.exec(value) ?? [];
      return operator
        ? [{ at, column: unquoted(name), operator: operator + quantifier, value: operand, not: Boolean(not) }]
        : [{ at, column: null, operator: '', value: `${name}=${value}`, not: false }];
    });
  }

  /** With one more condition; once is enough. */
  withCondition(column, condition) {
    const known = this.#pairs.some(([name, value]) => name === quoted(column) && value === condition);
    return known ? this : new Request([...this.#pairs, [quoted(column), condition]]);
  }

  withoutCondition(at) {
    return new Request(this.#pairs.filter((_, each) => each !== at));
  }

  withoutConditions() {
    const at = new Set(this.conditions.map(condition => condition.at));
    return new Request(this.#pairs.filter((_, each) => !at.has(each)));
  }

  /** The conditions alone, for other questions about the same rows. */
  get filters() {
    const at = new Set(this.conditions.map(condition => condition.at));
    return this.#pairs.filter((_, each) => at.has(each));
  }
}

/** A name as the dialect takes it: in quotes where it has more than letters, digits and underlines. */
export function quoted(name) {
  return /^[\p{L}_][\p{L}\p{N}_$ -]*$/u.test(name) ? name : `"${name.replace(/["\\]/g, whole => `\\${whole}`)}"`;
}

function unquoted(text) {
  return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}

/** Whether a term is a relation inside of each row, and no column and no aggregate. */
const isEmbed = term => term.endsWith(')') && !/(^|[.:])\w+\(\)$/.test(term);

/** The name of an embed in a row; empty of one that is spread into it. */
export function embedName(term) {
  const [, alias, relation] = /^(?:("(?:[^"\\]|\\.)*"|[^:("]+):)?("(?:[^"\\]|\\.)*"|[^!("]+)/.exec(term) ?? [];
  return term.startsWith('...') ? '' : unquoted(alias ?? relation ?? '');
}

/** The terms between commas that stand in no quotes and no brackets. */
function terms(text) {
  const found = [];
  let depth = 0;
  let inQuotes = false;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\\' && inQuotes) {
      at++;
    } else if (character === '"') {
      inQuotes = !inQuotes;
    } else if (!inQuotes && (character === '(' || character === ')')) {
      depth += character === '(' ? 1 : -1;
    } else if (!inQuotes && depth === 0 && character === ',') {
      found.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...found, text.slice(from)].filter(Boolean);
}
