import { html, nothing } from '../core/element.js';
import { number, t } from '../text/text.js';

/** What became of letters, or would become of them. */
export function outcome({ stored, duplicates, changes, rejected, skipped }, dryRun) {
  const kept = Object.values(rejected).reduce((one, other) => one + other, 0);
  return html`<div class="notice ${kept > 0 ? 'bad' : ''}">
    <p>${t(dryRun ? 'letters.would' : 'letters.became', { stored: number(stored), duplicates: number(duplicates), rejected: number(kept) })}</p>
    ${changes > 0 ? html`<p>${t('letters.changes', { n: number(changes) })}</p>` : nothing}
    ${Object.keys(rejected).length + Object.keys(skipped).length > 0 ? html`<ul class="small">
      ${Object.entries({ ...rejected, ...skipped }).map(([why, count]) => html`<li>${number(count)} <span class="mono">${why}</span></li>`)}</ul>` : nothing}
  </div>`;
}
