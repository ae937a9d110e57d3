import { View, html, svg } from '../core/element.js';
import { many, number, t } from '../text/text.js';

const WIDTH = 640;
const MARGIN = 34;
const STEPS = [90, 45, 30, 15, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01];
const NARROWEST = 0.02;
const MOST_IN_TABLE = 500;

/**
 * Points on the earth between meridians and parallels, without a map below: nothing is fetched from
 * elsewhere. Degrees are as long as they are in the middle of what is shown.
 */
class PointMap extends View {
  static properties = { points: { attribute: false } };

  /** The part of the earth that holds all points, with a little around. */
  get part() {
    const [south, north] = extent(this.points.map(([latitude]) => latitude), 90);
    const [west, east] = extent(this.points.map(([, longitude]) => longitude), 180);
    return { south, north, west, east };
  }

  render() {
    const { south, north, west, east } = this.part;
    const squeeze = Math.max(0.1, Math.cos(((south + north) / 2) * (Math.PI / 180)));
    const scale = (WIDTH - MARGIN) / ((east - west) * squeeze);
    const height = Math.min(WIDTH, Math.max(120, (north - south) * scale));
    const x = longitude => MARGIN + (longitude - west) * squeeze * scale;
    const y = latitude => ((north - latitude) / (north - south)) * height;
    const dots = this.points.map(([latitude, longitude]) => `M${x(longitude).toFixed(1)} ${y(latitude).toFixed(1)}h0`).join('');
    return html`
      <svg class="map" viewBox="0 0 ${WIDTH} ${height + 20}" role="img" aria-label=${t('chart.map.title', { n: number(this.points.length) })}>
        <rect class="sea" x=${MARGIN} y="0" width=${WIDTH - MARGIN} height=${height}></rect>
        ${lines(west, east).map(at => svg`<path class="degree" d="M${x(at)} 0v${height}"></path><text x=${x(at)} y=${height + 15} text-anchor="middle">${degrees(at, 'E', 'W')}</text>`)}
        ${lines(south, north).map(at => svg`<path class="degree" d="M${MARGIN} ${y(at)}H${WIDTH}"></path><text x=${MARGIN - 4} y=${y(at) + 4} text-anchor="end">${degrees(at, 'N', 'S')}</text>`)}
        <path class="dots" d=${dots}></path>
      </svg>
      <p class="muted small">${many('relation.rows', this.points.length)}</p>
      <details class="chart-table"><summary>${t('chart.table')}</summary><div class="list-box" tabindex="0"><table class="list">
        <thead><tr><th class="number">${t('chart.latitude')}</th><th class="number">${t('chart.longitude')}</th></tr></thead>
        <tbody>${this.points.slice(0, MOST_IN_TABLE).map(point => html`<tr>${point.map(each => html`<td class="number">${each}</td>`)}</tr>`)}</tbody></table></div></details>`;
  }
}

/** From the least to the greatest value, widened by a twentieth, within what there is. */
function extent(values, most) {
  const low = values.reduce((one, other) => Math.min(one, other), Infinity);
  const high = values.reduce((one, other) => Math.max(one, other), -Infinity);
  const around = Math.max((high - low) / 20, NARROWEST);
  return [Math.max(-most, low - around), Math.min(most, high + around)];
}

/** Round degrees between two, no more than seven. */
function lines(from, to) {
  const step = STEPS.findLast(each => (to - from) / each <= 7) ?? STEPS[0];
  const found = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    found.push(Math.round(at * 100) / 100);
  }
  return found;
}

const degrees = (value, positive, negative) => `${number(Math.abs(value))}°${value === 0 ? '' : value > 0 ? positive : negative}`;

customElements.define('escala-map', PointMap);
