import { View, html, nothing } from '../core/element.js';
import { go, parameters, queryOf, to } from '../core/address.js';
import { databases, relations } from '../core/catalog.js';
import { play } from '../core/icons.js';
import { t } from '../text/text.js';
import { openMenu } from '../parts/menu.js';
import { empty, trouble, working } from '../parts/notice.js';
import { forgetAll, past, remember } from '../sql/history.js';
import { parametersOf } from '../sql/parameters.js';
import { plan, run } from '../sql/result.js';
import '../sql/answer.js';
import '../sql/publish-panel.js';

/** A question in SQL: text, parameters, and what it gave. The address holds question and parameters. */
class SqlPage extends View {
  static properties = {
    database: { attribute: false }, query: { attribute: false }, all: { state: true }, ready: { state: true }, sql: { state: true },
    values: { state: true }, result: { state: true }, problem: { state: true }, plan: { state: true }, saving: { state: true }, running: { state: true },
  };

  constructor() {
    super();
    this.all = [];
    this.ready = false;
    this.sql = '';
    this.values = new Map();
    this.result = null;
    this.plan = '';
    this.running = false;
    this.saving = false;
  }

  connectedCallback() {
    super.connectedCallback();
    document.title = `${t('page.sql')} · Escala`;
    this.prepare();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop?.abort();
  }

  async prepare() {
    this.problem = null;
    try {
      [this.all] = await Promise.all([databases(), import('../sql/editor.js')]);
    } catch (problem) {
      this.problem = problem;
      return;
    }
    if (!this.database && this.all.length > 0) {
      go(to('sql', [this.all[0]], this.query), true);
    }
    this.ready = true;
  }

  willUpdate(changed) {
    if (changed.has('query')) {
      const pairs = parameters(this.query);
      this.sql = pairs.find(([name]) => name === 'q')?.[1] ?? this.sql;
      this.values = new Map(pairs.filter(([name]) => name !== 'q' && !name.startsWith('~')));
    }
  }

  updated(changed) {
    const editor = this.querySelector('escala-sql-editor');
    if (!editor) {
      return;
    }
    if (changed.has('query') || changed.has('ready')) {
      editor.value = this.sql;
    }
    if (this.database && this.database !== this.taught) {
      this.taught = this.database;
      this.teach(editor);
      if (this.query && this.sql) {
        this.ask();
      }
    }
  }

  async teach(editor) {
    const known = await relations(this.database).catch(() => []);
    editor.know(Object.fromEntries(known.map(relation => [relation.name, relation.columns.map(column => column.name)])));
  }

  get pairs() {
    return parametersOf(this.sql).map(name => [name, this.values.get(name) ?? '']);
  }

  async ask() {
    const sql = this.sql.trim();
    if (!sql) {
      return;
    }
    go(to('sql', [this.database], queryOf([['q', this.sql], ...this.pairs])), true);
    await this.work(async signal => {
      this.result = await run(this.database, sql, this.pairs, signal);
      remember(this.database, sql);
    });
  }

  explain() {
    return this.work(async signal => { this.plan = await plan(this.database, this.sql.trim(), this.pairs, signal); });
  }

  async work(task) {
    this.stop?.abort();
    const stop = new AbortController();
    this.stop = stop;
    this.running = true;
    this.problem = null;
    this.result = null;
    this.plan = '';
    try {
      await task(stop.signal);
    } catch (problem) {
      this.problem = problem.name === 'AbortError' ? { status: 400, code: '', message: t('sql.cancelled') } : problem;
    } finally {
      if (this.stop === stop) {
        this.running = false;
      }
    }
  }

  render() {
    if (this.problem && !this.ready) {
      return trouble(this.problem, () => this.prepare());
    }
    if (!this.ready) {
      return html`<div class="page">${working()}</div>`;
    }
    return html`
      <header class="sheet-head"><div class="bar">
        <h1>${t('sql.title')}</h1>
        <select aria-label=${t('sql.database')} @change=${event => go(to('sql', [event.target.value], this.query))}>
          ${this.all.map(name => html`<option ?selected=${name === this.database}>${name}</option>`)}</select>
        <span class="grow"></span>
        <button type="button" @click=${event => this.offerPast(event.currentTarget)}>${t('sql.history')}</button>
        <button type="button" aria-expanded=${this.saving} ?disabled=${!this.sql.trim()} @click=${() => { this.saving = !this.saving; }}>${t('sql.save')}</button>
        <button type="button" ?disabled=${this.running} @click=${this.explain}>${t('sql.plan')}</button>
        ${this.running
          ? html`<button type="button" @click=${() => this.stop.abort()}>${t('sql.cancel')}</button>`
          : html`<button type="button" class="main" title="Ctrl+Enter" @click=${this.ask}>${play}${t('sql.run')}</button>`}
      </div></header>
      <div class="sql-editor"><escala-sql-editor label=${t('sql.editor')} hint=${t('sql.hint')} @sql=${event => { this.sql = event.detail; }} @run=${this.ask}></escala-sql-editor></div>
      ${this.fields()}
      ${this.saving ? html`<escala-publish-query .database=${this.database} .sql=${this.sql} .values=${this.values}></escala-publish-query>` : nothing}
      <section class="sql-result" aria-label=${t('sql.result')}>${this.answer()}</section>`;
  }

  fields() {
    const names = parametersOf(this.sql);
    return names.length === 0 ? nothing : html`<div class="bar sql-fields">${names.map(name => html`
      <label class="field">:${name}<input name=${name} .value=${this.values.get(name) ?? ''} autocomplete="off" spellcheck="false"
        @input=${event => { this.values = new Map(this.values).set(name, event.target.value); }}
        @keydown=${event => event.key === 'Enter' && this.ask()}></label>`)}</div>`;
  }

  answer() {
    if (this.running) {
      return html`<div class="page">${working(t('sql.running'))}</div>`;
    }
    if (this.problem) {
      return trouble(this.problem);
    }
    if (this.plan) {
      return html`<div class="page"><pre class="code" tabindex="0" aria-label=${t('sql.plan')}>${this.plan}</pre></div>`;
    }
    if (!this.result) {
      return empty(t('sql.first'), t('sql.first.words'));
    }
    return html`<escala-answer .result=${this.result}></escala-answer>`;
  }

  offerPast(anchor) {
    const known = past(this.database).slice(0, 15);
    const take = sql => () => { this.sql = sql; this.querySelector('escala-sql-editor').value = sql; };
    openMenu(anchor, [
      ...known.map(sql => ({ label: sql.length > 90 ? `${sql.slice(0, 90)}…` : sql, act: take(sql) })),
      ...(known.length > 0 ? [{ label: t('sql.forget'), act: forgetAll }] : []),
    ], known.length > 0 ? t('sql.history') : t('sql.history.none'));
  }
}

customElements.define('escala-sql-page', SqlPage);
