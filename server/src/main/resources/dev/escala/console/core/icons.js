import { html, svg } from 'lit-html';

/** Pictures of 16 units, in the colour of the text; they say nothing that a word does not say too. */
const icon = strokes => html`<svg viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5"
  stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${strokes}</svg>`;

export const mark = html`<svg viewBox="0 0 24 24" aria-hidden="true"><rect width="24" height="24" rx="5" fill="#0a6b64"></rect>
  <path d="M4.5 18.5h4.6v-4.2h4.6v-4.2h4.6V5.5" fill="none" stroke="#fff" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"></path></svg>`;
export const tables = icon(svg`<rect x="2" y="2.5" width="12" height="11" rx="1.5"></rect><path d="M2 6.2h12M6.5 6.2v7.3"></path>`);
export const query = icon(svg`<path d="m3 5 3 3-3 3M8.5 11.5H13"></path>`);
export const star = icon(svg`<path d="m8 2.2 1.8 3.7 4 .5-2.9 2.8.7 4L8 11.3l-3.6 1.9.7-4L2.2 6.4l4-.5z"></path>`);
export const publish = icon(svg`<path d="M8 10.5v-8M4.8 5.5 8 2.3l3.2 3.2M2.5 10.5v2a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-2"></path>`);
export const flow = icon(svg`<path d="M2 4.5h4l4 7h4M2 11.5h4l1.2-2.1M8.8 6.6 10 4.5h4M12 2.5l2 2-2 2M12 9.5l2 2-2 2"></path>`);
export const pulse = icon(svg`<path d="M1.5 8.5h3l2-5 3 9 2-4h3"></path>`);
export const close = icon(svg`<path d="m4 4 8 8M12 4l-8 8"></path>`);
export const more = icon(svg`<path d="M8 3.5v.01M8 8v.01M8 12.5v.01" stroke-width="2.2"></path>`);
export const menu = icon(svg`<path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11"></path>`);
export const filter = icon(svg`<path d="M2 3.5h12M4.5 8h7M6.7 12.5h2.6"></path>`);
export const columns = icon(svg`<path d="M3 2.5v11M8 2.5v11M13 2.5v11"></path>`);
export const chart = icon(svg`<path d="M2.5 2.5v11h11M5.5 10.5v-3M8.5 10.5v-6M11.5 10.5v-4"></path>`);
export const code = icon(svg`<path d="M5.5 4 2 8l3.5 4M10.5 4 14 8l-3.5 4"></path>`);
export const download = icon(svg`<path d="M8 2.5v8M4.8 7.5 8 10.7l3.2-3.2M2.5 13.5h11"></path>`);
export const live = icon(svg`<path d="M4.6 11.4a4.8 4.8 0 0 1 0-6.8M11.4 4.6a4.8 4.8 0 0 1 0 6.8M8 8v.01"></path>`);
export const up = icon(svg`<path d="m4 9.5 4-4 4 4"></path>`);
export const down = icon(svg`<path d="m4 6.5 4 4 4-4"></path>`);
export const plus = icon(svg`<path d="M8 3v10M3 8h10"></path>`);
export const again = icon(svg`<path d="M13 8a5 5 0 1 1-1.5-3.6M13 2.5v3h-3"></path>`);
export const key = icon(svg`<circle cx="5" cy="11" r="2.5"></circle><path d="m7 9 6-6M10.5 5.5l2 2"></path>`);
export const pause = icon(svg`<path d="M5.5 3.5v9M10.5 3.5v9"></path>`);
export const play = icon(svg`<path d="m5 3 7.5 5L5 13z"></path>`);
