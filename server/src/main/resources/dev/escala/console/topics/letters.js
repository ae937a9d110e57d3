import { ask, askPlain } from '../core/api.js';
import { queryOf } from '../core/address.js';

/** Letters of one answer of a replay or discard, so that progress is seen. */
const PART = 200;
const PAGE = 100;
const PATIENCE = 1000;
const MOST_TRIES = 10;

const path = (topic, ...rest) => ['topics', topic, 'dead-letters', ...rest];

/** @returns {Promise<{dead_letters: object[], next: ?number}>} a page of the letters that fit */
export function list(topic, filters, after, signal) {
  return patiently(() => askPlain(path(topic), { query: queryOf([...filters, ['limit', PAGE], ['after', after]]), signal }), signal);
}

/** @returns {Promise<object>} one with its body */
export function show(topic, id, signal) {
  return patiently(() => askPlain(path(topic, id), { signal }), signal);
}

/**
 * Writes all that fit once more, part by part.
 *
 * @param {(sum: {stored: number, duplicates: number, rejected: Object<string, number>, skipped: Object<string, number>, done: number, of: number}) => void} told
 */
export async function replay(topic, filters, dryRun, told, signal) {
  const sum = { stored: 0, duplicates: 0, changes: 0, rejected: {}, skipped: {}, done: 0, of: 0 };
  for (let after = 0; after !== null;) {
    const pairs = [...filters, ['limit', PART], ['after', after], ...(dryRun ? [['dry-run', 'true']] : [])];
    const part = await post(path(topic, 'replay'), pairs, signal);
    add(sum, part);
    sum.of = sum.done + (part.remaining ?? 0);
    told({ ...sum });
    after = part.next;
  }
  return sum;
}

/** Marks all that fit as unwanted, part by part. */
export async function discard(topic, filters, told, signal) {
  for (let done = 0, remaining = 1; remaining > 0;) {
    const part = await post(path(topic, 'discard'), [...filters, ['limit', PART]], signal);
    done += part.discarded;
    remaining = part.discarded === 0 ? 0 : part.remaining;
    told({ done, of: done + remaining });
  }
}

/** Replays one with another body; the sum is that of a replay. */
export async function correct(topic, id, status, body, dryRun, signal) {
  const sum = { stored: 0, duplicates: 0, changes: 0, rejected: {}, skipped: {}, done: 0, of: 1 };
  const pairs = [['status', status], ...(dryRun ? [['dry-run', 'true']] : [])];
  add(sum, await post(path(topic, id, 'correct'), pairs, signal, body));
  return sum;
}

async function post(where, pairs, signal, body) {
  const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
  return patiently(async () => (await ask(where, { method: 'POST', query: queryOf(pairs), headers, body, signal })).json(), signal);
}

function add(sum, part) {
  sum.stored += part.stored;
  sum.duplicates += part.duplicates;
  sum.changes += part.table_changes ?? 0;
  for (const name of ['rejected', 'skipped']) {
    for (const [why, count] of Object.entries(part[name])) {
      sum[name] = { ...sum[name], [why]: (sum[name][why] ?? 0) + count };
    }
  }
  const all = counts => Object.values(counts).reduce((one, other) => one + other, 0);
  sum.done = sum.stored + sum.duplicates + sum.changes + all(sum.rejected) + all(sum.skipped);
}

/** Two are worked on at once: who is told to come again does so. */
async function patiently(work, signal) {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (problem) {
      if (problem.code !== 'ESC005' || tries === MOST_TRIES || signal?.aborted) {
        throw problem;
      }
      await new Promise(resolve => setTimeout(resolve, PATIENCE));
    }
  }
}
