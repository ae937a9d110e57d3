/**
 * Puts a text on the clipboard, or where the browser keeps that for itself (pages that did not come over
 * TLS), marks it in the page, so that a key copies it.
 *
 * @returns {Promise<boolean>} whether it is on the clipboard
 */
export async function copy(text, element) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return true;
  }
  getSelection().selectAllChildren(element);
  return false;
}
