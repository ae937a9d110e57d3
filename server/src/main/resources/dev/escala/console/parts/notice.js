import { html, nothing } from '../core/element.js';
import { again, key } from '../core/icons.js';
import { t } from '../text/text.js';

/** What is being waited for; said aloud too. */
export const working = (words = t('state.loading')) => html`<p class="working" role="status">${words}</p>`;

/** There is nothing, and what to do about it. */
export const empty = (title, words, action = nothing) => html`
  <div class="notice over"><h2>${title}</h2><p>${words}</p>${action}</div>`;

/** What went wrong, in the words of the API, and what can be done here. */
export function trouble(problem, retry) {
  if (problem.isOfRights) {
    return noRights(problem);
  }
  const title = problem.code === 'network' ? t('state.unreachable') : problem.status >= 500 ? t('state.failed') : t('state.refused');
  return html`
    <div class="notice bad over" role="alert">
      <h2>${title}</h2>
      <p>${problem.message}</p>
      ${problem.details && typeof problem.details === 'string' ? html`<p class="small">${problem.details}</p>` : nothing}
      ${problem.hint ? html`<p>${problem.hint}</p>` : nothing}
      <p class="small mono">${problem.code ?? ''}</p>
      ${retry ? html`<button type="button" @click=${retry}>${again}${t('state.again')}</button>` : nothing}
    </div>`;
}

function noRights(problem) {
  return html`
    <div class="notice over" role="alert">
      <h2>${problem.status === 401 ? t('rights.unknown') : t('rights.missing')}</h2>
      <p>${problem.status === 401 ? t('rights.unknown.words') : t('rights.missing.words')}</p>
      <p class="small">${problem.message} <span class="mono">${problem.code ?? ''}</span></p>
      <button type="button" class="main" @click=${askWho}>${key}${t('session.sign-in')}</button>
    </div>`;
}

/** Opens the dialog that asks for a key or a token. */
export function askWho() {
  window.dispatchEvent(new Event('ask-who'));
}
