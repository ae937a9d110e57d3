import { ask, parse } from '../core/api.js';
import { queryOf } from '../core/address.js';
import { isNumber, kept, timeOf } from '../core/values.js';

const INSTANT = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d|$)/;

/**
 * Asks with SQL.
 *
 * @param {[string, string][]} values of the parameters
 * @returns {Promise<{columns: {name: string, type: string}[], rows: any[][], cut: ?string, millis: number}>}
 */
export function run(database, sql, values, signal) {
  return read([database], [['q', sql], ...values], signal);
}

/** The rows at any path of the API, in the same form. */
export async function read(path, pairs, signal) {
  const began = performance.now();
  const response = await ask(path, { query: queryOf(pairs), headers: { Accept: 'application/json' }, signal });
  const objects = parse(await response.text());
  const names = Object.keys(objects[0] ?? {});
  const rows = objects.map(object => names.map(name => kept(object[name])));
  return {
    columns: names.map((name, at) => ({ name, type: kindOf(rows, at) })),
    rows,
    cut: response.headers.get('Escala-Truncated'),
    millis: performance.now() - began,
  };
}

/** @returns {Promise<string>} how the database would run it */
export async function plan(database, sql, values, signal) {
  const response = await ask([database], { query: queryOf([['q', sql], ...values, ['explain', 'text']]), signal });
  return response.text();
}

/** JSON has no types of columns: a name for what its values look like, of those that PostgreSQL has. */
function kindOf(rows, at) {
  const value = rows.find(row => row[at] !== null)?.[at];
  if (value === undefined) {
    return '';
  }
  if (typeof value === 'number' || JSON.isRawJSON?.(value)) {
    return 'numeric';
  }
  if (typeof value === 'boolean') {
    return 'boolean';
  }
  if (typeof value === 'string') {
    return INSTANT.test(value) && Number.isFinite(timeOf(value)) ? 'timestamp' : 'text';
  }
  return 'jsonb';
}

/** The two columns that a chart of a result begins with: what it is by, and a number. */
export function axes(columns) {
  const y = columns.findLast(column => isNumber(column.type));
  const x = columns.find(column => column.type === 'timestamp') ?? columns.find(column => column !== y && column.type !== 'jsonb');
  return x && y ? { x, y } : null;
}
