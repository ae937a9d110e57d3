import { View, html } from '../core/element.js';
import { copy } from '../core/copy.js';
import { token } from '../core/session.js';
import { t } from '../text/text.js';
import { languages } from './snippets.js';

/** The request of a page as it is written in a program. */
class CodePanel extends View {
  static properties = { read: { attribute: false }, language: { state: true }, copied: { state: true } };

  constructor() {
    super();
    this.language = languages[0];
    this.copied = false;
  }

  render() {
    const text = this.language.of({ ...this.read, locked: Boolean(token()) });
    return html`
      <div class="tabs" role="tablist" aria-label=${t('code.languages')} @keydown=${this.pressed}>
        ${languages.map(each => html`<button type="button" role="tab" aria-selected=${each === this.language} tabindex=${each === this.language ? 0 : -1}
          @click=${() => this.choose(each)}>${each.name}</button>`)}
      </div>
      <pre class="code" tabindex="0" aria-label=${this.language.name}>${text}</pre>
      <div class="bar"><button type="button" @click=${() => this.copy(text)}>${t('code.copy')}</button>
        <span role="status" class="muted">${this.copied ? t('code.copied') : ''}</span></div>
      ${token() ? html`<p class="muted small">${t('code.token')}</p>` : ''}`;
  }

  choose(language) {
    this.language = language;
    this.copied = false;
  }

  pressed(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      this.choose(languages.at((languages.indexOf(this.language) + step) % languages.length));
      this.updateComplete.then(() => this.querySelector('[aria-selected="true"]').focus());
    }
  }

  async copy(text) {
    this.copied = await copy(text, this.querySelector('pre'));
  }
}

customElements.define('escala-code-panel', CodePanel);
