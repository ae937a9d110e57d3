import { ask, parse } from '../core/api.js';

const MOST_PAUSE = 10_000;

/**
 * Listens to a relation: server-sent events by fetch, since an EventSource sends no headers and so no key.
 * Where the connection breaks it goes on behind the last row.
 *
 * @param {{row: (row: object) => void, open: () => void, lost: () => void}} told
 * @throws {Problem} where the API refuses
 */
export async function listen(path, query, told, signal) {
  let position = '';
  for (let pause = 500; !signal.aborted; pause = Math.min(pause * 2, MOST_PAUSE)) {
    try {
      const headers = { Accept: 'text/event-stream', ...(position && { 'Last-Event-ID': position }) };
      const response = await ask(path, { query, headers, signal });
      told.open();
      pause = 500;
      await read(response, event => {
        position = event.id || position;
        if (event.data) {
          told.row(parse(event.data));
        }
      });
    } catch (failure) {
      if (failure.name === 'AbortError' || (failure.status >= 400 && failure.status < 500)) {
        throw failure;
      }
    }
    told.lost();
    await new Promise(resolve => setTimeout(resolve, pause));
  }
}

async function read(response, give) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const events = (rest + value).split('\n\n');
    rest = events.pop();
    events.map(fields).forEach(give);
  }
}

function fields(text) {
  const event = {};
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) {
      const name = line.slice(0, colon);
      const value = line.slice(colon + 1).replace(/^ /, '');
      event[name] = name === 'data' && event.data ? `${event.data}\n${value}` : value;
    }
  }
  return event;
}
