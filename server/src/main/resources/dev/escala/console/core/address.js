/**
 * The state of a page, which stands in the fragment of its address: `#/data/flights/airports?state=eq.CA`.
 * So it can be shared and survives a reload, and what is asked never gets into the log of a proxy.
 */

/** @returns {{page: string, names: string[], query: string}} */
export function current() {
  return read(location.hash);
}

export function read(fragment) {
  const text = fragment.replace(/^#\/?/, '');
  const mark = text.indexOf('?');
  const path = mark < 0 ? text : text.slice(0, mark);
  const [page = '', ...names] = path.split('/').filter(Boolean).map(decoded);
  return { page, names, query: mark < 0 ? '' : text.slice(mark + 1) };
}

/** @returns {string} the fragment of a page, for links */
export function to(page, names = [], query = '') {
  return `#/${[page, ...names].map(encodeURIComponent).join('/')}${query && `?${query}`}`;
}

/** Goes there; `replace` leaves no step to go back to. */
export function go(fragment, replace = false) {
  if (fragment === location.hash) {
    return;
  }
  if (replace) {
    history.replaceState(null, '', fragment);
    window.dispatchEvent(new HashChangeEvent('hashchange'));
  } else {
    location.hash = fragment;
  }
}

/** @returns {[string, string][]} the parameters of a query string, in their order */
export function parameters(query) {
  return query
    .split('&')
    .filter(Boolean)
    .map(part => {
      const equals = part.indexOf('=');
      return equals < 0
        ? [decoded(part), '']
        : [decoded(part.slice(0, equals)), decoded(part.slice(equals + 1))];
    });
}

/** The reverse of `parameters`; what reads better as it is and means nothing here is left as it is. */
export function queryOf(pairs) {
  return pairs.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
}

function encoded(text) {
  return encodeURIComponent(text).replace(/%(2C|3A|40|2F|24)/g, whole => decodeURIComponent(whole));
}

function decoded(text) {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
