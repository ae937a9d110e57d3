import { LitElement } from 'lit-element/lit-element.js';

export { html, nothing, svg } from 'lit-html';

/** A part of the console, in the document itself, so that one set of styles and labels holds for all. */
export class View extends LitElement {
  createRenderRoot() {
    return this;
  }

  /** Tells those around it. */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

const EVERY = 5000;

/** One that looks again every five seconds, as long as it is on a page that somebody sees. */
export class LookingView extends View {
  connectedCallback() {
    super.connectedCallback();
    this.timer = setInterval(() => document.hidden || this.look(), EVERY);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }
}
