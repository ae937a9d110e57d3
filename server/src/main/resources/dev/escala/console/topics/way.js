import { html, nothing, svg } from '../core/element.js';
import { number, t } from '../text/text.js';

const WIDTH = 240;
const HEIGHT = 40;

/** A share of an hour in the unit that people say: a minute, or the hour where that is less than one. */
export function rate(count) {
  const perMinute = count / 60;
  return perMinute >= 1 || count === 0 ? t('topics.per-minute', { n: number(Math.round(perMinute)) }) : t('topics.per-hour', { n: number(count) });
}

/** Seconds as people say them: at most two figures behind the point where they are few. */
export function seconds(value) {
  return value === null ? '–' : `${number(value < 10 ? Math.round(value * 100) / 100 : Math.round(value))} s`;
}

/** How many dead letters, or that there are more than were counted. */
export const letters = ({ open, or_more: orMore }) => `${number(open)}${orMore ? '+' : ''}`;

/**
 * Bars of the minutes of an hour, the oldest first.
 *
 * @param {number[]} good
 * @param {number[]} [bad] stacked upon them
 */
export function minutes(good, label, bad = []) {
  const most = Math.max(1, ...good.map((count, at) => count + (bad[at] ?? 0)));
  const step = WIDTH / good.length;
  const bar = (count, at, under, kind) => {
    const high = (count / most) * HEIGHT;
    return count > 0 ? svg`<rect class=${kind} x=${at * step} y=${HEIGHT - (under / most) * HEIGHT - high} width=${step - 1} height=${Math.max(high, 1)}></rect>` : nothing;
  };
  return html`<svg class="minutes" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${label}>
    ${good.map((count, at) => bar(count, at, 0, 'good'))}${bad.map((count, at) => bar(count, at, good[at], 'bad'))}</svg>`;
}
