import { View, html, nothing } from '../core/element.js';
import { copy } from '../core/copy.js';
import { t } from '../text/text.js';
import { parametersOf } from './parameters.js';

const NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/** A question as the file of a published query: those are of the configuration, which no page changes. */
class PublishQuery extends View {
  static properties = { database: { attribute: false }, sql: { attribute: false }, values: { attribute: false }, name: { state: true }, copied: { state: true } };

  constructor() {
    super();
    this.name = 'my_query';
    this.copied = false;
  }

  get file() {
    const parameters = parametersOf(this.sql).map(name => `-- :${name} ${typeOf(this.values.get(name) ?? '')} = ${this.values.get(name) || 'null'}`);
    return [`-- ${this.name.replaceAll('_', ' ')}`, ...parameters, this.sql.trim().replace(/;\s*$/, '')].join('\n');
  }

  get yaml() {
    return `databases:\n  ${this.database}:\n    queries: queries   # the folder that holds ${this.name}.sql`;
  }

  render() {
    return html`<div class="notice over">
      <p>${t('sql.save.words')}</p>
      <label class="field">${t('sql.save.name')}<input .value=${this.name} spellcheck="false" autocomplete="off" aria-invalid=${!NAME.test(this.name)}
        @input=${event => { this.name = event.target.value; this.copied = false; }}></label>
      <p class="small mono">queries/${this.name}.sql</p>
      <pre class="code file" tabindex="0" aria-label=${t('sql.save.file')}>${this.file}</pre>
      <div class="bar"><button type="button" @click=${this.take}>${t('code.copy')}</button>${this.copied ? html`<span role="status">${t('code.copied')}</span>` : nothing}</div>
      <p class="small mono">escala.yaml</p>
      <pre class="code" tabindex="0" aria-label="escala.yaml">${this.yaml}</pre>
    </div>`;
  }

  async take() {
    this.copied = await copy(this.file, this.querySelector('.file'));
  }
}

/** The type that a value of a parameter looks like. */
function typeOf(value) {
  if (/^-?\d{1,18}$/.test(value)) {
    return 'bigint';
  }
  if (/^-?\d+\.\d+$/.test(value)) {
    return 'numeric';
  }
  return /^\d{4}-\d\d-\d\d$/.test(value) ? 'date' : /^\d{4}-\d\d-\d\d[T ]\d\d:/.test(value) ? 'timestamptz' : 'text';
}

customElements.define('escala-publish-query', PublishQuery);
