import { address } from '../core/api.js';

/** A read as it is written in other languages; none of them holds the key of whoever looks. */
export const languages = [
  { name: 'URL', of: read => url(read) },
  { name: 'curl', of: read => `curl${read.locked ? " -H \"Authorization: Bearer $ESCALA_TOKEN\"" : ''} '${url(read).replaceAll("'", '%27')}'` },
  { name: 'JavaScript', of: postgrestJs },
  { name: 'Python', of: python },
  { name: 'R', of: rLanguage },
];

/** @typedef {{database: string, relation: string, pairs: [string, string][], query: string, locked: boolean}} Read */

function url({ database, relation, query }) {
  return address([database, relation], query);
}

function postgrestJs({ database, relation, pairs, locked }) {
  const value = name => pairs.find(([each]) => each === name)?.[1];
  const calls = [`.select(${text(value('select') ?? '*')})`];
  for (const [name, condition] of pairs) {
    if (/^(not\.)?(and|or)$/.test(name)) {
      calls.push(`.${name.endsWith('or') ? 'or' : 'filter'}(${text(condition.slice(1, -1))})`);
    } else if (!['select', 'order', 'having', 'distinct'].includes(name)) {
      const point = condition.indexOf('.', condition.startsWith('not.') ? 4 : 0);
      calls.push(`.filter(${text(name)}, ${text(condition.slice(0, point))}, ${text(condition.slice(point + 1))})`);
    }
  }
  for (const term of (value('order') ?? '').split(',').filter(Boolean)) {
    const [column, direction] = term.split('.');
    calls.push(`.order(${text(column)}${direction === 'desc' ? ', { ascending: false }' : ''})`);
  }
  return `import { PostgrestClient } from '@supabase/postgrest-js'

const db = new PostgrestClient(${text(address([database]))}${locked ? ', {\n  headers: { Authorization: `Bearer ${process.env.ESCALA_TOKEN}` },\n}' : ''})
const { data, error } = await db
  .from(${text(relation)})
${calls.map(call => `  ${call}`).join('\n')}
  .limit(1000)`;
}

function python({ database, relation, pairs, locked }) {
  const list = [...pairs, ['format', 'parquet']].map(([name, value]) => `    (${text(name)}, ${text(value)}),`).join('\n');
  return `import io${locked ? ', os' : ''}
import httpx, pandas

answer = httpx.get(${text(address([database, relation]))}, params=[
${list}
]${locked ? ', headers={"Authorization": f"Bearer {os.environ[\'ESCALA_TOKEN\']}"}' : ''})
answer.raise_for_status()
rows = pandas.read_parquet(io.BytesIO(answer.content))`;
}

function rLanguage({ database, relation, pairs, locked }) {
  const list = [...pairs, ['format', 'csv']].map(([name, value]) => `    ${tick(name)} = ${text(value)}`).join(',\n');
  return `library(httr2)

rows <- request(${text(address([database, relation]))}) |>
  req_url_query(
${list}
  ) |>${locked ? '\n  req_auth_bearer_token(Sys.getenv("ESCALA_TOKEN")) |>' : ''}
  req_perform() |>
  resp_body_string() |>
  readr::read_csv()`;
}

const text = value => JSON.stringify(value);
const tick = name => (/^[a-zA-Z.][\w.]*$/.test(name) ? name : `\`${name.replaceAll('`', '\\`')}\``);
