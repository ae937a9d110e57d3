import { ask, lines, parse, TooLarge } from '../core/api.js';
import { queryOf } from '../core/address.js';
import { isNumber, isTime, numberOf, textOf, timeOf } from '../core/values.js';
import { quoted } from './request.js';

/** What a look at a column reads at most: as many rows, or octets, whichever comes first. */
const MOST_ROWS = 20_000;
const MOST_OCTETS = 4 << 20;
const MOST_TOP = 12;
const BINS = 24;

/**
 * What the values of a column are like, of a bounded number of the rows that a page shows.
 *
 * @param {string[]} path of the relation
 * @param {[string, string][]} filters
 * @param {{name: string, type: string}} column
 * @returns {Promise<{rows: number, complete: boolean, nulls: number, distinct: number, top: [string, number][],
 *   low: ?string, high: ?string, bins: ?{from: number, to: number, counts: number[]}}>}
 */
export async function profile(path, filters, column, signal) {
  const query = queryOf([...filters, ['select', quoted(column.name)], ['limit', MOST_ROWS]]);
  const response = await ask(path, { query, headers: { Accept: 'application/x-ndjson' }, signal });
  const values = [];
  let complete = true;
  try {
    for await (const line of lines(response, MOST_OCTETS)) {
      values.push(Object.values(parse(line))[0]);
    }
  } catch (failure) {
    if (!(failure instanceof TooLarge)) {
      throw failure;
    }
    complete = false;
  }
  return { ...told(values, column.type), complete: complete && values.length < MOST_ROWS };
}

/** The same of values that are here already. */
export function told(values, type) {
  const filled = values.filter(value => value !== null);
  const counts = new Map();
  for (const value of filled) {
    const text = textOf(value);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const top = [...counts].sort((one, other) => other[1] - one[1]).slice(0, MOST_TOP);
  return { rows: values.length, nulls: values.length - filled.length, distinct: counts.size, top, ...spread(filled, type) };
}

function spread(filled, type) {
  const measure = isNumber(type) ? numberOf : isTime(type) ? timeOf : null;
  if (!measure || filled.length === 0) {
    return { low: null, high: null, bins: null };
  }
  let low = filled[0];
  let high = filled[0];
  for (const value of filled) {
    low = measure(value) < measure(low) ? value : low;
    high = measure(value) > measure(high) ? value : high;
  }
  return { low: textOf(low), high: textOf(high), bins: bins(filled.map(measure), measure(low), measure(high)) };
}

function bins(numbers, from, to) {
  if (!(to > from)) {
    return null;
  }
  const counts = new Array(BINS).fill(0);
  for (const value of numbers) {
    if (Number.isFinite(value)) {
      counts[Math.min(BINS - 1, Math.floor(((value - from) / (to - from)) * BINS))]++;
    }
  }
  return { from, to, counts };
}
