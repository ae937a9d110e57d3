import { LookingView, html, nothing } from '../core/element.js';
import { askPlain } from '../core/api.js';
import { go, parameters, queryOf, to } from '../core/address.js';
import { relation } from '../core/catalog.js';
import * as icons from '../core/icons.js';
import { ago, number, t } from '../text/text.js';
import { empty, trouble, working } from '../parts/notice.js';
import { discard, list, replay } from '../topics/letters.js';
import { outcome } from '../topics/outcome.js';
import { letters, minutes, rate, seconds } from '../topics/way.js';
import '../topics/letter-panel.js';

const STATUSES = ['new', 'resolved', 'discarded', 'any'];

/** The way of one topic, and its rejected messages. The address holds which of these are shown. */
class TopicPage extends LookingView {
  static properties = {
    name: { attribute: false }, query: { attribute: false }, topic: { state: true }, problem: { state: true }, rows: { state: true },
    found: { state: true }, listProblem: { state: true }, work: { state: true }, asking: { state: true },
  };

  constructor() {
    super();
    this.topic = null;
    this.problem = null;
    this.found = null;
    this.work = null;
    this.asking = '';
    this.rows = null;
    this.stop = new AbortController();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop.abort();
  }

  willUpdate(changed) {
    if (changed.has('name')) {
      document.title = `${this.name} · Escala`;
      this.topic = null;
      this.look();
    }
    const asked = JSON.stringify([this.name, this.filters]);
    if (asked !== this.asked) {
      this.asked = asked;
      this.work = null;
      this.asking = '';
      this.read();
    }
  }

  get pairs() {
    return parameters(this.query);
  }

  get filters() {
    return this.pairs.filter(([name]) => ['reason', 'status'].includes(name));
  }

  chosen(name) {
    return this.pairs.find(([each]) => each === name)?.[1] ?? '';
  }

  choose(name, value) {
    const rest = this.pairs.filter(([each]) => each !== name);
    go(to('topics', [this.name], queryOf(value ? [...rest, [name, value]] : rest)));
  }

  async look() {
    const { name } = this;
    try {
      const topic = await askPlain(['topics', name]);
      if (name === this.name) {
        this.topic = topic;
        this.problem = null;
        if (this.listProblem) {
          this.read();
        }
        this.rows ||= await this.seen(topic.table);
      }
    } catch (problem) {
      this.problem = problem;
    }
  }

  /** Where its rows are, if there is a relation that may be read. */
  async seen(table) {
    const known = table && await relation(table.database, table.name).catch(() => null);
    return known ? to('data', [table.database, table.name]) : '';
  }

  async read(after = 0) {
    const { asked } = this;
    this.listProblem = null;
    try {
      const page = await list(this.name, this.filters, after, this.stop.signal);
      if (asked === this.asked) {
        const before = after > 0 ? this.found.dead_letters : [];
        this.found = { dead_letters: [...before, ...page.dead_letters], next: page.next };
      }
    } catch (problem) {
      this.listProblem = problem.name === 'AbortError' ? null : problem;
    }
  }

  render() {
    if (this.problem && (!this.topic || this.problem.isOfRights)) {
      return trouble(this.problem, () => this.look());
    }
    const letter = this.chosen('letter');
    return html`
      <div class="split">
        <div class="page" tabindex="0" role="region" aria-label=${this.name}>${this.topic ? html`${this.head()}${this.way()}${this.dead()}` : working()}</div>
        ${letter ? html`<aside class="panel" aria-label=${t('letters.one', { id: letter })}>
          <header class="bar"><h2 class="grow">${t('letters.one', { id: letter })}</h2>
            <button type="button" class="plain icon" aria-label=${t('panel.close')} @click=${() => this.choose('letter', '')}>${icons.close}</button></header>
          <escala-letter-panel .topic=${this.name} .id=${letter} @letter-done=${() => this.again()}
            @letter-replay=${event => this.replay(false, [['id', event.detail], ...this.status()])}
            @letter-discard=${event => this.discard([['id', event.detail]])}></escala-letter-panel></aside>` : nothing}
      </div>`;
  }

  head() {
    const { sources, since } = this.topic;
    return html`<header class="page-head"><h1 class="wrap">${this.name}</h1>${sources.map(source => html`<span class="tag">${source}</span>`)}
      ${this.rows ? html`<a class="button" href=${this.rows}>${icons.tables}${t('publish.see')}</a>` : nothing}
      <a class="button" href=${to('publish', [this.name])}>${icons.publish}${t('page.publish')}</a>
      <p>${t('topics.since', { time: ago(Date.parse(since)) })}</p></header>`;
  }

  way() {
    const { last_hour: hour, in_flight: flight, oldest_seconds: oldest, waiting, stored_by_minute: stored, rejected_by_minute: rejected } = this.topic;
    const step = (name, count, beside) => html`<li><span class="muted">${t(`topics.${name}`)}</span><b>${number(count)}</b><span class="muted small">${beside}</span></li>`;
    const fact = (name, value) => html`<div><dt>${t(`topics.${name}`)}</dt><dd>${value}</dd></div>`;
    return html`<section aria-label=${t('topics.way')}>
      <ol class="way">
        ${step('received', hour.received, rate(hour.received))}
        ${step('decoded', hour.decoded, t('topics.rejected', { n: number(hour.rejected) }))}
        ${step('stored', hour.stored, t('topics.duplicates', { n: number(hour.duplicates) }))}
      </ol>
      ${minutes(stored, t('topics.minutes', { topic: this.name }), rejected)}
      <dl class="vitals">
        ${fact('lag', hour.stored > 0 ? seconds(hour.lag_seconds) : '–')}${fact('longest', hour.stored > 0 ? seconds(hour.longest_lag_seconds) : '–')}
        ${fact('flight', number(flight))}${fact('oldest', seconds(oldest))}${waiting === null ? nothing : fact('waits', number(waiting))}
        ${hour.returned > 0 ? fact('returned', number(hour.returned)) : nothing}
      </dl></section>`;
  }

  dead() {
    const { dead_letters: dead } = this.topic;
    const reason = this.chosen('reason');
    const reasons = reason && !dead.reasons.some(each => each.reason === reason) ? [...dead.reasons, { reason, open: 0 }] : dead.reasons;
    return html`<section>
      <header class="bar"><h2 class="grow">${t('letters.title')} <span class="muted">${letters(dead)}</span></h2>
        <label class="field">${t('letters.status')}<select name="status" @change=${event => this.choose('status', event.target.value === 'new' ? '' : event.target.value)}>
          ${STATUSES.map(status => html`<option value=${status} ?selected=${status === (this.chosen('status') || 'new')}>${t(`letters.${status}`)}</option>`)}</select></label></header>
      ${reasons.length > 0 ? html`<div class="bar">${reasons.map(each => html`
        <button type="button" aria-pressed=${each.reason === reason} @click=${() => this.choose('reason', each.reason === reason ? '' : each.reason)}>
          <span class="mono">${each.reason}</span> <b>${letters(each)}</b></button>`)}</div>` : nothing}
      ${this.work ? this.progress() : nothing}
      ${this.listProblem ? trouble(this.listProblem, () => this.read()) : !this.found ? working() : this.found.dead_letters.length === 0 ? this.none() : html`${this.tools()}${this.list()}`}
    </section>`;
  }

  none() {
    return empty(t('letters.none'), t(this.filters.length > 0 ? 'letters.none.filtered' : 'letters.none.words'));
  }

  /** What is done to all that fit, and how far it is. */
  tools() {
    const status = this.chosen('status') || 'new';
    if (status === 'resolved' || status === 'any') {
      return nothing;
    }
    const running = this.work && !this.work.ended;
    return html`
      <div class="bar">
        <button type="button" ?disabled=${running} @click=${() => this.replay(true)}>${t('letters.try-all')}</button>
        <button type="button" class="main" ?disabled=${running} @click=${() => this.replay(false)}>${icons.again}${t('letters.replay-all')}</button>
        ${status === 'new' ? html`<button type="button" ?disabled=${running} aria-expanded=${this.asking === 'discard'} @click=${() => { this.asking = 'discard'; }}>${t('letters.discard-all')}</button>` : nothing}
        ${running ? html`<button type="button" @click=${() => this.stop.abort()}>${t('publish.stop')}</button>` : nothing}
      </div>
      ${this.asking === 'discard' ? html`<div class="notice" role="alert"><p>${t('letters.sure')}</p><div class="bar">
        <button type="button" class="main" @click=${() => this.discard()}>${t('letters.discard-all')}</button>
        <button type="button" @click=${() => { this.asking = ''; }}>${t('filter.cancel')}</button></div></div>` : nothing}`;
  }

  progress() {
    const { done, of, sum, dryRun, ended, problem } = this.work;
    return html`<div role="status">
      ${ended ? nothing : html`<progress max=${Math.max(of, 1)} value=${done} aria-label=${t('letters.progress')}></progress>
        <p class="muted small">${t('publish.done', { n: number(done), of: number(of) })}</p>`}
      ${sum ? outcome(sum, dryRun) : ended && !problem ? html`<p class="notice">${t('letters.discarded-count', { n: number(done) })}</p>` : nothing}
      ${problem ? trouble(problem) : nothing}</div>`;
  }

  status() {
    return this.filters.filter(([name]) => name === 'status');
  }

  replay(dryRun, filters = this.filters) {
    return this.working(async (told, signal) => {
      await replay(this.name, filters, dryRun, sum => told({ sum, dryRun, done: sum.done, of: sum.of }), signal);
    }, !dryRun);
  }

  discard(filters = this.filters) {
    this.asking = '';
    return this.working((told, signal) => discard(this.name, filters, told, signal), true);
  }

  /** Does it with progress; what is done stays done where it is stopped. */
  async working(doing, changes) {
    this.stop = new AbortController();
    this.work = { done: 0, of: 0 };
    try {
      await doing(step => { this.work = { ...this.work, ...step }; }, this.stop.signal);
    } catch (problem) {
      this.work = { ...this.work, problem: problem.name === 'AbortError' ? null : problem };
    }
    this.work = { ...this.work, ended: true };
    this.stop = new AbortController();
    if (changes) {
      this.again();
    }
  }

  again() {
    this.read();
    this.look();
    this.querySelector('escala-letter-panel')?.read();
    window.dispatchEvent(new Event('catalog'));
  }

  list() {
    const { dead_letters: rows, next } = this.found;
    const chosen = this.chosen('letter');
    return html`<div class="list-box"><table class="list">
      <thead><tr><th class="number">${t('letters.number')}</th><th>${t('publish.reason')}</th><th>${t('publish.detail')}</th><th class="number spare">${t('letters.attempts')}</th><th class="spare number">${t('letters.seen')}</th></tr></thead>
      <tbody>${rows.map(row => html`<tr class=${String(row.id) === chosen ? 'chosen' : ''}>
        <td class="number"><button type="button" class="plain" aria-pressed=${String(row.id) === chosen} aria-label=${t('letters.one', { id: row.id })} @click=${() => this.choose('letter', String(row.id))}>${row.id}</button></td>
        <td class="mono">${row.reason}${row.status === 'new' ? nothing : html` <span class="tag">${t(`letters.${row.status}`)}</span>`}</td>
        <td class="wrap">${row.column ? html`<b>${row.column}</b>: ` : nothing}${row.detail}</td>
        <td class="number spare">${number(row.attempts)}</td><td class="spare number"><time datetime=${row.last_seen}>${ago(Date.parse(row.last_seen))}</time></td></tr>`)}</tbody></table></div>
      ${next ? html`<button type="button" @click=${() => this.read(next)}>${t('letters.more')}</button>` : nothing}`;
  }
}

customElements.define('escala-topic-page', TopicPage);
