import { View, html, nothing } from '../core/element.js';
import { copy } from '../core/copy.js';
import { textOf } from '../core/values.js';
import { many, number, t } from '../text/text.js';
import { openMenu } from '../parts/menu.js';
import { empty } from '../parts/notice.js';
import { axes } from './result.js';
import '../chart/chart.js';
import '../grid/grid.js';

const VIEWS = ['rows', 'chart'];

/** Rows that a question gave, as a grid or a chart. */
class Answer extends View {
  static properties = { result: { attribute: false }, shown: { state: true }, axes: { state: true } };

  constructor() {
    super();
    this.shown = 'rows';
    this.axes = null;
  }

  willUpdate(changed) {
    if (changed.has('result')) {
      this.axes = axes(this.result.columns);
    }
  }

  updated(changed) {
    if (this.shown === 'rows' && (changed.has('result') || changed.has('shown'))) {
      const { columns, rows } = this.result;
      this.querySelector('escala-grid')?.show(
        columns.map(column => ({ ...column, label: column.type })),
        { total: rows.length, row: at => rows[at] });
    }
  }

  render() {
    const { rows, cut, millis } = this.result;
    return html`
      <div class="bar result-bar">
        <span role="status">${many('relation.rows', rows.length)} <span class="muted">· ${number(Math.round(millis))} ms</span></span>
        ${cut ? html`<span class="tag warn">${t(cut === 'bytes' ? 'sql.cut.bytes' : 'sql.cut.rows')}</span>` : nothing}
        <span class="grow"></span>
        ${this.axes ? VIEWS.map(view => html`<button type="button" aria-pressed=${view === this.shown} @click=${() => { this.shown = view; }}>${t(`sql.as.${view}`)}</button>`) : nothing}
      </div>
      ${rows.length === 0 ? empty(t('sql.no-rows'), t('sql.no-rows.words')) : this.shown === 'chart' && this.axes ? this.chart()
        : html`<escala-grid label=${t('sql.result')} @grid-cell=${this.offerValue}></escala-grid>`}`;
  }

  chart() {
    const { columns, rows } = this.result;
    const { x, y } = this.axes;
    const data = { x, y, rows: rows.map(row => [row[columns.indexOf(x)], row[columns.indexOf(y)]]) };
    const choice = (axis, label) => html`<label class="field">${label}<select @change=${event => { this.axes = { ...this.axes, [axis]: columns[event.target.selectedIndex] }; }}>
      ${columns.map(column => html`<option ?selected=${column === this.axes[axis]}>${column.name}</option>`)}</select></label>`;
    return html`<div class="page"><div class="bar">${choice('y', t('chart.of'))}${choice('x', t('chart.by'))}</div><escala-chart .data=${data}></escala-chart></div>`;
  }

  offerValue({ detail: { value, anchor } }) {
    const text = textOf(value);
    openMenu(anchor, [{ label: t('value.copy'), act: () => copy(text, anchor) }], text.slice(0, 400));
  }
}

customElements.define('escala-answer', Answer);
