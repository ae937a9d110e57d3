/** Values of rows as people see them. What is shown is always text, never markup. */

/** More characters of a value are not kept by a page; the whole one is a request away. */
export const MOST_KEPT = 4096;
const MOST_SHOWN = 400;

const NUMBERS = /^(smallint|integer|bigint|real|double precision|numeric|decimal|money|oid)/;
const TIMES = /^(timestamp|date)/;

export const isNumber = type => NUMBERS.test(type) && !type.endsWith('[]');
export const isTime = type => TIMES.test(type) && !type.endsWith('[]');
export const isText = type => /^(text|character|citext|name|uuid|"?char)/.test(type);
export const isJson = type => type.startsWith('json');

/** The name of a type as people write it. */
export const shortType = type => type
  .replace('timestamp with time zone', 'timestamptz')
  .replace('timestamp without time zone', 'timestamp')
  .replace('character varying', 'varchar');

/** A text or document of which only the beginning is kept. */
export class Cut {
  constructor(beginning, length) {
    this.beginning = beginning;
    this.length = length;
  }

  toString() {
    return `${this.beginning}…`;
  }
}

/** The same value, or the beginning of a long one. */
export function kept(value) {
  const text = typeof value === 'string' ? value : value !== null && typeof value === 'object' ? JSON.stringify(value) : '';
  return text.length > MOST_KEPT ? new Cut(text.slice(0, MOST_KEPT), text.length) : value;
}

/** The value as a text, with all that is kept of it. */
export function textOf(value) {
  if (value === null || value === undefined) {
    return '';
  }
  if (typeof value === 'string' || value instanceof Cut) {
    return String(value);
  }
  return JSON.stringify(value);
}

/** One line of a cell. */
export function cellText(value, type = '') {
  if (value === null || value === undefined) {
    return 'null';
  }
  const text = textOf(value);
  if (isTime(type)) {
    return text.replace('T', ' ').replace(/(\+00:00|\+00|Z)$/, 'Z');
  }
  return (text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text).replace(/[\n\r\t]/g, '␤');
}

/** The value as a number, or NaN. */
export function numberOf(value) {
  return typeof value === 'number' ? value : value === null || value === undefined || value === '' ? NaN : Number(textOf(value));
}

/** Milliseconds of a point in time or a date, or NaN; without a zone it is taken as UTC. */
export function timeOf(value) {
  if (typeof value !== 'string') {
    return NaN;
  }
  const text = value.replace(' ', 'T');
  return Date.parse(/T.*(Z|[+-]\d\d(:?\d\d)?)$/.test(text) || !text.includes('T') ? text : `${text}Z`);
}
