import { LookingView, html, nothing } from '../core/element.js';
import { askPlain } from '../core/api.js';
import { queryOf, to } from '../core/address.js';
import { publish } from '../core/icons.js';
import { ago, number, t } from '../text/text.js';
import { empty, trouble, working } from '../parts/notice.js';
import { letters, minutes, rate, seconds } from '../topics/way.js';

const PAGE = 100;

/** Each topic: what went its way in the last hour, how late, and what was rejected. */
class TopicsPage extends LookingView {
  static properties = { found: { state: true }, problem: { state: true }, after: { state: true } };

  constructor() {
    super();
    this.found = null;
    this.problem = null;
    this.after = '';
  }

  connectedCallback() {
    super.connectedCallback();
    document.title = `${t('page.topics')} · Escala`;
    this.look();
  }

  async look() {
    const after = this.after;
    try {
      const found = await askPlain(['topics'], { query: queryOf([['limit', PAGE], ['after', after]]) });
      if (after === this.after) {
        this.found = found;
        this.problem = null;
      }
    } catch (problem) {
      this.problem = problem;
    }
  }

  turn(after) {
    this.after = after;
    this.found = null;
    this.look();
  }

  render() {
    if (this.problem && (!this.found || this.problem.isOfRights)) {
      return trouble(this.problem, () => this.look());
    }
    return html`<div class="page">
      <header class="page-head"><h1>${t('topics.title')}</h1><p>${t('topics.words')}</p></header>
      ${this.problem ? trouble(this.problem) : nothing}
      ${!this.found ? working() : this.found.topics.length === 0 ? this.none() : this.list()}
    </div>`;
  }

  none() {
    return empty(t('topics.none'), t('topics.none.words'), html`<a class="button" href=${to('publish')}>${publish}${t('page.publish')}</a>`);
  }

  list() {
    const { topics, since, next } = this.found;
    return html`<div class="list-box"><table class="list">
      <thead><tr><th>${t('topics.topic')}</th><th class="number">${t('topics.received')}</th><th class="number spare">${t('topics.decoded')}</th>
        <th class="number spare">${t('topics.stored')}</th><th class="spare">${t('topics.hour')}</th><th class="number spare">${t('topics.lag')}</th>
        <th class="number spare">${t('topics.oldest')}</th><th class="number">${t('topics.letters')}</th></tr></thead>
      <tbody>${topics.map(topic => this.line(topic))}</tbody></table></div>
      <div class="bar">${this.after ? html`<button type="button" @click=${() => this.turn('')}>${t('topics.first')}</button>` : nothing}
        ${next ? html`<button type="button" @click=${() => this.turn(next)}>${t('topics.next')}</button>` : nothing}
        <span class="muted small">${t('topics.since', { time: ago(Date.parse(since)) })}</span></div>`;
  }

  line({ topic, sources, last_hour: hour, received_by_minute: received, oldest_seconds: oldest, waiting, dead_letters: dead }) {
    return html`<tr>
      <td><a href=${to('topics', [topic])}><b>${topic}</b></a>${sources.map(source => html` <span class="tag">${source}</span>`)}</td>
      <td class="number">${number(hour.received)}<div class="muted small">${rate(hour.received)}</div></td>
      <td class="number spare">${number(hour.decoded)}</td>
      <td class="number spare">${number(hour.stored)}${hour.duplicates > 0 ? html`<div class="muted small">${t('topics.duplicates', { n: number(hour.duplicates) })}</div>` : nothing}</td>
      <td class="spare">${minutes(received, t('topics.minutes', { topic }))}</td>
      <td class="number spare">${hour.stored > 0 ? seconds(hour.lag_seconds) : '–'}</td>
      <td class="number spare">${seconds(oldest)}${waiting ? html`<div class="muted small">${t('topics.waiting', { n: number(waiting) })}</div>` : nothing}</td>
      <td class="number">${dead.open > 0 ? html`<a class="tag warn" href=${to('topics', [topic])}>${letters(dead)}</a>` : html`<span class="muted">0</span>`}</td>
    </tr>`;
  }
}

customElements.define('escala-topics-page', TopicsPage);
