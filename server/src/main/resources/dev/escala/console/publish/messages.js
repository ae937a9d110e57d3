import { parse } from '../core/api.js';

/**
 * The messages in a text that somebody pasted or dropped: NDJSON, an array of JSON, one object, or CSV
 * with names in its first line.
 *
 * @typedef {{text: string, value?: object}} Message without a value where it is no JSON object
 * @returns {{format: 'none'|'ndjson'|'array'|'object'|'csv'|'unknown', messages: Message[]}}
 */
export function messagesOf(text) {
  const body = text.replace(/^\uFEFF/, '').trim();
  if (body === '') {
    return { format: 'none', messages: [] };
  }
  if (body.startsWith('[')) {
    return array(body);
  }
  if (body.startsWith('{')) {
    const whole = message(body);
    return whole.value ? { format: 'object', messages: [whole] } : { format: 'ndjson', messages: body.split(/\r?\n/).filter(line => line.trim()).map(message) };
  }
  return csv(body);
}

function array(body) {
  try {
    return { format: 'array', messages: parse(body).map(item => message(JSON.stringify(item))) };
  } catch {
    return { format: 'unknown', messages: [] };
  }
}

function message(text) {
  try {
    const value = parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? { text, value } : { text };
  } catch {
    return { text };
  }
}

function csv(body) {
  const [names, ...rows] = cells(body);
  if (names.length < 2 && rows.length === 0) {
    return { format: 'unknown', messages: [] };
  }
  return {
    format: 'csv',
    messages: rows.map(row => {
      const fields = names.flatMap((name, at) => (row[at] ? [`${JSON.stringify(name)}:${literal(row[at])}`] : []));
      return message(`{${fields.join(',')}}`);
    }),
  };
}

/** A cell is a number or a boolean only where JSON would write it so, and without an exponent. */
function literal(cell) {
  return /^(true|false|-?(0|[1-9]\d*)(\.\d+)?)$/.test(cell) ? cell : JSON.stringify(cell);
}

/** Rows of cells by RFC 4180, separated by what separates the names: comma, semicolon or tabulator. */
function cells(body) {
  const head = body.split('\n', 1)[0];
  const separator = [',', ';', '\t'].reduce((best, each) => (head.split(each).length > head.split(best).length ? each : best));
  const rows = [[]];
  let cell = '';
  let inQuotes = false;
  for (let at = 0; at < body.length; at++) {
    const character = body[at];
    if (inQuotes) {
      if (character !== '"') {
        cell += character;
      } else if (body[at + 1] === '"') {
        cell += body[++at];
      } else {
        inQuotes = false;
      }
    } else if (character === '"' && cell === '') {
      inQuotes = true;
    } else if (character === separator || character === '\n') {
      rows.at(-1).push(cell.replace(/\r$/, ''));
      cell = '';
      if (character === '\n') {
        rows.push([]);
      }
    } else {
      cell += character;
    }
  }
  rows.at(-1).push(cell);
  return rows.filter(row => row.length > 1 || row[0] !== '');
}
