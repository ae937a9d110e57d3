import { ask } from '../core/api.js';

const MOST_MESSAGES = 1000;
const MOST_CHARACTERS = 2 << 20;

/**
 * Publishes messages part by part, each answered after commit.
 *
 * @typedef {{received: number, stored: number, duplicates: number, rejected: {index: number, reason: string, column: ?string, detail: ?string}[], rejected_total: number}} Outcome
 * @param {(outcome: Outcome, done: number) => void} told after each part, with the sum so far
 * @throws {Problem} where a part cannot be stored; those before it are
 */
export async function send(topic, messages, told, signal) {
  const sum = { received: 0, stored: 0, duplicates: 0, rejected: [], rejected_total: 0 };
  for (let from = 0; from < messages.length;) {
    const to = end(messages, from);
    add(sum, await part(topic, messages.slice(from, to), signal), from);
    told({ ...sum }, to);
    from = to;
  }
}

function end(messages, from) {
  let characters = 0;
  let to = from;
  while (to < messages.length && to - from < MOST_MESSAGES && (to === from || characters + messages[to].text.length < MOST_CHARACTERS)) {
    characters += messages[to++].text.length;
  }
  return to;
}

async function part(topic, messages, signal) {
  const body = messages.map(({ text }) => text.replace(/[\r\n]+/g, ' ')).join('\n');
  try {
    const response = await ask(['topics', topic], { method: 'POST', headers: { 'Content-Type': 'application/x-ndjson' }, body, signal });
    return await response.json();
  } catch (problem) {
    if (problem.status === 422 && problem.body?.rejected) {
      return problem.body; // each of them was refused, for reasons that it tells
    }
    throw problem;
  }
}

function add(sum, outcome, from) {
  for (const name of ['received', 'stored', 'duplicates', 'rejected_total']) {
    sum[name] += outcome[name] ?? 0;
  }
  sum.rejected = [...sum.rejected, ...outcome.rejected.map(each => ({ ...each, index: each.index + from }))];
}
