import { View, html, nothing } from '../core/element.js';
import { close, filter, plus } from '../core/icons.js';
import { t } from '../text/text.js';
import { operators, words } from './conditions.js';

/**
 * The conditions of a request, and a line to add one. Events: `condition` with column and condition,
 * `drop` with the place of one, `drop-all`.
 */
class FilterBar extends View {
  static properties = { request: { attribute: false }, columns: { attribute: false }, column: { state: true }, operator: { state: true }, open: { state: true } };

  constructor() {
    super();
    this.column = '';
    this.operator = '';
    this.open = false;
  }

  /** Opens the line for a column. */
  async begin(column = '') {
    this.column = column;
    this.operator = '';
    this.open = true;
    await this.updateComplete;
    this.querySelector(column ? '[name="value"]' : '[name="column"]')?.focus();
  }

  get chosen() {
    return this.columns.find(column => column.name === this.column) ?? this.columns[0];
  }

  render() {
    const conditions = this.request.conditions;
    return html`<div class="bar filters">
      ${conditions.map(condition => this.chip(condition))}
      ${this.open && this.columns.length > 0 ? this.line() : html`
        <button type="button" class="plain" @click=${() => this.begin()}>${conditions.length ? plus : filter}${t('filter.add')}</button>`}
      ${conditions.length > 1 ? html`<button type="button" class="plain" @click=${() => this.tell('drop-all')}>${t('filter.drop-all')}</button>` : nothing}
    </div>`;
  }

  chip(condition) {
    const text = words(condition);
    return html`<span class="chip"><span title=${text}>${text}</span>
      <button type="button" aria-label=${t('filter.drop', { condition: text })} @click=${() => this.tell('drop', condition.at)}>${close}</button></span>`;
  }

  line() {
    const choices = operators(this.chosen.type);
    const operator = choices.find(each => each.name === this.operator) ?? choices[0];
    return html`<form class="bar" @submit=${event => this.add(event, operator)} @keydown=${this.pressed}>
      <select name="column" aria-label=${t('filter.column')} @change=${event => { this.column = event.target.value; this.operator = ''; }}>
        ${this.columns.map(column => html`<option ?selected=${column === this.chosen}>${column.name}</option>`)}
      </select>
      <select name="operator" aria-label=${t('filter.operator')} @change=${event => { this.operator = event.target.value; }}>
        ${choices.map(each => html`<option value=${each.name} ?selected=${each === operator}>${each.label()}</option>`)}
      </select>
      ${operator.bare ? nothing : html`<input name="value" aria-label=${t('filter.value')} placeholder=${this.chosen.type} autocomplete="off" spellcheck="false">`}
      <button class="main">${t('filter.apply')}</button>
      <button type="button" class="plain icon" aria-label=${t('filter.cancel')} @click=${() => { this.open = false; }}>${close}</button>
    </form>`;
  }

  pressed(event) {
    if (event.key === 'Escape') {
      this.open = false;
    }
  }

  add(event, operator) {
    event.preventDefault();
    const value = this.querySelector('[name="value"]')?.value ?? '';
    this.open = false;
    this.tell('condition', { column: this.chosen.name, condition: operator.of(value) });
  }
}

customElements.define('escala-filter-bar', FilterBar);
