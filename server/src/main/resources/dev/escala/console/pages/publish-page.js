import { View, html, nothing } from '../core/element.js';
import { go, to } from '../core/address.js';
import { databases, forget, relations } from '../core/catalog.js';
import { close, publish } from '../core/icons.js';
import { many, number, t } from '../text/text.js';
import { trouble } from '../parts/notice.js';
import { columnsOf } from '../publish/inference.js';
import { messagesOf } from '../publish/messages.js';
import { send } from '../publish/sending.js';

const MOST_IN_FIELD = 200_000;
const MOST_REFUSED = 100;
const MOST_LOOKS = 20;
const BETWEEN_LOOKS = 500;
const SAMPLE = `{"flight": "AV9314", "origin": "BOG", "delay_minutes": 4, "scheduled_at": "2026-01-31T12:00:00Z"}
{"flight": "LA800", "origin": "SCL", "delay_minutes": 17.5, "scheduled_at": "2026-01-31T12:20:00Z"}`;

/** Messages to a topic: what they would become, and then what became of each. */
class PublishPage extends View {
  static properties = {
    topic: { attribute: false }, text: { state: true }, file: { state: true }, found: { state: true }, outcome: { state: true },
    done: { state: true }, sending: { state: true }, problem: { state: true }, table: { state: true }, over: { state: true },
  };

  constructor() {
    super();
    this.text = '';
    this.file = null;
    this.found = messagesOf('');
    this.outcome = null;
    this.problem = null;
    this.sending = false;
    this.over = false;
  }

  connectedCallback() {
    super.connectedCallback();
    document.title = `${t('page.publish')} · Escala`;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop?.abort();
  }

  willUpdate(changed) {
    if (changed.has('topic')) {
      this.table = null;
      this.outcome = null; // it was of another topic
      this.problem = null;
      if (this.topic) {
        this.lookFor(this.topic);
      }
    }
  }

  /** The table of the same name, if there is one that may be looked at. */
  async lookFor(topic) {
    this.table = null;
    for (const database of await databases().catch(() => [])) {
      const found = (await relations(database).catch(() => [])).find(relation => relation.name === topic);
      if (found && topic === this.topic) {
        this.table = { database, columns: new Map(found.columns.map(column => [column.name, column.type])) };
        return;
      }
    }
  }

  take(text, file = null) {
    this.file = file;
    this.text = text;
    this.found = messagesOf(text);
    this.outcome = null;
    this.problem = null;
  }

  async drop(event) {
    event.preventDefault();
    this.over = false;
    const [file] = event.dataTransfer?.files ?? event.target.files;
    if (file) {
      this.take(await file.text(), file.name);
      if (!this.topic && named(file.name)) {
        go(to('publish', [named(file.name)]), true);
      }
    }
  }

  async publish(event) {
    event.preventDefault();
    this.stop = new AbortController();
    this.sending = true;
    this.problem = null;
    this.outcome = null;
    this.done = 0;
    try {
      await send(this.topic, this.found.messages, (outcome, done) => { this.outcome = outcome; this.done = done; }, this.stop.signal);
    } catch (problem) {
      this.problem = problem.name === 'AbortError' ? null : problem;
    } finally {
      this.sending = false;
    }
    await this.awaitTable(this.topic);
    window.dispatchEvent(new Event('catalog'));
  }

  /** The API knows of a new table a moment after its first message. */
  async awaitTable(topic) {
    for (let looks = 0; looks < MOST_LOOKS && this.isConnected && topic === this.topic; looks++) {
      forget();
      await this.lookFor(topic);
      if (this.table) {
        return;
      }
      await new Promise(resolve => setTimeout(resolve, BETWEEN_LOOKS));
    }
  }

  render() {
    const { messages } = this.found;
    return html`<div class="page">
      <header class="page-head"><h1>${t('publish.title')}</h1><p>${t('publish.words')}</p></header>
      <form class="publish" @submit=${this.publish}>
        <label class="field">${t('publish.topic')}
          <input name="topic" required autocomplete="off" spellcheck="false" placeholder="departures" .value=${this.topic}
            @change=${event => go(to('publish', event.target.value.trim() ? [event.target.value.trim()] : []), true)}></label>
        ${this.file ? this.fileLine() : this.field()}
        <div class="bar">
          <button class=${this.outcome ? '' : 'main'} ?disabled=${this.sending || messages.length === 0}>${publish}${messages.length > 0 ? many('publish.send', messages.length) : t('page.publish')}</button>
          ${this.sending ? html`<button type="button" @click=${() => this.stop.abort()}>${t('publish.stop')}</button>` : nothing}
          <label class="button">${t('publish.file')}<input type="file" class="unseen" accept=".json,.ndjson,.jsonl,.csv,.tsv,.txt" @change=${this.drop}></label>
          ${this.text ? nothing : html`<button type="button" class="plain" @click=${() => this.take(SAMPLE)}>${t('publish.sample')}</button>`}
        </div>
      </form>
      ${this.sending ? html`<div role="status"><progress max=${messages.length} value=${this.done} aria-label=${t('publish.progress')}></progress>
        <p class="muted small">${t('publish.done', { n: number(this.done), of: number(messages.length) })}</p></div>` : nothing}
      ${this.problem ? trouble(this.problem) : nothing}
      ${this.outcome ? this.outcomes() : nothing}
      ${this.text && !this.outcome ? this.look() : nothing}
    </div>`;
  }

  field() {
    return html`<label class="field">${t('publish.messages')}
      <textarea name="messages" rows="9" spellcheck="false" class=${this.over ? 'over' : ''} placeholder=${t('publish.hint')} .value=${this.text}
        @input=${event => this.take(event.target.value)} @drop=${this.drop}
        @dragover=${event => { event.preventDefault(); this.over = true; }} @dragleave=${() => { this.over = false; }}></textarea></label>`;
  }

  fileLine() {
    return this.text.length <= MOST_IN_FIELD ? this.field() : html`<p class="chip"><span>${this.file} · ${many('publish.count', this.found.messages.length)}</span>
      <button type="button" aria-label=${t('publish.drop')} @click=${() => this.take('')}>${close}</button></p>`;
  }

  /** What the inference would make of it. */
  look() {
    const { format, messages } = this.found;
    const refused = messages.filter(message => !message.value).length;
    if (format === 'unknown') {
      return html`<p class="notice bad" role="alert">${t('publish.unknown')}</p>`;
    }
    return html`<section>
      <header class="bar"><h2 class="grow">${t('publish.look')}</h2><span class="muted">${t(`publish.format.${format}`)} · ${many('publish.count', messages.length)}</span></header>
      ${refused > 0 ? html`<p class="notice bad small">${many('publish.broken', refused)}</p>` : nothing}
      <p class="muted small">${this.table ? t('publish.known', { table: `${this.table.database}.${this.topic}` }) : t('publish.new')}</p>
      <div class="list-box" tabindex="0"><table class="list"><thead><tr><th>${t('publish.column')}</th><th>${t('publish.type')}</th><th class="number">${t('publish.filled')}</th><th>${t('publish.example')}</th></tr></thead>
        <tbody>${columnsOf(messages).slice(0, 400).map(column => html`<tr>
          <td><b class="wrap">${column.name}</b> ${this.isNew(column) ? html`<span class="tag ok">${t('publish.new-column')}</span>` : nothing}</td>
          <td class="mono">${column.type ?? t('publish.no-type')}${this.now(column)}</td>
          <td class="number">${number(column.filled)}</td><td class="wrap mono">${column.sample}</td></tr>`)}</tbody></table></div>
    </section>`;
  }

  isNew(column) {
    return this.table && column.type && !this.table.columns.has(column.name);
  }

  now(column) {
    const now = this.table?.columns.get(column.name);
    return now ? html` <span class="muted">${t('publish.now', { type: now })}</span>` : nothing;
  }

  outcomes() {
    const { received, stored, duplicates, rejected, rejected_total: refused } = this.outcome;
    return html`<section>
      <header class="bar"><h2 class="grow">${t('publish.outcome')}</h2>
        ${this.table && stored + duplicates > 0 ? html`<a class="button main" href=${to('data', [this.table.database, this.topic])}>${t('publish.see')}</a>` : nothing}</header>
      <dl class="sums" role="status">
        ${[['received', received], ['stored', stored], ['duplicates', duplicates], ['rejected', refused]].map(([name, count]) => html`
          <div class=${count > 0 ? name : 'none'}><dt>${t(`publish.${name}`)}</dt><dd>${number(count)}</dd></div>`)}
      </dl>
      ${rejected.length === 0 ? nothing : html`
        <div class="list-box" tabindex="0"><table class="list"><thead><tr><th class="number">${t('publish.place')}</th><th>${t('publish.reason')}</th><th>${t('publish.detail')}</th><th>${t('publish.message')}</th></tr></thead>
        <tbody>${rejected.slice(0, MOST_REFUSED).map(each => html`<tr><td class="number">${number(each.index + 1)}</td><td class="mono">${each.reason}</td>
          <td class="wrap">${each.column ? html`<b>${each.column}</b>: ` : nothing}${each.detail}</td><td class="wrap mono">${this.found.messages[each.index]?.text.slice(0, 200)}</td></tr>`)}</tbody></table></div>
        ${refused > MOST_REFUSED ? html`<p class="muted small">${t('publish.first', { n: MOST_REFUSED })}</p>` : nothing}
        <p class="muted small">${t('publish.kept')} <a href=${to('topics', [this.topic])}>${t('publish.see-rejected')}</a></p>`}
    </section>`;
  }
}

/** A topic for a file of this name: a name of a table that needs no quotes. */
function named(file) {
  return file.replace(/\.\w+$/, '').toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^[_0-9]+|_+$/g, '').slice(0, 60);
}

customElements.define('escala-publish-page', PublishPage);
