/** What is shown around the spot of a long body. */
const AROUND = 2000;

/**
 * Where in a body the reason of its rejection is, as far as the letter tells: at an octet, or at a column.
 *
 * @param {string} body
 * @param {{detail: string, column: ?string}} letter
 * @returns {?{from: number, to: number}} characters
 */
export function spotOf(body, { detail, column }) {
  const octet = /at byte (\d+)/.exec(detail ?? '');
  if (octet) {
    const from = characterAt(body, Number(octet[1]));
    return { from: Math.min(from, Math.max(0, body.length - 1)), to: Math.min(from + 1, body.length) };
  }
  return column ? memberOf(body, column) : null;
}

/** The character that begins at an octet of UTF-8. */
function characterAt(text, octet) {
  let octets = 0;
  for (let at = 0; at < text.length; at++) {
    if (octets >= octet) {
      return at;
    }
    const code = text.codePointAt(at);
    octets += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    at += code > 0xffff ? 1 : 0;
  }
  return text.length;
}

/** A member of the object, with its name, whatever its value is. */
function memberOf(body, name) {
  const key = JSON.stringify(name);
  for (let from = body.indexOf(key); from >= 0; from = body.indexOf(key, from + 1)) {
    const colon = /^\s*:\s*/.exec(body.slice(from + key.length, from + key.length + 100));
    if (colon) {
      const value = from + key.length + colon[0].length;
      return { from, to: endOfValue(body, value) };
    }
  }
  return null;
}

function endOfValue(body, from) {
  const plain = /^(?:"(?:[^"\\]|\\[^])*"|[^\s,{}[\]"]+)/.exec(body.slice(from, from + 100_000));
  if (plain) {
    return from + plain[0].length;
  }
  let depth = 0;
  for (let at = from; at < body.length; at++) {
    depth += '{['.includes(body[at]) ? 1 : '}]'.includes(body[at]) ? -1 : 0;
    if (depth <= 0) {
      return at + 1;
    }
  }
  return body.length;
}

/** @returns {{before: string, spot: string, after: string, cut: boolean}} the body, of a long one what is around the spot */
export function parts(body, spot) {
  const { from, to } = spot ?? { from: 0, to: 0 };
  const first = Math.max(0, from - AROUND);
  const last = Math.min(body.length, to + AROUND);
  return {
    before: (first > 0 ? '…' : '') + body.slice(first, from),
    spot: body.slice(from, to),
    after: body.slice(to, last) + (last < body.length ? '…' : ''),
    cut: first > 0 || last < body.length,
  };
}
