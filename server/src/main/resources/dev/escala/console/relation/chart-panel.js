import { View, html, nothing } from '../core/element.js';
import { askJson } from '../core/api.js';
import { queryOf } from '../core/address.js';
import { isJson, isNumber, isTime, numberOf } from '../core/values.js';
import { number, t } from '../text/text.js';
import { trouble, working } from '../parts/notice.js';
import { quoted } from './request.js';
import '../chart/chart.js';

const MEASURES = ['count', 'avg', 'sum', 'min', 'max'];
const MOST_POINTS = 5000;
const LATITUDE = /^(lat|latitude|latitud)$/i;
const LONGITUDE = /^(lon|lng|long|longitude|longitud)$/i;
const MOST_DAYS = 5000;
const MOST_BARS = 41;

/** What to draw, as it stands in the address: a column, a measure and the column that is measured. */
export function choice(text, columns) {
  const [x, measure, of] = text.split('~');
  const by = columns.find(column => column.name === x) ?? columns.find(column => isTime(column.type) && !column.name.startsWith('_')) ?? columns.find(column => !isJson(column.type));
  const numbers = columns.filter(column => isNumber(column.type) && !column.name.startsWith('_'));
  return {
    x: by,
    measure: numbers.length > 0 && MEASURES.includes(measure) ? measure : 'count',
    of: numbers.find(column => column.name === of) ?? numbers[0],
    numbers,
  };
}

/** Where the rows are on the earth, if they say so. */
function place(columns) {
  const latitude = columns.find(column => LATITUDE.test(column.name) && isNumber(column.type));
  const longitude = columns.find(column => LONGITUDE.test(column.name) && isNumber(column.type));
  return latitude && longitude ? [latitude.name, longitude.name] : null;
}

/** A chart of all rows that the page's conditions find: grouped by the API, not by what was scrolled to. */
class ChartPanel extends View {
  static properties = { path: { attribute: false }, filters: { attribute: false }, columns: { attribute: false }, chosen: { attribute: false }, data: { state: true }, problem: { state: true } };

  constructor() {
    super();
    this.data = null;
    this.problem = null;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop?.abort();
  }

  willUpdate() {
    const asked = JSON.stringify([this.path, this.filters, this.chosen]);
    if (asked !== this.asked) {
      this.asked = asked;
      this.read();
    }
  }

  async read() {
    this.stop?.abort();
    const stop = new AbortController();
    this.stop = stop;
    this.problem = null;
    this.data = null;
    try {
      const data = await this.drawn(stop.signal);
      this.data = stop === this.stop ? data : this.data;
    } catch (problem) {
      this.problem = stop !== this.stop || problem.name === 'AbortError' ? this.problem : problem;
    }
  }

  async drawn(signal) {
    const { x, measure, of } = choice(this.chosen, this.columns);
    if (!this.isMap) {
      return grouped(this.path, this.filters, x, measure, of, signal);
    }
    const [data] = await Promise.all([points(this.path, this.filters, place(this.columns), signal), import('../chart/map.js')]);
    return data;
  }

  /** Where nobody has chosen yet, rows that have a place and no time are drawn where they are. */
  get isMap() {
    const asked = this.chosen ? this.chosen.split('~')[1] === 'map' : !isTime(choice('', this.columns).x.type);
    return asked && place(this.columns) !== null;
  }

  render() {
    return html`${this.choices()}
      ${this.problem ? trouble(this.problem, () => this.read())
        : !this.data ? working()
        : this.data.points ? html`<escala-map .points=${this.data.points}></escala-map>${this.data.points.length === MOST_POINTS ? html`<p class="muted small">${t('chart.points', { n: number(MOST_POINTS) })}</p>` : nothing}`
        : this.data.rows.length === 0 ? html`<p class="muted">${t('chart.none')}</p>`
        : html`<escala-chart .data=${this.data} choosable @bar=${event => this.tell('condition', { column: this.data.x.name, condition: `eq.${event.detail}` })}></escala-chart>`}`;
  }

  choices() {
    const { x, measure, of, numbers } = choice(this.chosen, this.columns);
    return html`<div class="bar">
      <label class="field">${t('chart.measure')}<select name="measure" @change=${event => this.choose(x.name, event.target.value, of?.name)}>
        ${MEASURES.slice(0, numbers.length > 0 ? MEASURES.length : 1).map(each => html`<option value=${each} ?selected=${each === measure && !this.isMap}>${t(`chart.${each}`)}</option>`)}
        ${place(this.columns) ? html`<option value="map" ?selected=${this.isMap}>${t('chart.map')}</option>` : nothing}
      </select></label>
      ${this.isMap ? nothing : html`${measure === 'count' ? nothing : html`
        <label class="field">${t('chart.of')}<select name="of" @change=${event => this.choose(x.name, measure, event.target.value)}>
          ${numbers.map(column => html`<option ?selected=${column === of}>${column.name}</option>`)}</select></label>`}
      <label class="field">${t('chart.by')}<select name="by" @change=${event => this.choose(event.target.value, measure, of?.name)}>
        ${this.columns.filter(column => !isJson(column.type)).map(column => html`<option value=${column.name} ?selected=${column === x}>${column.name}${isTime(column.type) ? ` (${t('chart.day')})` : ''}</option>`)}
      </select></label>`}
    </div>`;
  }

  choose(x, measure, of) {
    this.tell('chart', [x, measure, ...(measure === 'count' || !of ? [] : [of])].join('~'));
  }
}

/** @returns {Promise<{points: [number, number][]}>} latitudes and longitudes of the first rows that have both */
async function points(path, filters, [latitude, longitude], signal) {
  const filled = [[quoted(latitude), 'not.is.null'], [quoted(longitude), 'not.is.null']];
  const pairs = [...filters, ...filled, ['select', `a:${quoted(latitude)},b:${quoted(longitude)}`], ['limit', MOST_POINTS]];
  const rows = await askJson(path, { query: queryOf(pairs), signal });
  return { points: rows.map(row => [numberOf(row.a), numberOf(row.b)]), rows };
}

async function grouped(path, filters, x, measure, of, signal) {
  const value = measure === 'count' ? 'count()' : `${quoted(of.name)}.${measure}()`;
  const days = isTime(x.type);
  const pairs = [...filters, ['select', `x:${quoted(x.name)}${days ? '::date' : ''},y:${value}`], ['limit', days ? MOST_DAYS : MOST_BARS]];
  const rows = await askJson(path, { query: queryOf(days ? pairs : [...pairs, ['order', 'y.desc.nullslast']]), signal });
  return {
    x: { name: x.name, type: days ? 'date' : x.type },
    y: { name: measure === 'count' ? t('chart.count') : `${t(`chart.${measure}`)} ${of.name}` },
    rows: rows.map(row => [row.x, row.y]),
  };
}

customElements.define('escala-chart-panel', ChartPanel);
