/**
 * Who looks at the console: a key or a token, kept in this tab until it is closed and sent in a header,
 * never in an address.
 */
const PLACE = 'escala.token';

/** @returns {string} the key or token; empty where there is none */
export function token() {
  return sessionStorage.getItem(PLACE) ?? '';
}

/** Takes another key or token, or none, and tells everybody by the event `session` of the window. */
export function signIn(value) {
  if (value) {
    sessionStorage.setItem(PLACE, value);
  } else {
    sessionStorage.removeItem(PLACE);
  }
  window.dispatchEvent(new Event('session'));
}
