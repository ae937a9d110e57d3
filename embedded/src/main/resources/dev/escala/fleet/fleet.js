// Draws what /fleet.json tells. What is not told is "no data", and what was told too long ago is not drawn as if it held.
const WORDS = ['ok', 'warn', 'critical', 'unknown'];
const VITALS = ['status', 'api', 'database', 'topic'];
const EVERY_MS = 2000;
const STALE_MS = 15_000;
let heardAt = 0;
let last = null;

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function word(status) {
  return WORDS[status] ?? 'none';
}

function tag(status, text = status === null ? 'no data' : word(status)) {
  return element('span', `tag ${word(status)}`, text);
}

function duration(seconds) {
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`;
}

function number(value, format, isOver = () => false) {
  const cell = element('td', 'number', value === null ? '–' : format(value));
  if (value !== null && isOver(value)) cell.classList.add('over');
  return cell;
}

function timeline(system) {
  const bar = element('div', 'timeline');
  bar.setAttribute('role', 'img');
  bar.setAttribute('aria-label', `${system.system}: ${spells(system.timeline)}`);
  bar.append(...system.timeline.map(status => element('i', word(status))));
  return bar;
}

/** "ok, then critical": what it was, without how long. */
function spells(statuses) {
  const words = statuses.map(status => (status === null ? 'no data' : word(status)));
  return words.filter((each, index) => each !== words[index - 1]).join(', then ');
}

/** Of a region the name of the region stands beside it. */
function fires(alerts, region = () => '') {
  return alerts.flatMap(alert => [tag(alert.severity === 'critical' ? 2 : 1, alert.name + region(alert)), ' ']);
}

function row(system) {
  const name = element('th', '', system.system, element('small', '', `${system.tier} · ${system.region}`));
  name.scope = 'row';
  const made = element('tr', '', name);
  made.dataset.system = system.system;
  made.append(...VITALS.map(vital => element('td', vital, tag(system[vital]))));
  made.append(
    element('td', '', timeline(system)),
    number(system.budget, value => (value < -1 ? 'below −100 %' : `${(100 * value).toFixed(1)} %`), value => value < 0),
    number(system.burn, value => (value > 1000 ? 'above 1000 ×' : `${value.toFixed(1)} ×`), value => value > 1),
    number(system.p99, duration),
    number(system.freshness, duration),
    element('td', 'fires', ...fires(system.alerts)),
  );
  return made;
}

function draw(view) {
  const count = status => view.systems.filter(system => system.status === status).length;
  document.querySelector('#counts').replaceChildren(
    ...WORDS.flatMap((each, status) => [tag(count(status) ? status : null, `${count(status)} ${each}`), ' ']),
    ...(count(null) ? [tag(null, `${count(null)} no data`)] : []),
  );
  document.querySelector('#span').textContent = view.span < 120 ? `Last ${view.span} s` : `Last ${Math.round(view.span / 60)} min`;
  const alerts = document.querySelector('#alerts');
  alerts.hidden = view.alerts.length === 0;
  alerts.replaceChildren(...fires(view.alerts, alert => ` ${alert.region}`));
  document.querySelector('tbody').replaceChildren(...view.systems.map(row));
}

/** Nobody knows how they are: neither what they were counts, nor what they showed. */
function forget(view) {
  const nothing = Object.fromEntries([...VITALS, 'budget', 'burn', 'p99', 'freshness'].map(each => [each, null]));
  const systems = view.systems.map(system => ({ ...system, ...nothing, alerts: [], timeline: system.timeline.map(() => null) }));
  return { ...view, systems, alerts: [] };
}

async function ask() {
  let told = false;
  try {
    const answer = await fetch('fleet.json', { signal: AbortSignal.timeout(STALE_MS) });
    if (answer.ok) {
      last = await answer.json();
      heardAt = Date.now();
      told = true;
      draw(last);
    }
  } catch {
    // it is told below
  }
  const asked = document.querySelector('#asked');
  if (told) {
    asked.textContent = `at ${new Date(heardAt).toLocaleTimeString('en-GB')}`;
    asked.classList.remove('over');
  } else {
    asked.textContent = 'Prometheus does not answer.';
    asked.classList.add('over');
    if (last) draw(forget(last));
  }
  setTimeout(ask, EVERY_MS);
}

ask();
