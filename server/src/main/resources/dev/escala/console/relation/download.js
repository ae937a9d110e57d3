import { address, ask } from '../core/api.js';
import { token } from '../core/session.js';

export const FORMATS = [
  { name: 'CSV', format: 'csv', ending: 'csv' },
  { name: 'NDJSON', format: 'ndjson', ending: 'ndjson' },
  { name: 'Arrow', format: 'arrow', ending: 'arrows' },
  { name: 'Parquet', format: 'parquet', ending: 'parquet' },
];

/**
 * Saves what a request answers as a file. A link does that by itself, in any size; who shows a key cannot
 * use one, so that the file is put together here.
 *
 * @param {(octets: number) => void} progress
 */
export async function download(path, query, { format, ending }, progress, signal) {
  const file = `${path.at(-1)}.${ending}`;
  const asked = [query, `format=${format}`].filter(Boolean).join('&');
  if (!token()) {
    save(address(path, asked), file);
    return;
  }
  const response = await ask(path, { query: asked, signal });
  const parts = [];
  let octets = 0;
  const reader = response.body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    parts.push(read.value);
    octets += read.value.length;
    progress(octets);
  }
  const held = URL.createObjectURL(new Blob(parts));
  save(held, file);
  setTimeout(() => URL.revokeObjectURL(held), 60_000);
}

function save(href, file) {
  const link = document.createElement('a');
  link.href = href;
  link.download = file;
  link.click();
}
