import uPlot from 'uplot';

await styled(new URL('../lib/uplot/uPlot.min.css', import.meta.url));

/** The styles of the library are wanted before the first line is drawn. */
function styled(address) {
  return new Promise(resolve => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = address.href;
    link.onload = resolve;
    link.onerror = resolve;
    document.head.append(link);
  });
}

/**
 * Draws a line over time into a place.
 *
 * @param {[number[], (number|null)[]]} points seconds since 1970, and values
 * @param {{name: string, language: string, at: (text: string) => void}} how `at` is told what is under the pointer
 */
export function plot(place, room, points, { name, language, at }) {
  const style = getComputedStyle(place);
  const colour = role => style.getPropertyValue(role);
  const resolved = role => resolve(place, colour(role));
  const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  const times = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
  const axis = { stroke: resolved('--muted'), grid: { stroke: resolved('--line'), width: 1 }, ticks: { stroke: resolved('--line'), width: 1 }, font: '12px system-ui, sans-serif' };
  return new uPlot(
    {
      ...room,
      legend: { show: false },
      cursor: { y: false, points: { size: 7 } },
      tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
      axes: [{ ...axis }, { ...axis, size: 62, values: (_, ticks) => ticks.map(tick => numbers.format(tick)) }],
      series: [{}, { label: name, stroke: resolved('--accent'), width: 1.6, points: { show: points[0].length < 60 } }],
      hooks: {
        setCursor: [({ cursor: { idx } }) => at(idx === null || idx === undefined ? '' : `${times.format(points[0][idx] * 1000)} · ${points[1][idx] === null ? 'null' : numbers.format(points[1][idx])}`)],
      },
    },
    points,
    place,
  );
}

/** A canvas knows no `light-dark()`: the colour that it stands for here. */
function resolve(place, value) {
  const probe = document.createElement('i');
  probe.style.color = value;
  place.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}
