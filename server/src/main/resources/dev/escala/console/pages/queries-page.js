import { View, html, nothing } from '../core/element.js';
import { address, askPlain } from '../core/api.js';
import { go, parameters, queryOf, to } from '../core/address.js';
import { databases } from '../core/catalog.js';
import { play, query } from '../core/icons.js';
import { number, t } from '../text/text.js';
import { empty, trouble, working } from '../parts/notice.js';
import { read } from '../sql/result.js';
import '../sql/answer.js';

const MOST_ROWS = 1000;
const RPC = '/rpc/';

/** @returns {Promise<object[]>} functions and published queries of a database, as its OpenAPI document has them */
async function published(database) {
  const document = await askPlain([database], { headers: { Accept: 'application/openapi+json' } });
  return Object.entries(document.paths)
    .filter(([path, { get }]) => path.startsWith(RPC) && get)
    .map(([path, { get }]) => ({ database, name: decodeURIComponent(path.slice(RPC.length)), title: get.summary, words: get.description, fields: get.parameters.filter(each => each.in === 'query') }));
}

/** Questions that the owner of the data published: a list, and each with its parameters as fields. */
class QueriesPage extends View {
  static properties = {
    database: { attribute: false }, name: { attribute: false }, query: { attribute: false }, all: { state: true }, problem: { state: true },
    result: { state: true }, refused: { state: true }, running: { state: true },
  };

  constructor() {
    super();
    this.all = null;
    this.problem = null;
    this.result = null;
    this.refused = null;
  }

  connectedCallback() {
    super.connectedCallback();
    document.title = `${t('page.queries')} · Escala`;
    this.readAll();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop?.abort();
  }

  async readAll() {
    this.problem = null;
    try {
      this.all = (await Promise.all((await databases()).map(published))).flat();
    } catch (problem) {
      this.problem = problem;
    }
  }

  willUpdate(changed) {
    if (changed.has('name') || changed.has('query') || changed.has('database')) {
      this.stop?.abort();
      this.result = null;
      this.refused = null;
      if (this.name && parameters(this.query).some(([name]) => name === '~run')) {
        this.run();
      }
    }
  }

  get given() {
    return parameters(this.query).filter(([name, value]) => !name.startsWith('~') && value !== '');
  }

  async run() {
    const stop = new AbortController();
    this.stop = stop;
    this.running = true;
    try {
      this.result = await read([this.database, 'rpc', this.name], [...this.given, ['limit', MOST_ROWS]], stop.signal);
    } catch (problem) {
      this.refused = problem.name === 'AbortError' ? null : problem;
    } finally {
      this.running = this.running && this.stop !== stop;
    }
  }

  ask(event) {
    event.preventDefault();
    const pairs = [...new FormData(event.target)].filter(([, value]) => value !== '');
    const fragment = to('queries', [this.database, this.name], queryOf([...pairs, ['~run', '1']]));
    if (fragment === location.hash) {
      this.result = null;
      this.run();
    } else {
      go(fragment);
    }
  }

  render() {
    if (this.problem) {
      return trouble(this.problem, () => this.readAll());
    }
    if (!this.all) {
      return html`<div class="page">${working()}</div>`;
    }
    const one = this.all.find(each => each.database === this.database && each.name === this.name);
    return one ? this.one(one) : this.list();
  }

  list() {
    return html`<div class="page"><header class="page-head"><h1>${t('queries.title')}</h1><p>${t('queries.words')}</p></header>
      ${this.name ? html`<p class="notice bad">${t('queries.lost', { name: this.name })}</p>` : nothing}
      ${this.all.length === 0 ? empty(t('queries.none'), t('queries.none.words'), html`<a class="button" href=${to('sql')}>${query}${t('catalog.ask')}</a>`)
        : html`<ul class="cards">${this.all.map(each => html`<li><a href=${to('queries', [each.database, each.name])}><b>${each.title}</b></a>
          <span class="muted small mono">${each.database}/rpc/${each.name}</span>${each.words ? html`<p class="muted small">${each.words}</p>` : nothing}</li>`)}</ul>`}</div>`;
  }

  one({ title, words, fields }) {
    const values = new Map(this.given);
    return html`<header class="sheet-head"><div class="bar"><h1>${title}</h1><span class="grow"></span>
        <a class="button" href=${address([this.database, 'rpc', this.name], queryOf([...this.given, ['format', 'csv']]))} download="${this.name}.csv">CSV</a></div>
      ${words ? html`<p class="muted small">${words}</p>` : nothing}
      <form class="bar query-fields" @submit=${this.ask}>
        ${fields.map(field => this.field(field, values.get(field.name) ?? ''))}
        <button class="main" ?disabled=${this.running}>${play}${t('sql.run')}</button></form></header>
      <section class="sql-result" aria-label=${t('sql.result')}>${this.running ? html`<div class="page">${working(t('sql.running'))}</div>`
        : this.refused ? trouble(this.refused) : this.result ? html`${this.result.rows.length === MOST_ROWS ? html`<p class="note small">${t('queries.first', { n: number(MOST_ROWS) })}</p>` : nothing}<escala-answer .result=${this.result}></escala-answer>`
        : empty(t('queries.ask'), t('queries.ask.words'))}</section>`;
  }

  field({ name, description, required, schema }, value) {
    return html`<label class="field" title=${description ?? ''}>${name}${required ? ' *' : ''}
      <input name=${name} .value=${value} ?required=${required} placeholder=${schema?.default ?? ''} autocomplete="off" spellcheck="false">
      ${description ? html`<span class="small">${description}</span>` : nothing}</label>`;
  }
}

customElements.define('escala-queries-page', QueriesPage);
