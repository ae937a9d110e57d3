import { cellText } from '../core/values.js';

const CHARACTER = 7.4;
const AROUND = 34;
/** The buttons of a head, and the arrow of its order. */
const BESIDE_NAME = 66;
const NARROWEST = 84;
const WIDEST = 340;
const LOOKED_AT = 60;

/** The width of each column in pixels, by its name, its type and its first rows. */
export function widths(columns, rows) {
  return columns.map((column, place) => {
    let longest = column.label?.length ?? 0;
    for (const row of rows.slice(0, LOOKED_AT)) {
      longest = Math.max(longest, cellText(row[place], column.type).length);
    }
    const widest = Math.max(NARROWEST, longest * CHARACTER + AROUND, column.name.length * CHARACTER + BESIDE_NAME);
    return Math.round(Math.min(WIDEST, widest));
  });
}

/** Where each column begins, and behind the last one where all end. */
export function edges(widths, from) {
  const edges = [from];
  for (const width of widths) {
    edges.push(edges.at(-1) + width);
  }
  return edges;
}

/** @returns {[number, number]} the first and the last column between two pixels */
export function between(edges, from, to) {
  let first = 0;
  while (first < edges.length - 2 && edges[first + 1] <= from) {
    first++;
  }
  let last = first;
  while (last < edges.length - 2 && edges[last + 1] < to) {
    last++;
  }
  return [first, last];
}
