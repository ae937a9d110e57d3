import { View, html, nothing } from '../core/element.js';
import { askJson } from '../core/api.js';
import { queryOf } from '../core/address.js';
import { Cut, textOf } from '../core/values.js';
import { size, t } from '../text/text.js';
import { quoted } from './request.js';

/** One row with each of its values as it is. */
class RowPanel extends View {
  static properties = { path: { attribute: false }, columns: { attribute: false }, values: { attribute: false }, key: { attribute: false }, whole: { state: true } };

  constructor() {
    super();
    this.whole = new Map();
  }

  willUpdate(changed) {
    if (changed.has('values')) {
      this.whole = new Map();
    }
  }

  render() {
    return html`<dl class="row-values">${this.columns.map((column, at) => html`
      <dt>${column.name} <span class="muted small">${column.type}</span></dt>
      <dd>${this.value(column, this.values[at])}</dd>`)}</dl>`;
  }

  value(column, value) {
    if (value === null || value === undefined) {
      return html`<span class="muted">null</span>`;
    }
    const known = this.whole.get(column.name);
    if (!(value instanceof Cut) || known !== undefined) {
      return html`<span class="value">${pretty(known ?? value, column.type)}</span>`;
    }
    return html`<span class="value">${String(value)}</span>
      ${this.address ? html`<button type="button" @click=${() => this.read(column)}>${t('row.whole', { size: size(value.length) })}</button>` : nothing}`;
  }

  /** The conditions under which there is this row alone; null where no key is among what is shown. */
  get address() {
    const conditions = this.key.map(name => {
      const value = this.values[this.columns.findIndex(column => column.name === name)];
      return value === undefined || value === null || value instanceof Cut ? null : [quoted(name), `eq.${textOf(value)}`];
    });
    return conditions.length > 0 && conditions.every(Boolean) ? conditions : null;
  }

  async read(column) {
    const query = queryOf([...this.address, ['select', quoted(column.name)]]);
    const [row] = await askJson(this.path, { query });
    this.whole = new Map(this.whole).set(column.name, row?.[column.name] ?? null);
  }
}

function pretty(value, type) {
  return type.startsWith('json') && typeof value === 'object' ? JSON.stringify(value, null, 2) : textOf(value);
}

customElements.define('escala-row-panel', RowPanel);
