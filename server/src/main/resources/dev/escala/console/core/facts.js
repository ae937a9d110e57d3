import { ask, askJson } from './api.js';
import { queryOf } from './address.js';

/** More rows are not sorted only to learn when the last one came. */
const MOST_SORTED = 200_000;
const AT_ONCE = 4;

/** More rows than these are not counted by the API, but estimated. */
export const MOST_COUNTED = 50_000;

/** @returns {Promise<?number>} how many rows there are, or about how many of a large relation */
export async function rowCount(database, relation, signal) {
  const response = await ask([database, relation.name], { method: 'HEAD', query: 'limit=1', headers: { Prefer: 'count=estimated' }, signal });
  const count = /\/(\d+)$/.exec(response.headers.get('Content-Range') ?? '');
  return count && Number(count[1]);
}

/** @returns {Promise<?string>} when the last row was received, where that is known and not dear to find out */
export async function lastReceived(database, relation, rows, signal) {
  if (!rows || rows > MOST_SORTED || !relation.columns.some(column => column.name === '_received_at')) {
    return null;
  }
  const query = 'select=_received_at&order=_received_at.desc&limit=1';
  const [last] = await askJson([database, relation.name], { query, signal });
  return last?._received_at ?? null;
}

/** @returns {Promise<Map<string, number>>} octets of each table with its indexes; none for who may not send SQL */
export async function sizes(database, relations, signal) {
  const tables = relations.filter(relation => relation.kind.includes('table'));
  if (tables.length === 0) {
    return new Map();
  }
  const name = relation => [relation.schema, relation.name].map(part => `"${part.replaceAll('"', '""')}"`).join('.');
  const sql = tables
    .slice(0, 200)
    .map((relation, at) => `select ${at} as at, pg_total_relation_size('${name(relation).replaceAll("'", "''")}') as octets`)
    .join(' union all ');
  try {
    const rows = await askJson([database], { query: queryOf([['q', sql]]), signal });
    return new Map(rows.map(row => [tables[row.at].name, row.octets]));
  } catch (failure) {
    if (failure.name === 'AbortError') {
      throw failure;
    }
    return new Map();
  }
}

/** Does that for each, some at once, in their order. */
export async function each(items, work) {
  const waiting = [...items];
  const worker = async () => {
    while (waiting.length > 0) {
      await work(waiting.shift());
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
