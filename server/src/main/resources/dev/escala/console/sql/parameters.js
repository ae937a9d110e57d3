/** What of SQL is no text of its own: literals, quoted names, comments and casts. */
const LEFT_OUT = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[^]*?\*\/|\$(\w*)\$[^]*?\$\1\$|::/g;

/** @returns {string[]} the names of the parameters of a statement, such as `:from`, in their order */
export function parametersOf(sql) {
  const rest = sql.replace(LEFT_OUT, ' ');
  return [...new Set([...rest.matchAll(/(?<![\w:]):([A-Za-z_]\w*)/g)].map(found => found[1]))];
}
