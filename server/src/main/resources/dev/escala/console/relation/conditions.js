import { isNumber, isText, isTime } from '../core/values.js';
import { t } from '../text/text.js';

const SIGNS = { eq: '=', neq: '≠', gt: '>', gte: '≥', lt: '<', lte: '≤', in: '∈' };

/** A condition as people read it, such as `origin = LAX`. */
export function words({ column, operator, value, not }) {
  if (column === null) {
    return value;
  }
  if (operator === 'is') {
    return `${column} ${t(not ? 'filter.is-not' : 'filter.is')} ${value}`;
  }
  const contains = /^\*([^*]*)\*$/.exec(value);
  if (operator === 'ilike' && contains && !not) {
    return `${column} ${t('filter.contains')} ${contains[1]}`;
  }
  return `${column} ${not ? `${t('filter.not')} ` : ''}${SIGNS[operator] ?? operator} ${value}`;
}

const EQUAL = [
  { name: 'eq', label: () => '=', of: value => `eq.${value}` },
  { name: 'neq', label: () => '≠', of: value => `neq.${value}` },
];
const ORDERED = [
  { name: 'gte', label: () => '≥', of: value => `gte.${value}` },
  { name: 'lte', label: () => '≤', of: value => `lte.${value}` },
  { name: 'gt', label: () => '>', of: value => `gt.${value}` },
  { name: 'lt', label: () => '<', of: value => `lt.${value}` },
];
const TEXT = [
  { name: 'contains', label: () => t('filter.contains'), of: value => `ilike.*${value}*` },
  { name: 'starts', label: () => t('filter.starts'), of: value => `ilike.${value}*` },
];
const NULLS = [
  { name: 'null', label: () => t('filter.empty'), of: () => 'is.null', bare: true },
  { name: 'not-null', label: () => t('filter.filled'), of: () => 'not.is.null', bare: true },
];

/** What may be asked of a column of a type, the likeliest first. */
export function operators(type) {
  const isOrdered = isNumber(type) || isTime(type);
  return [
    ...(isText(type) && !type.startsWith('uuid') ? [...TEXT.slice(0, 1), ...EQUAL, ...TEXT.slice(1)] : EQUAL),
    ...(isOrdered || isText(type) ? ORDERED : []),
    ...NULLS,
  ];
}
