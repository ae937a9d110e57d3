import { keyed } from 'lit-html/directives/keyed.js';
import { View, html, nothing } from './core/element.js';
import { current, to } from './core/address.js';
import { databases, relations } from './core/catalog.js';
import { signIn, token } from './core/session.js';
import * as icons from './core/icons.js';
import { language, languages, speak, t } from './text/text.js';
import { askWho, trouble, working } from './parts/notice.js';
import './parts/sign-in.js';

/** Each page by the first segment of its address; its code is read when somebody goes there. */
const PAGES = {
  '': { load: () => import('./pages/catalog-page.js'), show: () => html`<escala-catalog-page></escala-catalog-page>` },
  data: {
    load: () => import('./pages/relation-page.js'),
    show: ({ names, query }) => html`<escala-relation-page .database=${names[0]} .name=${names[1]} .query=${query}></escala-relation-page>`,
  },
  sql: {
    load: () => import('./pages/sql-page.js'),
    show: ({ names, query }) => html`<escala-sql-page .database=${names[0] ?? ''} .query=${query}></escala-sql-page>`,
  },
  queries: {
    load: () => import('./pages/queries-page.js'),
    show: ({ names, query }) => html`<escala-queries-page .database=${names[0] ?? ''} .name=${names[1] ?? ''} .query=${query}></escala-queries-page>`,
  },
  publish: {
    load: () => import('./pages/publish-page.js'),
    show: ({ names }) => html`<escala-publish-page .topic=${names[0] ?? ''}></escala-publish-page>`,
  },
  topics: {
    load: () => Promise.all([import('./pages/topics-page.js'), import('./pages/topic-page.js')]),
    show: ({ names, query }) => (names[0] ? html`<escala-topic-page .name=${names[0]} .query=${query}></escala-topic-page>` : html`<escala-topics-page></escala-topics-page>`),
  },
  runbook: {
    load: () => import('./pages/runbook-page.js'),
    show: ({ names }) => html`<escala-runbook-page .name=${names[0] ?? 'README'} .section=${names[1] ?? ''}></escala-runbook-page>`,
  },
  health: { load: () => import('./pages/health-page.js'), show: () => html`<escala-health-page></escala-health-page>` },
};

const THEMES = ['auto', 'light', 'dark'];

class App extends View {
  static properties = { at: { state: true }, ready: { state: true }, tree: { state: true }, failure: { state: true }, menu: { state: true }, search: { state: true } };

  constructor() {
    super();
    this.at = current();
    this.ready = '';
    this.tree = [];
    this.failure = null;
    this.menu = false;
    this.search = '';
    this.theme = localStorage.getItem('escala.theme') ?? 'auto';
    window.addEventListener('hashchange', () => this.moved());
    window.addEventListener('session', () => this.enter());
    window.addEventListener('catalog', () => this.readTree());
    this.paint();
    this.enter();
    this.moved();
  }

  /** Somebody else looks now: everything is asked anew. */
  enter() {
    this.visit = (this.visit ?? 0) + 1;
    this.readTree();
  }

  async moved() {
    this.at = current();
    this.menu = false;
    const page = this.at.page;
    try {
      await (PAGES[page] ?? PAGES['']).load();
      this.failure = null;
      this.ready = page;
    } catch (failure) {
      this.failure = failure;
    }
  }

  async readTree() {
    try {
      this.tree = await Promise.all((await databases()).map(async name => ({ name, relations: await relations(name) })));
    } catch {
      this.tree = []; // the page tells what is wrong
    }
  }

  paint() {
    document.documentElement.dataset.theme = this.theme;
  }

  chooseTheme(event) {
    this.theme = event.target.value;
    localStorage.setItem('escala.theme', this.theme);
    this.paint();
  }

  render() {
    return html`
      <a class="skip" href="#page" @click=${this.skip}>${t('shell.skip')}</a>
      <div class="top">
        <button type="button" class="plain icon" aria-label=${t('shell.menu')} aria-expanded=${this.menu} @click=${() => { this.menu = !this.menu; }}>${icons.menu}</button>
        <a class="brand" href="#/">${icons.mark}Escala</a>
      </div>
      ${this.menu ? html`<button type="button" class="veil" aria-label=${t('shell.close')} @click=${() => { this.menu = false; }}></button>` : nothing}
      <div class="side ${this.menu ? 'open' : ''}">
        <a class="brand" href="#/">${icons.mark}Escala</a>
        ${this.links()}${this.relations()}${this.choices()}
      </div>
      <main id="page" tabindex="-1">${this.page()}</main>
      <escala-sign-in></escala-sign-in>`;
  }

  skip(event) {
    event.preventDefault();
    this.querySelector('main').focus();
  }

  links() {
    const database = this.at.page === 'data' || this.at.page === 'sql' ? this.at.names[0] : this.tree[0]?.name;
    const link = (page, icon, fragment) => html`
      <a href=${fragment} aria-current=${this.at.page === page ? 'page' : nothing}>${icon}${t(`page.${page || 'catalog'}`)}</a>`;
    return html`<nav aria-label=${t('shell.pages')}>
      ${link('', icons.tables, '#/')}
      ${link('sql', icons.query, to('sql', database ? [database] : []))}
      ${link('queries', icons.star, to('queries'))}
      ${link('publish', icons.publish, to('publish'))}
      ${link('topics', icons.flow, to('topics'))}
      ${link('health', icons.pulse, to('health'))}</nav>`;
  }

  relations() {
    const all = this.tree.reduce((sum, database) => sum + database.relations.length, 0);
    const fits = relation => relation.name.toLowerCase().includes(this.search.toLowerCase());
    return html`<nav class="tree" aria-label=${t('shell.relations')}>
      ${all > 12 ? html`<input type="search" aria-label=${t('shell.search')} placeholder=${t('shell.search')} .value=${this.search} @input=${event => { this.search = event.target.value; }}>` : nothing}
      ${this.tree.map(database => html`
        <h2>${database.name}</h2>
        ${database.relations.filter(fits).map(relation => html`
          <a href=${to('data', [database.name, relation.name])} aria-current=${this.isAt(database, relation) ? 'page' : nothing}><span>${relation.name}</span></a>`)}`)}
    </nav>`;
  }

  isAt(database, relation) {
    return this.at.page === 'data' && this.at.names[0] === database.name && this.at.names[1] === relation.name;
  }

  choices() {
    return html`<footer>
      <select aria-label=${t('shell.language')} @change=${event => speak(event.target.value)}>
        ${languages.map(([code, name]) => html`<option value=${code} ?selected=${code === language}>${name}</option>`)}
      </select>
      <select aria-label=${t('shell.theme')} @change=${this.chooseTheme}>
        ${THEMES.map(theme => html`<option value=${theme} ?selected=${theme === this.theme}>${t(`theme.${theme}`)}</option>`)}
      </select>
      ${token()
        ? html`<button type="button" @click=${() => signIn('')}>${icons.key}${t('session.sign-out')}</button>`
        : html`<button type="button" @click=${askWho}>${icons.key}${t('session.sign-in')}</button>`}
    </footer>`;
  }

  page() {
    if (this.failure) {
      return trouble({ status: 0, code: 'network', message: t('state.other-version') }, () => location.reload());
    }
    const page = PAGES[this.at.page] ?? PAGES[''];
    return this.ready === this.at.page ? keyed(this.visit, page.show(this.at)) : working();
  }
}

customElements.define('escala-app', App);
