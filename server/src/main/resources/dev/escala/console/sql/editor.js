import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { PostgreSQL, sql } from '@codemirror/lang-sql';
import { HighlightStyle, bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--accent)', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--good)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--number)' },
  { tag: [tags.comment, tags.lineComment, tags.blockComment], color: 'var(--muted)', fontStyle: 'italic' },
  { tag: tags.typeName, color: 'var(--warn)' },
]);

const look = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--surface)', color: 'var(--ink)', fontSize: '13px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6' },
  '.cm-content': { caretColor: 'var(--accent)', padding: '10px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--muted)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--hover)' },
  '.cm-placeholder': { color: 'var(--muted)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--accent-soft)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accent-soft)', outline: '1px solid var(--accent)' },
  '.cm-tooltip': { backgroundColor: 'var(--surface)', color: 'var(--ink)', border: '1px solid var(--line)', borderRadius: '6px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '14em' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent-soft)', color: 'var(--accent-strong)' },
});

/**
 * An editor of SQL that knows the names of a catalog. It stands in a shadow tree, where its styles are
 * sheets that no content security policy forbids. Events: `sql` when the text changes, `run`.
 */
export class SqlEditor extends HTMLElement {
  #view;
  #language = new Compartment();
  #place = this.attachShadow({ mode: 'open' });

  connectedCallback() {
    const run = () => {
      this.dispatchEvent(new Event('run', { bubbles: true }));
      return true;
    };
    const label = this.getAttribute('label') ?? '';
    this.#view = new EditorView({
      parent: this.#place,
      root: this.#place,
      state: EditorState.create({
        doc: this.getAttribute('value') ?? '',
        extensions: [
          keymap.of([{ key: 'Mod-Enter', run }]),
          lineNumbers(), history(), drawSelection(), highlightActiveLine(), bracketMatching(), closeBrackets(), autocompletion(),
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap]),
          this.#language.of(sql({ dialect: PostgreSQL })),
          syntaxHighlighting(colours), look, placeholder(this.getAttribute('hint') ?? ''), EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
          EditorView.updateListener.of(update => update.docChanged && this.dispatchEvent(new CustomEvent('sql', { detail: this.value }))),
        ],
      }),
    });
  }

  disconnectedCallback() {
    this.#view.destroy();
  }

  get value() {
    return this.#view.state.doc.toString();
  }

  set value(text) {
    if (text !== this.value) {
      this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text } });
    }
  }

  /** @param {Object<string, string[]>} schema the columns of each relation */
  know(schema) {
    this.#view.dispatch({ effects: this.#language.reconfigure(sql({ dialect: PostgreSQL, schema })) });
  }

  focus() {
    this.#view.focus();
  }
}

customElements.define('escala-sql-editor', SqlEditor);
