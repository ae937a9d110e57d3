// Prints what the linter has to say of a document: a line each, with its rule and its place.
const { readFileSync } = require("node:fs");
const { createConfig, lintFromString } = require("@redocly/openapi-core");

async function lint(file) {
  const config = await createConfig({
    extends: ["recommended-strict"],
    // Under which licence the data are is not for the server to say.
    rules: { "info-license": "off" },
  });
  const source = readFileSync(file, "utf8");
  const problems = await lintFromString({ source, config, absoluteRef: "openapi.json" });
  for (const problem of problems) {
    console.log(`${problem.ruleId}: ${problem.message} ${problem.location[0]?.pointer}`);
  }
}

lint(process.argv[2]);
