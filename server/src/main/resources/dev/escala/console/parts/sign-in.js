import { View, html } from '../core/element.js';
import { signIn, token } from '../core/session.js';
import { t } from '../text/text.js';

/** Asks for a key or a token, which stays in this tab. */
class SignIn extends View {
  connectedCallback() {
    super.connectedCallback();
    this.open = () => {
      this.querySelector('input').value = token();
      this.querySelector('dialog').showModal();
    };
    window.addEventListener('ask-who', this.open);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('ask-who', this.open);
  }

  render() {
    return html`
      <dialog aria-labelledby="sign-in-title">
        <form method="dialog" @submit=${this.taken}>
          <h2 id="sign-in-title">${t('session.title')}</h2>
          <p class="muted">${t('session.words')}</p>
          <label class="field">${t('session.key')}
            <input type="password" name="token" autocomplete="off" spellcheck="false" maxlength="8192">
          </label>
          <div class="bar">
            <button type="button" @click=${this.left}>${t('session.cancel')}</button>
            <button class="main">${t('session.use')}</button>
          </div>
        </form>
      </dialog>`;
  }

  taken() {
    signIn(this.querySelector('input').value.trim());
  }

  left() {
    this.querySelector('dialog').close();
  }
}

customElements.define('escala-sign-in', SignIn);
