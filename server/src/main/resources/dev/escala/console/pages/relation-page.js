import { View, html, nothing } from '../core/element.js';
import { go, to } from '../core/address.js';
import { relation } from '../core/catalog.js';
import { copy } from '../core/copy.js';
import { Cut, cellText, shortType, textOf } from '../core/values.js';
import * as icons from '../core/icons.js';
import { many, number, size, t } from '../text/text.js';
import { openMenu } from '../parts/menu.js';
import { empty, trouble, working } from '../parts/notice.js';
import { FORMATS, download } from '../relation/download.js';
import { LiveRows } from '../relation/live-rows.js';
import { Request, embedName } from '../relation/request.js';
import { RelationRows } from '../relation/rows.js';
import '../grid/grid.js';
import '../relation/code-panel.js';
import '../relation/columns-panel.js';
import '../relation/filter-bar.js';
import '../relation/profile-panel.js';
import '../relation/row-panel.js';

/** The rows of a relation: filtered, ordered, drawn, listened to and taken away. */
class RelationPage extends View {
  static properties = {
    database: { attribute: false }, name: { attribute: false }, query: { attribute: false },
    relation: { state: true }, problem: { state: true }, names: { state: true }, row: { state: true }, note: { state: true },
  };

  constructor() {
    super();
    this.relation = null;
    this.rows = null;
    this.names = null;
    this.note = '';
    this.row = null;
    this.changed = () => this.rowsCame();
    this.failed = event => { this.note = event.failure.message; };
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.rows?.close();
    this.stop?.abort();
  }

  get request() {
    return Request.of(this.query);
  }

  get path() {
    return [this.database, this.name];
  }

  get isLive() {
    return this.request.view('live') !== '';
  }

  /** The columns that the grid shows, with their types where these are known. */
  get columns() {
    const embeds = this.request.embeds.map(embedName);
    return (this.names ?? []).map(name => this.known(name) ?? { name, type: embeds.includes(name) ? 'json' : '', nullable: true, comment: null });
  }

  known(name) {
    return this.relation.columns.find(column => column.name === name);
  }

  willUpdate(changed) {
    if (changed.has('database') || changed.has('name')) {
      this.relation = null;
      this.names = null;
    }
    const asked = JSON.stringify([this.path, this.request.query, this.isLive]);
    if (asked !== this.asked) {
      this.asked = asked;
      document.title = `${this.name} · Escala`;
      this.read();
    }
  }

  async read() {
    const asked = this.asked;
    this.rows?.close();
    this.rows = null;
    this.problem = null;
    this.row = null;
    this.note = '';
    try {
      const found = await relation(this.database, this.name);
      if (asked !== this.asked) {
        return;
      }
      if (!found) {
        this.problem = { status: 404, code: '', message: t('relation.lost', { relation: this.name }) };
        return;
      }
      this.relation = found;
      const chosen = this.request.columns;
      const embeds = this.request.embeds.map(embedName);
      const plain = (!chosen || chosen.every(name => this.known(name))) && !embeds.includes('');
      await this.open(asked, plain ? [...(chosen ?? found.columns.map(column => column.name)), ...embeds] : null);
    } catch (problem) {
      if (asked === this.asked) {
        this.problem = problem;
      }
    }
  }

  async open(asked, names) {
    const live = this.isLive;
    const rows = live
      ? new LiveRows(this.path, liveQuery(this.request), names ?? this.relation.columns.map(column => column.name))
      : new RelationRows(this.path, this.request.pairs, this.relation.primary_key);
    rows.addEventListener('rows', this.changed);
    rows.addEventListener('problem', live ? event => { this.problem = event.failure; } : this.failed);
    this.rows = rows;
    this.names = live ? names ?? this.relation.columns.map(column => column.name) : await rows.start(names);
    if (asked !== this.asked) {
      rows.close();
      return;
    }
    await this.updateComplete;
    this.showRows();
  }

  rowsCame() {
    this.requestUpdate();
    this.querySelector('escala-grid')?.refresh();
  }

  showRows() {
    const order = this.request.order;
    const heads = this.columns.map(column => ({
      ...column,
      label: shortType(column.type),
      sorted: order.filter(term => term.column === column.name).map(term => (term.descending ? 'desc' : 'asc'))[0],
    }));
    this.querySelector('escala-grid')?.show(heads, this.rows);
  }

  /** Goes to the same page with another request. */
  change(request) {
    go(to('data', this.path, request.toString()));
  }

  render() {
    return html`
      ${this.head()}
      <div class="split ${this.panelName === 'chart' ? 'wide' : ''}">
        <div class="split-main">${this.body()}</div>
        ${this.relation && this.names ? this.panel() : nothing}
      </div>`;
  }

  head() {
    const request = this.request;
    return html`<header class="sheet-head">
      <div class="bar">
        <h1>${this.name}</h1>
        <span class="muted" role="status">${this.count()}</span>
        <span class="grow"></span>
        ${this.tool('columns', icons.columns)}${this.tool('chart', icons.chart)}${this.tool('code', icons.code)}
        <button type="button" aria-pressed=${this.isLive} @click=${() => this.change(request.withView('live', this.isLive ? '' : 'on'))}>${icons.live}<span class="tool-word">${t('tool.live')}</span></button>
        <button type="button" @click=${event => this.offerFiles(event.currentTarget)}>${icons.download}<span class="tool-word">${t('tool.download')}</span></button>
      </div>
      ${this.relation?.comment ? html`<p class="muted small wrap">${this.relation.comment}</p>` : nothing}
      ${this.relation ? html`<escala-filter-bar .request=${request} .columns=${this.relation.columns}
        @condition=${this.narrowed} @drop=${event => this.change(request.withoutCondition(event.detail))}
        @drop-all=${() => this.change(request.withoutConditions())}></escala-filter-bar>` : nothing}
      ${this.isLive && this.rows ? this.liveBar() : nothing}
      ${this.note ? html`<p class="note" role="status">${this.note}</p>` : nothing}
    </header>`;
  }

  count() {
    if (!this.rows || !this.names) {
      return '';
    }
    if (this.isLive) {
      return many('live.seen', this.rows.seen);
    }
    return `${this.rows.exact ? '' : '≈ '}${many('relation.rows', this.rows.total)}`;
  }

  tool(name, icon) {
    const open = this.panelName === name;
    return html`<button type="button" aria-expanded=${open} @click=${() => this.change(this.request.withView('panel', open ? '' : name))}>${icon}<span class="tool-word">${t(`tool.${name}`)}</span></button>`;
  }

  get panelName() {
    return this.row ? 'row' : this.request.view('panel').split('~')[0];
  }

  body() {
    if (this.problem) {
      return this.isLive && this.problem.status === 406
        ? empty(t('live.none'), t('live.none.words'))
        : trouble(this.problem, () => this.read());
    }
    if (!this.names || !this.rows) {
      return html`<div class="page">${working()}</div>`;
    }
    const none = this.rows.total === 0;
    return html`
      ${none ? this.nothingHere() : nothing}
      <escala-grid menus label=${this.name} ?hidden=${none}
        @grid-sort=${event => this.sortBy(event.detail.column)} @grid-menu=${event => this.offerColumn(event.detail)}
        @grid-cell=${event => this.offerValue(event.detail)} @grid-row=${event => this.showRow(event.detail.row)}></escala-grid>`;
  }

  nothingHere() {
    if (this.isLive) {
      return html`<div class="page"><p class="working" role="status">${t('live.waiting')}</p></div>`;
    }
    return this.request.conditions.length > 0
      ? empty(t('relation.no-match'), t('relation.no-match.words'), html`<button type="button" @click=${() => this.change(this.request.withoutConditions())}>${t('filter.drop-all')}</button>`)
      : empty(t('relation.empty'), t('relation.empty.words'));
  }

  liveBar() {
    const { paused, state, waiting } = this.rows;
    return html`<div class="bar live" role="status">
      <span class="tag ${state === 'open' ? 'ok' : 'warn'}">${t(`live.${state}`)}</span>
      <button type="button" aria-pressed=${paused} @click=${() => this.rows.pause(!paused)}>${paused ? icons.play : icons.pause}${paused ? t('live.resume') : t('live.pause')}</button>
      ${waiting > 0 ? html`<span class="muted">${many('live.held', waiting)}</span>` : nothing}
    </div>`;
  }

  panel() {
    const [name, column] = this.row ? ['row'] : this.request.view('panel').split('~');
    const request = this.request;
    const content = {
      columns: () => html`<escala-columns-panel .columns=${this.relation.columns} .chosen=${request.columns} .relationships=${this.relation.relationships} .embeds=${request.embeds}
        @columns=${event => this.change(request.withColumns(event.detail))} @embeds=${event => this.change(request.withEmbeds(event.detail))}></escala-columns-panel>`,
      code: () => html`<escala-code-panel .read=${{ database: this.database, relation: this.name, pairs: request.pairs, query: request.query }}></escala-code-panel>`,
      profile: () => (this.known(column) ? html`<escala-profile-panel .path=${this.path} .filters=${request.filters} .column=${this.known(column)} @condition=${this.narrowed}></escala-profile-panel>` : nothing),
      row: () => html`<escala-row-panel .path=${this.path} .columns=${this.columns} .values=${this.row.values} .key=${this.relation.primary_key}></escala-row-panel>`,
      chart: () => this.chartPanel(),
    }[name];
    return content ? html`<aside class="panel" aria-label=${t(`tool.${name}`)}>
      <header class="bar"><h2 class="grow wrap">${name === 'row' ? t('row.title', { n: number(this.row.index + 1) }) : name === 'profile' ? column : t(`tool.${name}`)}</h2>
        <button type="button" class="plain icon" aria-label=${t('panel.close')} @click=${this.closePanel}>${icons.close}</button></header>
      ${content()}
    </aside>` : nothing;
  }

  chartPanel() {
    import('../relation/chart-panel.js').catch(() => { this.note = t('state.other-version'); });
    const request = this.request;
    return html`<escala-chart-panel .path=${this.path} .filters=${request.filters} .columns=${this.relation.columns} .chosen=${request.view('chart')}
      @chart=${event => this.change(request.withView('chart', event.detail))} @condition=${this.narrowed}></escala-chart-panel>`;
  }

  closePanel() {
    if (this.row) {
      this.row = null;
    } else {
      this.change(this.request.withView('panel', ''));
    }
  }

  narrowed({ detail: { column, condition } }) {
    this.change(this.request.withCondition(column, condition));
  }

  sortBy(at) {
    const { name } = this.columns[at];
    const known = this.request.order.find(term => term.column === name);
    this.change(this.request.withOrder(name, !known ? 'asc' : known.descending ? '' : 'desc'));
  }

  offerColumn({ column: at, anchor }) {
    const { name } = this.columns[at];
    const shown = this.names;
    if (!this.known(name)) {
      openMenu(anchor, [{ label: t('column.hide'), act: () => this.change(this.hidden(name)) }], name);
      return;
    }
    openMenu(anchor, [
      { label: t('column.ascending'), act: () => this.change(this.request.withOrder(name, 'asc')) },
      { label: t('column.descending'), act: () => this.change(this.request.withOrder(name, 'desc')) },
      { label: t('column.filter'), act: () => this.querySelector('escala-filter-bar').begin(name) },
      { label: t('column.profile'), act: () => { this.row = null; this.change(this.request.withView('panel', `profile~${name}`)); } },
      ...(shown.length > 1 ? [{ label: t('column.hide'), act: () => this.change(this.hidden(name)) }] : []),
    ], name);
  }

  /** The same request without a column or an embed. */
  hidden(name) {
    const { request } = this;
    return this.known(name)
      ? request.withColumns(this.names.filter(each => each !== name && this.known(each)))
      : request.withEmbeds(request.embeds.filter(each => embedName(each) !== name));
  }

  offerValue({ row, column: at, value, anchor }) {
    const column = this.columns[at];
    const condition = (label, text) => ({ label, act: () => this.change(this.request.withCondition(column.name, text)) });
    const isNull = value === null || value === undefined;
    const text = textOf(value);
    const filters = isNull
      ? [condition(t('value.empty'), 'is.null'), condition(t('value.filled'), 'not.is.null')]
      : value instanceof Cut || column.type.startsWith('json') || column.type === '' ? []
      : [condition(t('value.only'), `eq.${text}`), condition(t('value.without'), `neq.${text}`), condition(t('value.least'), `gte.${text}`), condition(t('value.most'), `lte.${text}`)];
    openMenu(anchor, [
      ...filters,
      { label: t('value.row'), act: () => this.showRow(row) },
      ...(isNull ? [] : [{ label: t('value.copy'), act: () => copy(text, anchor) }]),
    ], cellText(value, column.type).slice(0, 160));
  }

  showRow(index) {
    const values = this.rows.row(index);
    if (values) {
      this.row = { index, values };
    }
  }

  offerFiles(anchor) {
    openMenu(anchor, FORMATS.map(format => ({ label: format.name, act: () => this.take(format) })), t('download.words'));
  }

  async take(format) {
    this.stop?.abort();
    this.stop = new AbortController();
    try {
      await download(this.path, this.request.query, format, octets => { this.note = t('download.progress', { size: size(octets) }); }, this.stop.signal);
      this.note = '';
    } catch (failure) {
      this.note = failure.name === 'AbortError' ? '' : failure.message;
    }
  }
}

/** Of a request only its conditions and columns mean something to who listens. */
function liveQuery(request) {
  const columns = request.pairs.filter(([name]) => name === 'select');
  return new Request([...request.filters, ...columns]).query;
}

customElements.define('escala-relation-page', RelationPage);
