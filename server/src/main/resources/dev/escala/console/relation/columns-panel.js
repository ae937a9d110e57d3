import { View, html, nothing } from '../core/element.js';
import { down, up } from '../core/icons.js';
import { t } from '../text/text.js';
import { quoted } from './request.js';

/**
 * Which columns are shown, and in which order. Event: `columns` with their names, or null for all as
 * they are.
 */
class ColumnsPanel extends View {
  static properties = { columns: { attribute: false }, chosen: { attribute: false }, relationships: { attribute: false }, embeds: { attribute: false }, search: { state: true } };

  constructor() {
    super();
    this.search = '';
  }

  /** Those that are shown first, in their order. */
  get all() {
    const shown = this.chosen ?? this.columns.map(column => column.name);
    const known = shown.map(name => this.columns.find(column => column.name === name)).filter(Boolean);
    return [...known, ...this.columns.filter(column => !shown.includes(column.name))];
  }

  shows(column) {
    return !this.chosen || this.chosen.includes(column.name);
  }

  render() {
    const fits = column => column.name.toLowerCase().includes(this.search.toLowerCase());
    return html`
      <div class="bar">
        <button type="button" ?disabled=${!this.chosen} @click=${() => this.tell('columns', null)}>${t('columns.all')}</button>
        ${this.columns.length > 12 ? html`<input type="search" class="grow" aria-label=${t('columns.search')} placeholder=${t('columns.search')} @input=${event => { this.search = event.target.value; }}>` : nothing}
      </div>
      <ul class="columns">${this.all.filter(fits).map(column => this.line(column))}</ul>
      ${this.relationships.length > 0 ? html`<h3>${t('columns.embeds')}</h3>
        <ul class="columns">${this.relationships.map(each => this.embed(each))}</ul>` : nothing}`;
  }

  /** Another relation, whose rows stand inside of each row under its name and what leads to it. */
  embed({ relation, cardinality, by, embed }) {
    const [, hint = ''] = /!([^(]+)/.exec(embed) ?? [];
    const name = hint ? `${relation}_${hint}` : relation;
    const term = `${hint ? `${quoted(name)}:` : ''}${embed.slice(embed.indexOf(',') + 1)}`;
    const chosen = this.embeds.includes(term);
    return html`<li><label class="check grow"><input type="checkbox" name="embed" .checked=${chosen}
      @change=${() => this.tell('embeds', chosen ? this.embeds.filter(each => each !== term) : [...this.embeds, term])}>
      <span class="wrap"><b>${relation}</b> <span class="muted small">${by}${cardinality.endsWith('many') ? ` · ${t('columns.many')}` : ''}</span></span></label></li>`;
  }

  line(column) {
    const name = column.name;
    const place = (this.chosen ?? this.columns.map(each => each.name)).indexOf(name);
    return html`<li>
      <label class="check grow"><input type="checkbox" .checked=${this.shows(column)} @change=${event => this.choose(event, name)}>
        <span class="wrap"><b>${name}</b> <span class="muted small">${column.type}${column.nullable ? '' : ` · ${t('columns.required')}`}</span>
        ${column.comment ? html`<br><span class="muted small">${column.comment}</span>` : nothing}</span></label>
      <button type="button" class="plain icon" aria-label=${t('columns.up', { column: name })} ?disabled=${place <= 0} @click=${() => this.move(name, -1)}>${up}</button>
      <button type="button" class="plain icon" aria-label=${t('columns.down', { column: name })} ?disabled=${place < 0 || place >= (this.chosen ?? this.columns).length - 1} @click=${() => this.move(name, 1)}>${down}</button>
    </li>`;
  }

  choose(event, name) {
    const shown = this.chosen ?? this.columns.map(column => column.name);
    const next = event.target.checked ? [...shown, name] : shown.filter(each => each !== name);
    event.target.checked = next.length > 0 && next.includes(name);
    if (next.length > 0) {
      this.tell('columns', next);
    } else {
      event.target.checked = true;
    }
  }

  move(name, step) {
    const shown = [...(this.chosen ?? this.columns.map(column => column.name))];
    const at = shown.indexOf(name);
    [shown[at], shown[at + step]] = [shown[at + step], shown[at]];
    this.tell('columns', shown);
  }
}

customElements.define('escala-columns-panel', ColumnsPanel);
