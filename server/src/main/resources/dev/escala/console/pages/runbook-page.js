import { View, html } from '../core/element.js';
import { to } from '../core/address.js';
import { t } from '../text/text.js';
import { markdown } from '../parts/markdown.js';
import { trouble, working } from '../parts/notice.js';

const FOLDER = new URL('../runbooks/', import.meta.url);

/** A runbook of this version of the server, at the section of an alert. */
class RunbookPage extends View {
  static properties = { name: { attribute: false }, section: { attribute: false }, text: { state: true }, problem: { state: true } };

  constructor() {
    super();
    this.text = null;
    this.problem = null;
  }

  willUpdate(changed) {
    if (changed.has('name')) {
      document.title = `${t('page.runbook')} · Escala`;
      this.read();
    }
  }

  async read() {
    const { name } = this;
    this.text = null;
    this.problem = null;
    try {
      const response = /^[\w-]+$/.test(name) ? await fetch(new URL(`${name}.md`, FOLDER)) : { ok: false, status: 404 };
      if (!response.ok) {
        this.problem = { status: response.status, code: '', message: t('runbook.lost', { name }) };
        return;
      }
      this.text = await response.text();
    } catch (failure) {
      this.problem = { status: 0, code: 'network', message: failure.message };
    }
  }

  updated(changed) {
    if (this.text !== null && (changed.has('text') || changed.has('section'))) {
      const section = this.section ? this.querySelector(`#${CSS.escape(this.section)}`) : null;
      section?.scrollIntoView({ block: 'start' });
      section?.focus({ preventScroll: true });
    }
  }

  render() {
    if (this.problem) {
      return trouble(this.problem);
    }
    return html`<div class="page" tabindex="0" role="region" aria-label=${t('page.runbook')}>
      <nav class="bar small" aria-label=${t('page.runbook')}><a href=${to('health')}>${t('page.health')}</a><span class="muted">/</span><a href=${to('runbook', ['README'])}>${t('page.runbook')}</a></nav>
      ${this.text === null ? working() : html`<article class="document" lang="en">${markdown(this.text, target => this.link(target))}</article>`}
    </div>`;
  }

  /** To another runbook; what is not served is text. */
  link(target) {
    const [, name, section] = /^([\w-]+\.md)?(?:#(.+))?$/.exec(target) ?? [];
    if (!name && !section) {
      return /^https:\/\//.test(target) ? target : null;
    }
    return to('runbook', [name ? name.slice(0, -3) : this.name, ...(section ? [section] : [])]);
  }
}

customElements.define('escala-runbook-page', RunbookPage);
