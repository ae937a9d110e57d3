import { View, html, nothing } from '../core/element.js';
import { databases, relations } from '../core/catalog.js';
import { MOST_COUNTED, each, lastReceived, rowCount, sizes } from '../core/facts.js';
import { to } from '../core/address.js';
import { publish, query } from '../core/icons.js';
import { about, ago, many, number, size, t } from '../text/text.js';
import { empty, trouble, working } from '../parts/notice.js';

/** What is there: each database with its relations, how large and how fresh they are. */
class CatalogPage extends View {
  static properties = { all: { state: true }, problem: { state: true }, facts: { state: true } };

  constructor() {
    super();
    this.all = null;
    this.problem = null;
    this.facts = new Map();
    this.stop = new AbortController();
  }

  connectedCallback() {
    super.connectedCallback();
    document.title = `Escala · ${t('page.catalog')}`;
    this.read();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop.abort();
  }

  async read() {
    this.problem = null;
    try {
      this.all = await Promise.all((await databases()).map(async name => ({ name, relations: await relations(name) })));
    } catch (problem) {
      this.problem = problem;
      return;
    }
    for (const database of this.all) {
      this.readFacts(database).catch(failure => failure.name === 'AbortError' || console.warn(failure));
    }
  }

  async readFacts({ name, relations: of }) {
    const { signal } = this.stop;
    sizes(name, of, signal).then(found => found.forEach((octets, relation) => this.learn(name, relation, { octets })), () => {});
    await each(of, async relation => {
      try {
        const rows = await rowCount(name, relation, signal);
        this.learn(name, relation.name, { rows });
        const received = await lastReceived(name, relation, rows, signal);
        this.learn(name, relation.name, { received, known: true });
      } catch (failure) {
        if (failure.name === 'AbortError') {
          throw failure;
        }
        this.learn(name, relation.name, { known: true, refused: failure.isOfRights });
      }
    });
  }

  learn(database, relation, facts) {
    const key = `${database}/${relation}`;
    this.facts = new Map(this.facts).set(key, { ...this.facts.get(key), ...facts });
  }

  render() {
    if (this.problem) {
      return trouble(this.problem, () => this.read());
    }
    return html`<div class="page">
      <header class="page-head"><h1>${t('catalog.title')}</h1><p>${t('catalog.words')}</p></header>
      ${this.all ? this.all.map(database => this.database(database)) : working()}
      ${this.all?.length === 0 ? empty(t('catalog.none'), t('catalog.none.words')) : nothing}
    </div>`;
  }

  database({ name, relations: of }) {
    return html`<section class="database">
      <header class="bar"><h2 class="grow">${name} <span class="muted">${many('catalog.relations', of.length)}</span></h2>
        <a class="button" href=${to('sql', [name])}>${query}${t('catalog.ask')}</a></header>
      ${of.length > 0 ? this.list(name, of) : empty(t('catalog.empty'), t('catalog.empty.words'),
        html`<a class="button" href=${to('publish')}>${publish}${t('page.publish')}</a>`)}
    </section>`;
  }

  list(database, of) {
    return html`<div class="list-box"><table class="list">
      <thead><tr>
        <th>${t('catalog.relation')}</th><th class="number">${t('catalog.rows')}</th>
        <th class="number spare">${t('catalog.size')}</th><th class="spare">${t('catalog.fresh')}</th><th class="number spare">${t('catalog.columns')}</th>
      </tr></thead>
      <tbody>${of.map(relation => this.line(database, relation))}</tbody>
    </table></div>`;
  }

  line(database, relation) {
    const facts = this.facts.get(`${database}/${relation.name}`) ?? {};
    const known = (value, words) => (value !== undefined && value !== null ? words(value) : html`<span class="muted">${facts.known ? '–' : '…'}</span>`);
    return html`<tr>
      <td><a href=${to('data', [database, relation.name])}><b>${relation.name}</b></a>
        ${relation.kind.includes('view') ? html` <span class="tag">${t('catalog.view')}</span>` : nothing}
        ${facts.refused ? html` <span class="tag">${t('catalog.no-rights')}</span>` : nothing}
        ${relation.comment ? html`<div class="muted small wrap">${relation.comment}</div>` : nothing}</td>
      <td class="number">${known(facts.rows, rows => (rows > MOST_COUNTED ? `≈ ${about(rows)}` : number(rows)))}</td>
      <td class="number spare">${known(facts.octets, size)}</td>
      <td class="spare">${known(facts.received, received => html`<time datetime=${received}>${ago(Date.parse(received))}</time>`)}</td>
      <td class="number spare">${relation.columns.length}</td>
    </tr>`;
  }
}

customElements.define('escala-catalog-page', CatalogPage);
