import { html, nothing } from '../core/element.js';

/**
 * Markdown as our own documents use it: headings, paragraphs, lists, tables, code, links, emphasis. What it
 * does not know it shows as text.
 *
 * @param {string} text
 * @param {(target: string) => ?string} link where a link leads; null for text alone
 */
export function markdown(text, link) {
  const lines = text.split('\n');
  const blocks = [];
  for (let at = 0; at < lines.length;) {
    const [block, next] = blockAt(lines, at, link);
    blocks.push(block);
    at = next;
  }
  return blocks;
}

/** The name of a heading in an address. */
export const anchor = title => title.toLowerCase().replace(/[^\p{L}\p{N} -]/gu, '').replaceAll(' ', '-');

const HEADING = /^(#{1,4}) (.*)$/;
const ITEM = /^(\d+\.|-) (.*)$/;
const FENCE = /^```/;

function blockAt(lines, at, link) {
  const line = lines[at];
  const heading = HEADING.exec(line);
  if (line.trim() === '') {
    return [nothing, at + 1];
  }
  if (FENCE.test(line)) {
    const end = lines.findIndex((each, place) => place > at && FENCE.test(each));
    const last = end < 0 ? lines.length : end;
    return [html`<pre class="code" tabindex="0">${lines.slice(at + 1, last).join('\n')}</pre>`, last + 1];
  }
  if (heading) {
    const title = inline(heading[2], link);
    const id = anchor(heading[2]);
    return [heading[1].length === 1 ? html`<h1 id=${id}>${title}</h1>` : heading[1].length === 2 ? html`<h2 id=${id} tabindex="-1">${title}</h2>` : html`<h3 id=${id}>${title}</h3>`, at + 1];
  }
  if (line.startsWith('|')) {
    return table(lines, at, link);
  }
  return ITEM.test(line) ? list(lines, at, link) : paragraph(lines, at, link);
}

function paragraph(lines, at, link) {
  let end = at + 1;
  while (end < lines.length && lines[end].trim() !== '' && ![HEADING, ITEM, FENCE, /^\|/].some(begins => begins.test(lines[end]))) {
    end++;
  }
  return [html`<p>${inline(lines.slice(at, end).join(' '), link)}</p>`, end];
}

/** Items with what is indented below them. */
function list(lines, at, link) {
  const numbered = /^\d/.test(lines[at]);
  const items = [];
  let end = at;
  while (end < lines.length && (ITEM.test(lines[end]) || /^ {2,}\S/.test(lines[end]) || (lines[end].trim() === '' && /^ {2,}\S/.test(lines[end + 1] ?? '')))) {
    const item = ITEM.exec(lines[end]);
    if (item) {
      items.push([item[2]]);
    } else {
      items.at(-1).push(lines[end].replace(/^ {1,3}/, ''));
    }
    end++;
  }
  const shown = items.map(item => html`<li>${markdown(item.join('\n'), link)}</li>`);
  return [numbered ? html`<ol>${shown}</ol>` : html`<ul>${shown}</ul>`, end];
}

function table(lines, at, link) {
  let end = at;
  while (end < lines.length && lines[end].startsWith('|')) {
    end++;
  }
  const cells = line => line.split(/(?<!\\)\|/).slice(1, -1).map(cell => inline(cell.trim().replaceAll('\\|', '|'), link));
  const [head, , ...rows] = lines.slice(at, end);
  return [html`<div class="list-box" tabindex="0"><table class="list"><thead><tr>${cells(head).map(cell => html`<th>${cell}</th>`)}</tr></thead>
    <tbody>${rows.map(row => html`<tr>${cells(row).map(cell => html`<td class="wrap">${cell}</td>`)}</tr>`)}</tbody></table></div>`, end];
}

/** Code, links and emphasis within a line. */
function inline(text, link) {
  const found = /`([^`]+)`|\[([^\]]+)\]\(([^)]+)\)|\*\*(.+?)\*\*|\*([^*]+)\*/.exec(text);
  if (!found) {
    return text;
  }
  const [whole, code, label, target, strong, emphasis] = found;
  const href = target && link(target);
  const inner = code ? html`<code>${code}</code>` : strong ? html`<b>${inline(strong, link)}</b>` : emphasis ? html`<em>${inline(emphasis, link)}</em>`
    : href ? html`<a href=${href}>${inline(label, link)}</a>` : inline(label, link);
  return [text.slice(0, found.index), inner, inline(text.slice(found.index + whole.length), link)];
}
