import { askJson } from './api.js';

/**
 * What there is, as the API lists it to whoever looks.
 *
 * @typedef {{name: string, type: string, nullable: boolean, comment: ?string}} Column
 * @typedef {{name: string, schema: string, kind: string, comment: ?string, primary_key: string[], columns: Column[]}} Relation
 */

let known = new Map();
window.addEventListener('session', forget);

/** Asks anew the next time: tables come to be when messages do. */
export function forget() {
  known = new Map();
}

/** @returns {Promise<string[]>} the names of the databases */
export function databases() {
  return once('', async () => (await askJson([])).databases.map(each => each.name));
}

/** @returns {Promise<Relation[]>} in the order of their names */
export function relations(database) {
  return once(`/${database}`, async () =>
    (await askJson([database])).relations.sort((one, other) => one.name.localeCompare(other.name)));
}

/** @returns {Promise<Relation|undefined>} asks once more where a relation is not known yet */
export async function relation(database, name) {
  const find = all => all.find(each => each.name === name);
  const found = find(await relations(database));
  if (found) {
    return found;
  }
  known.delete(`/${database}`);
  return find(await relations(database));
}

function once(key, load) {
  if (!known.has(key)) {
    const loading = load();
    known.set(key, loading);
    loading.catch(() => known.delete(key));
  }
  return known.get(key);
}
