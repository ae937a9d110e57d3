import { View, html, nothing } from '../core/element.js';
import { isTime } from '../core/values.js';
import { many, number, t } from '../text/text.js';
import { trouble, working } from '../parts/notice.js';
import { profile } from './profile.js';

/** What the values of one column are like. Event: `condition` where a value is chosen. */
class ProfilePanel extends View {
  static properties = { path: { attribute: false }, filters: { attribute: false }, column: { attribute: false }, found: { state: true }, problem: { state: true } };

  constructor() {
    super();
    this.found = null;
    this.problem = null;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop?.abort();
  }

  willUpdate(changed) {
    const asked = JSON.stringify([this.path, this.filters, this.column.name]);
    if (changed.size > 0 && asked !== this.asked) {
      this.asked = asked;
      this.read();
    }
  }

  async read() {
    this.stop?.abort();
    this.stop = new AbortController();
    this.found = null;
    this.problem = null;
    try {
      this.found = await profile(this.path, this.filters, this.column, this.stop.signal);
    } catch (problem) {
      this.problem = problem.name === 'AbortError' ? this.problem : problem;
    }
  }

  render() {
    if (this.problem) {
      return trouble(this.problem, () => this.read());
    }
    return html`
      <p class="muted small wrap">${this.column.type}${this.column.comment ? ` · ${this.column.comment}` : ''}</p>
      ${this.found ? this.facts(this.found) : working()}`;
  }

  facts(found) {
    const share = found.rows ? found.nulls / found.rows : 0;
    return html`
      <p class="small">${many(found.complete ? 'profile.all' : 'profile.some', found.rows)}</p>
      <dl class="facts">
        <dt>${t('profile.nulls')}</dt><dd>${number(found.nulls)} <span class="muted">(${number(Math.round(share * 1000) / 10)} %)</span></dd>
        <dt>${t('profile.distinct')}</dt><dd>${found.complete ? '' : '≥ '}${number(found.distinct)}</dd>
        ${found.low === null ? nothing : html`
          <dt>${t('profile.low')}</dt><dd class="wrap">${found.low}</dd><dt>${t('profile.high')}</dt><dd class="wrap">${found.high}</dd>`}
      </dl>
      ${found.bins ? this.histogram(found) : nothing}
      ${found.top.length > 0 ? html`<h3>${t('profile.top')}</h3>${this.top(found)}` : nothing}`;
  }

  histogram({ bins: { counts }, low, high }) {
    const most = Math.max(...counts);
    return html`<figure class="histogram" role="img" aria-label=${t('profile.histogram', { column: this.column.name, low, high })}>
      ${counts.map(count => html`<i title=${number(count)} .style=${`height: ${(count / most) * 100}%`}></i>`)}
    </figure>`;
  }

  top({ top, rows }) {
    const most = top[0][1];
    return html`<ul class="bars">${top.map(([value, count]) => html`<li>
      <button type="button" title=${t('profile.only', { value })} @click=${() => this.tell('condition', { column: this.column.name, condition: `eq.${value}` })}>
        <i .style=${`width: ${(count / most) * 100}%`}></i>
        <span>${value === '' ? t('profile.blank') : isTime(this.column.type) ? value.replace('T', ' ') : value}</span>
        <b>${number(count)}</b></button></li>`)}</ul>`;
  }
}

customElements.define('escala-profile-panel', ProfilePanel);
