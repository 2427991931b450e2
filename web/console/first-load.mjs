// Lists what the browser loads before it shows the list of conversations: the entry with what it imports,
// and one language. size-limit adds them up.
import { readFileSync } from 'node:fs';

const root = new URL('../../cmd/relevo/web/console/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', root), 'utf8'));
const files = new Set();

function add(key) {
  const chunk = manifest[key];
  if (files.has(chunk.file)) return;
  for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
  for (const other of chunk.imports ?? []) add(other);
}

for (const key of ['index.html', 'words/es.json']) if (manifest[key]) add(key);

export const firstLoad = [...files].map((file) => new URL(file, root).pathname);
