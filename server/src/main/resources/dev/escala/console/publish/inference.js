import { textOf } from '../core/values.js';

/**
 * What the columns of a new table would be, by the rules of docs/api.md. The server decides when the
 * messages are there; a test holds both together.
 */
const INTEGER = /^-?\d+$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?$/;
const INSTANT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const OWN = new Set(['_id', '_event_time', '_received_at', '_source', '_extra', '_sequence', '_issues']);

const WIDER = {
  'bigint numeric': 'numeric',
  'date timestamp': 'timestamp',
  'date timestamptz': 'timestamptz',
};

/**
 * @param {{value?: object}[]} messages
 * @returns {{name: string, type: ?string, filled: number, sample: string}[]} no type where all are null
 */
export function columnsOf(messages) {
  const columns = new Map();
  for (const { value } of messages) {
    for (const [field, content] of Object.entries(value ?? {})) {
      const name = OWN.has(field) ? `payload${field}` : field === '' ? 'payload_' : field;
      const known = columns.get(name) ?? { name, type: null, filled: 0, sample: '' };
      const type = typeOf(content);
      known.type = wider(known.type, type);
      known.filled += type ? 1 : 0;
      known.sample ||= type ? textOf(content).slice(0, 80) : '';
      columns.set(name, known);
    }
  }
  return [...columns.values()];
}

function typeOf(value) {
  if (value === null) {
    return null;
  }
  if (typeof value === 'boolean') {
    return 'boolean';
  }
  if (typeof value === 'number' || JSON.isRawJSON?.(value)) {
    return ofNumber(textOf(value));
  }
  return typeof value === 'string' ? ofText(value) : 'jsonb';
}

function ofNumber(text) {
  return INTEGER.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text) ? 'bigint' : 'numeric';
}

function ofText(text) {
  if (DATE.test(text)) {
    return 'date';
  }
  return INSTANT.test(text) ? 'timestamptz' : TIME.test(text) ? 'timestamp' : UUID.test(text) ? 'uuid' : 'text';
}

function wider(one, other) {
  if (one === null || other === null || one === other) {
    return one ?? other;
  }
  if (one === 'text' || other === 'text') {
    return 'text';
  }
  if (one === 'jsonb' || other === 'jsonb') {
    return 'jsonb';
  }
  return WIDER[[one, other].sort().join(' ')] ?? 'text';
}
