import { View, html, nothing } from '../core/element.js';
import { size, ago, t } from '../text/text.js';
import { trouble, working } from '../parts/notice.js';
import { correct, show } from './letters.js';
import { outcome } from './outcome.js';
import { parts, spotOf } from './spot.js';

const MOST_EDITED = 200_000;

/** A rejected message: why, where in its body, and what can be done. Events: `letter-done`, `letter-replay`, `letter-discard`. */
class LetterPanel extends View {
  static properties = {
    topic: { attribute: false }, id: { attribute: false }, letter: { state: true }, problem: { state: true },
    text: { state: true }, tried: { state: true }, working: { state: true },
  };

  willUpdate(changed) {
    if (changed.has('topic') || changed.has('id')) {
      this.read();
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop?.abort();
  }

  async read() {
    this.stop?.abort();
    const stop = new AbortController();
    this.stop = stop;
    this.letter = null;
    this.problem = null;
    this.text = null;
    this.tried = null;
    try {
      const letter = await show(this.topic, this.id, stop.signal);
      if (this.stop === stop) {
        this.letter = letter;
      }
    } catch (problem) {
      if (this.stop === stop && problem.name !== 'AbortError') {
        this.problem = problem;
      }
    }
  }

  async correct(dryRun) {
    this.working = true;
    this.problem = null;
    try {
      const sum = await correct(this.topic, this.id, this.letter.status, this.text, dryRun, this.stop.signal);
      this.tried = { dryRun, sum };
      if (!dryRun && sum.stored + sum.duplicates > 0) {
        this.tell('letter-done');
      }
    } catch (problem) {
      this.problem = problem.name === 'AbortError' ? null : problem;
    } finally {
      this.working = false;
    }
  }

  render() {
    if (!this.letter) {
      return this.problem ? trouble(this.problem, () => this.read()) : working();
    }
    const { reason, detail, column, hint, status, attempts, bytes, source } = this.letter;
    const fact = (name, value) => html`<dt>${name}</dt><dd class="wrap">${value}</dd>`;
    return html`
      <p class="wrap"><span class="mono">${reason}</span> ${column ? html`<b>${column}</b> ` : nothing}${detail}</p>
      ${this.body()}
      ${hint ? html`<p class="small muted wrap">${hint}</p>` : nothing}
      ${status === 'resolved' ? nothing : this.actions()}
      ${this.problem ? trouble(this.problem) : nothing}
      ${this.tried ? html`<div role="status">${outcome(this.tried.sum, this.tried.dryRun)}</div>` : nothing}
      <dl class="facts small">
        ${fact(t('letters.status'), t(`letters.${status}`))}${fact(t('letters.attempts'), attempts)}${fact(t('letters.size'), size(bytes))}
        ${fact(t('letters.source'), source)}${fact(t('letters.id'), html`<span class="mono">${this.letter.message_id}</span>`)}
        ${fact(t('letters.published'), this.time('published_at'))}${fact(t('letters.seen'), this.time('last_seen'))}
        ${Object.entries(this.letter.attributes).map(([name, value]) => fact(name, value))}
      </dl>`;
  }

  time(name) {
    return html`<time datetime=${this.letter[name]} title=${this.letter[name]}>${ago(Date.parse(this.letter[name]))}</time>`;
  }

  body() {
    const { body, body_base64: octets } = this.letter;
    if (body === undefined) {
      return html`<p class="small muted">${t('letters.binary')}</p><pre class="code" tabindex="0" aria-label=${t('letters.body')}>${octets.slice(0, 4000)}</pre>`;
    }
    if (this.text !== null) {
      return html`<textarea rows="10" spellcheck="false" aria-label=${t('letters.corrected')} .value=${this.text}
        @input=${event => { this.text = event.target.value; this.tried = null; }}></textarea>`;
    }
    const { before, spot, after } = parts(body, spotOf(body, this.letter));
    return html`<pre class="code" tabindex="0" aria-label=${t('letters.body')}>${before}${spot ? html`<mark>${spot}</mark>` : nothing}${after}</pre>`;
  }

  actions() {
    const { body } = this.letter;
    const busy = this.working;
    if (this.text !== null) {
      return html`<div class="bar">
        <button type="button" class="main" ?disabled=${busy} @click=${() => this.correct(false)}>${t('letters.store')}</button>
        <button type="button" ?disabled=${busy} @click=${() => this.correct(true)}>${t('letters.try')}</button>
        <button type="button" class="plain" @click=${() => { this.text = null; this.tried = null; }}>${t('letters.leave')}</button></div>
        <p class="small muted">${t('letters.corrected.words')}</p>`;
    }
    return html`<div class="bar">
      ${body !== undefined && body.length <= MOST_EDITED ? html`<button type="button" @click=${() => { this.text = body; }}>${t('letters.correct')}</button>` : nothing}
      <button type="button" @click=${() => this.tell('letter-replay', this.id)}>${t('letters.replay-one')}</button>
      ${this.letter.status === 'new' ? html`<button type="button" @click=${() => this.tell('letter-discard', this.id)}>${t('letters.discard-one')}</button>` : nothing}</div>`;
  }
}

customElements.define('escala-letter-panel', LetterPanel);
