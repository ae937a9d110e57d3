// Reads every expression of the rules and dashboards with the grammar of Prometheus 3, as its own pages do, and ends
// with 1 if one is not understood. Needs @prometheus-io/lezer-promql and yaml (npm) in NODE_PATH; called by run, beside it.
const { readFileSync, readdirSync } = require("node:fs");
const { join } = require("node:path");
const { parser } = require("@prometheus-io/lezer-promql");
const { parse } = require("yaml");

const OPS = join(__dirname, "..", "ops");

/** Where the grammar stopped to understand, or nothing. */
function mistake(expression) {
  let found;
  parser.parse(expression).iterate({
    enter: (node) => {
      found ??= node.type.isError ? expression.slice(node.from, node.from + 40) || "its end" : undefined;
    },
  });
  return found;
}

const files = (folder, ending) =>
  readdirSync(join(OPS, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => [name, readFileSync(join(OPS, folder, name), "utf8")]);

/** All values of `expr`, however deep; Grafana's variables as what they become. */
function expressions(tree) {
  if (tree === null || typeof tree !== "object") {
    return [];
  }
  const own = typeof tree.expr === "string" ? [tree.expr.replace(/\[\$__\w+\]/g, "[5m]")] : [];
  return own.concat(Object.values(tree).flatMap(expressions));
}

for (const planted of ["rate(up[5m)", "no_function(up)", "sum by (a) up +"]) {
  if (mistake(planted) === undefined) {
    throw new Error(`the grammar understands ${planted}, so it proves nothing`);
  }
}

const rules = files("prometheus/rules", ".yml").map(([name, text]) => [name, expressions(parse(text))]);
const dashboards = files("grafana/dashboards", ".json").map(([name, text]) => [name, expressions(JSON.parse(text))]);
let understood = 0;
for (const [name, found] of [...rules, ...dashboards]) {
  for (const expression of found) {
    const wrong = mistake(expression);
    if (wrong === undefined) {
      understood++;
    } else {
      console.error(`${name}: not understood at ${wrong}\n  ${expression}`);
      process.exitCode = 1;
    }
  }
}
console.log(`grammar of Prometheus 3: ${understood} expressions in ${rules.length + dashboards.length} files understood`);
