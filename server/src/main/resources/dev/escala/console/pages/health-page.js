import { LookingView, html, nothing } from '../core/element.js';
import { Problem, ROOT, askPlain } from '../core/api.js';
import { to } from '../core/address.js';
import { ago, number, t } from '../text/text.js';
import { trouble, working } from '../parts/notice.js';

const MOST_LOOKS = 60;
/** The last hour has a new minute so often at most. */
const HISTORY_EVERY = 30_000;
const WORST_FIRST = ['critical', 'warn', 'unknown', 'ok'];

/** The vital signs of the server that answers, looked at every five seconds as long as the page is open. */
class HealthPage extends LookingView {
  static properties = { health: { state: true }, problem: { state: true }, at: { state: true }, history: { state: true } };

  constructor() {
    super();
    this.health = null;
    this.problem = null;
    this.past = new Map();
    this.history = null;
    this.asked = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    document.title = `${t('page.health')} · Escala`;
    this.look();
  }

  /** 503 is an answer here: something is critical, and it says what. */
  async look() {
    try {
      const response = await fetch(new URL('health', ROOT), { cache: 'no-store' });
      const health = await response.json();
      if (!health.checks) {
        throw new Problem(response.status, health);
      }
      this.note(health.checks);
      this.health = health;
      this.at = new Date();
      this.problem = null;
      this.remember();
    } catch (problem) {
      this.problem = problem instanceof Problem ? problem : new Problem(0, { code: 'network', message: problem.message });
    }
  }

  /** The last hour is for who operates; others see what this page has seen itself. */
  async remember() {
    if (Date.now() - this.asked < HISTORY_EVERY) {
      return;
    }
    this.asked = Date.now();
    this.history = await askPlain(['health', 'history']).catch(() => null);
  }

  note(checks) {
    for (const [name, { status }] of Object.entries(checks)) {
      this.past.set(name, [...(this.past.get(name) ?? []), status].slice(-MOST_LOOKS));
    }
  }

  render() {
    if (this.problem && !this.health) {
      return trouble(this.problem, () => this.look());
    }
    return html`<div class="page" tabindex="0" role="region" aria-label=${t('health.title')}>
      <header class="page-head"><h1>${t('health.title')}</h1>
        ${this.health ? html`${this.status(this.health.status)}<span class="muted">${t('health.version', { version: this.health.version })}</span>
          <span class="muted">${t('health.at', { time: this.at.toLocaleTimeString(document.documentElement.lang) })}</span>` : nothing}
        <p>${t('health.words')}</p></header>
      ${this.problem ? trouble(this.problem) : nothing}
      ${this.health ? html`<ul class="checks">${this.checks().map(([name, check]) => this.check(name, check))}</ul>` : working()}
      ${this.history ? html`${this.promises()}${this.instances()}` : nothing}
    </div>`;
  }

  checks() {
    const rank = ([, { status }]) => WORST_FIRST.indexOf(status);
    return Object.entries(this.health.checks).sort((one, other) => rank(one) - rank(other));
  }

  status(status) {
    return html`<span class="tag ${status}">${t(`health.${status}`)}</span>`;
  }

  check(name, { status, ...details }) {
    const minutes = this.history?.checks[name];
    const past = minutes ? minutes.status_by_minute : this.past.get(name);
    const known = past.filter(Boolean);
    const label = t(minutes ? 'health.minutes' : 'health.looks', { n: known.length, ok: known.filter(each => each === 'ok').length });
    return html`<li class="check-card ${status}">
      <header class="bar"><h2 class="grow">${name}</h2>${status === 'ok' ? this.status(status) : html`<a href=${runbook(name)}>${t('health.runbook')}</a>${this.status(status)}`}</header>
      <dl>${Object.entries(details).map(([detail, value]) => html`<div><dt>${detail.replaceAll('_', ' ')}</dt><dd class="wrap">${told(value)}</dd></div>`)}</dl>
      <div class="looks ${minutes ? 'hour' : ''}" role="img" aria-label=${label} title=${label}>${past.map((each, at) => html`<i class=${each ?? 'none'} .style=${height(minutes, at)}></i>`)}</div>
    </li>`;
  }

  /** What is promised, and how much of it this server kept in the last hour. */
  promises() {
    return html`<section><h2>${t('health.promises')}</h2><p class="muted small">${t('health.promises.words')}</p>
      <div class="list-box" tabindex="0"><table class="list">
        <thead><tr><th>${t('health.promise')}</th><th class="number">${t('health.target')}</th><th class="number">${t('health.kept')}</th><th class="number spare">${t('health.events')}</th><th class="number">${t('health.burn')}</th></tr></thead>
        <tbody>${this.history.promises.map(each => this.promise(each))}</tbody></table></div></section>`;
  }

  promise({ name, target, events, bad, burn_rate: burn }) {
    const percent = share => `${number(Math.floor(share * 1e6) / 1e4)} %`;
    const level = burn > 14.4 ? 'critical' : burn > 1 ? 'warn' : 'ok';
    return html`<tr><td>${name}</td><td class="number">${percent(target)}</td>
      <td class="number">${events > 0 ? percent(1 - bad / events) : '–'}</td><td class="number spare">${number(events)}</td>
      <td class="number">${burn === undefined ? '–' : html`${burn > 1 ? html`<a href=${to('runbook', ['error-budget'])}>${t('health.runbook')}</a> ` : nothing}<span class="tag ${level}">${number(Math.round(burn * 100) / 100)}</span>`}</td></tr>`;
  }

  instances() {
    const { instance, since, connected } = this.history;
    return html`<section><h2>${t('health.instances')}</h2>
      <p>${t('health.instance', { version: instance.version, role: instance.role, time: ago(Date.parse(since)) })}</p>
      ${Object.entries(connected).map(([database, clients]) => html`
        <div class="list-box" tabindex="0"><table class="list"><caption class="muted small">${t('health.connected', { database })}</caption>
          <thead><tr><th>${t('health.address')}</th><th class="number">${t('health.connections')}</th><th>${t('health.since')}</th></tr></thead>
          <tbody>${clients.map(each => html`<tr><td class="mono">${each.address}</td><td class="number">${number(each.connections)}</td><td>${ago(Date.parse(each.since))}</td></tr>`)}</tbody></table></div>`)}</section>`;
  }
}

/** Where it stands what to do about a check. */
function runbook(name) {
  const pages = [[/^database|^writer/, 'database'], [/^api/, 'api'], [/^canary/, 'topic'], [/^dead letters/, 'topic', 'escaladeadletterswaiting'], [/^(topic|source|sqs|kafka|http|sns)/, 'topic']];
  const [, ...place] = pages.find(([begins]) => begins.test(name)) ?? [null, 'README'];
  return to('runbook', place);
}

/** Slow minutes are higher, on a scale of powers: from a millisecond to a second. */
function height(minutes, at) {
  const millis = minutes?.slowest_ms_by_minute[at];
  return millis === undefined || millis === null ? '' : `height: ${Math.round(30 + 70 * Math.min(1, Math.log10(Math.max(millis, 1)) / 3))}%`;
}

function told(value) {
  if (typeof value === 'number') {
    return number(value);
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

customElements.define('escala-health-page', HealthPage);
