import { View, html, nothing } from '../core/element.js';
import { isTime, numberOf, textOf, timeOf } from '../core/values.js';
import { language, number, t } from '../text/text.js';

const MOST_BARS = 40;

/**
 * A chart of two columns: a line where the first is a time, bars otherwise. The same as a table is beside
 * it, for who does not see it. Event: `bar` with the value of one that is chosen.
 *
 * @typedef {{x: {name: string, type: string}, y: {name: string}, rows: [any, any][]}} ChartData
 */
class Chart extends View {
  static properties = { data: { attribute: false }, choosable: { type: Boolean }, failure: { state: true } };

  constructor() {
    super();
    this.failure = '';
    this.watch = new ResizeObserver(() => this.plot?.setSize(this.room()));
    this.dark = matchMedia('(prefers-color-scheme: dark)');
    this.repaint = () => this.draw();
  }

  connectedCallback() {
    super.connectedCallback();
    this.dark.addEventListener('change', this.repaint);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.dark.removeEventListener('change', this.repaint);
    this.watch.disconnect();
    this.plot?.destroy();
    this.plot = null;
  }

  get isLine() {
    return isTime(this.data.x.type);
  }

  render() {
    if (this.failure) {
      return html`<p class="notice bad">${this.failure}</p>`;
    }
    return html`
      ${this.isLine ? html`<div class="plot" role="img" aria-label=${this.title()}></div><p class="muted small plot-at" aria-hidden="true"></p>` : this.bars()}
      <details class="chart-table"><summary>${t('chart.table')}</summary>${this.table()}</details>`;
  }

  title() {
    return t('chart.title', { x: this.data.x.name, y: this.data.y.name });
  }

  bars() {
    const rows = this.data.rows.slice(0, MOST_BARS);
    const most = Math.max(...rows.map(([, y]) => Math.abs(numberOf(y)) || 0), Number.MIN_VALUE);
    return html`<ul class="bars chart-bars" aria-label=${this.title()}>${rows.map(([x, y]) => {
      const inside = html`<i class=${numberOf(y) < 0 ? 'below' : ''} .style=${`width: ${(Math.abs(numberOf(y) || 0) / most) * 100}%`}></i>
        <span>${x === null ? 'null' : textOf(x)}</span><b>${this.amount(y)}</b>`;
      return html`<li>${this.choosable && x !== null ? html`<button type="button" @click=${() => this.tell('bar', x)}>${inside}</button>` : html`<div>${inside}</div>`}</li>`;
    })}</ul>
    ${this.data.rows.length > MOST_BARS ? html`<p class="muted small">${t('chart.first', { n: MOST_BARS })}</p>` : nothing}`;
  }

  table() {
    return html`<div class="list-box" tabindex="0"><table class="list"><thead><tr><th>${this.data.x.name}</th><th class="number">${this.data.y.name}</th></tr></thead>
      <tbody>${this.data.rows.slice(0, 500).map(([x, y]) => html`<tr><td>${x === null ? 'null' : textOf(x)}</td><td class="number">${this.amount(y)}</td></tr>`)}</tbody></table></div>`;
  }

  amount(value) {
    const amount = numberOf(value);
    return Number.isFinite(amount) ? number(Math.round(amount * 100) / 100) : textOf(value);
  }

  updated(changed) {
    if (changed.has('data')) {
      this.draw();
    }
  }

  room() {
    const place = this.querySelector('.plot');
    return { width: Math.max(place.clientWidth, 120), height: Math.max(place.clientHeight, 120) };
  }

  async draw() {
    this.watch.disconnect();
    this.plot?.destroy();
    this.plot = null;
    if (!this.isLine || this.failure) {
      return;
    }
    const { plot } = await import('./plot.js').catch(() => ({}));
    const place = this.querySelector('.plot');
    if (!plot) {
      this.failure = t('state.other-version');
    } else if (place && !this.plot) {
      this.plot = plot(place, this.room(), this.points(), { name: this.data.y.name, at: text => { this.querySelector('.plot-at').textContent = text; }, language });
      this.watch.observe(place);
    }
  }

  /** Seconds and values in the order of time. */
  points() {
    const points = this.data.rows
      .map(([x, y]) => [timeOf(x) / 1000, numberOf(y)])
      .filter(([x]) => Number.isFinite(x))
      .sort((one, other) => one[0] - other[0]);
    return [points.map(point => point[0]), points.map(point => (Number.isFinite(point[1]) ? point[1] : null))];
  }
}

customElements.define('escala-chart', Chart);
