import { token } from './session.js';

/** The root of the API, whatever a proxy has put before it: three folders above this file. */
export const ROOT = new URL('../../../', import.meta.url);

/** An answer that is no success, or none at all: `code` is `network` then. */
export class Problem extends Error {
  constructor(status, { code, message, hint, details }) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.details = details;
  }

  /** Nobody is known, or whoever is known may not do this. */
  get isOfRights() {
    return this.status === 401 || this.status === 403;
  }
}

/** @returns {string} the address of a path of the API, with a query string that is encoded already */
export function address(path, query = '') {
  return new URL(path.map(encodeURIComponent).join('/') + (query && `?${query}`), ROOT).href;
}

/**
 * Asks the API, showing the key or token of this tab.
 *
 * @param {string[]} path segments, not encoded
 * @param {{query?: string, headers?: object, method?: string, body?: BodyInit, signal?: AbortSignal}} [how]
 * @returns {Promise<Response>} with a status below 400
 * @throws {Problem}
 */
export async function ask(path, { query, headers = {}, ...how } = {}) {
  const shown = token() ? { Authorization: `Bearer ${token()}`, ...headers } : headers;
  let response;
  try {
    response = await fetch(address(path, query), { ...how, headers: shown });
  } catch (failure) {
    if (failure.name === 'AbortError') {
      throw failure;
    }
    throw new Problem(0, { code: 'network', message: failure.message });
  }
  if (response.status >= 400) {
    throw await problem(response);
  }
  return response;
}

async function problem(response) {
  const text = await response.text();
  try {
    const told = JSON.parse(text);
    return Object.assign(new Problem(response.status, told), { body: told });
  } catch {
    return new Problem(response.status, { code: String(response.status), message: text.slice(0, 300) });
  }
}

/** Asks for JSON of a few plain numbers, none of which has more digits than a double. */
export async function askPlain(path, how = {}) {
  const response = await ask(path, { ...how, headers: { Accept: 'application/json', ...how.headers } });
  return response.json();
}

/** Asks for JSON whose numbers keep all of their digits. */
export async function askJson(path, how = {}) {
  const response = await ask(path, { ...how, headers: { Accept: 'application/json', ...how.headers } });
  return parse(await response.text());
}

/**
 * Like JSON.parse, but a number that has more digits than a double is kept as it was written, where the
 * browser can.
 */
export function parse(text) {
  return JSON.parse(text, (name, value, context) =>
    typeof value === 'number' && context?.source && JSON.rawJSON && String(value) !== context.source
      ? JSON.rawJSON(context.source)
      : value);
}

/** The answer would be larger than what a page takes. */
export class TooLarge extends Error {}

/**
 * Reads lines of an answer as they come, without empty ones.
 *
 * @throws {TooLarge} behind so many octets; the lines so far were given
 */
export async function* lines(response, mostOctets = Infinity) {
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let octets = 0;
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        break;
      }
      octets += value.length;
      if (octets > mostOctets) {
        throw new TooLarge();
      }
      const parts = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = parts.pop();
      yield* parts.filter(part => part !== '');
    }
    if (rest) {
      yield rest;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
