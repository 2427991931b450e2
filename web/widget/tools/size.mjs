// Prints what the widget weighs, and fails above the limits: 1 KB for the loader, 15 KB for all of it, gzipped.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const out = new URL('../../../cmd/relevo/web/widget/', import.meta.url).pathname;
const limits = { loader: 1024, all: 15 * 1024 };

const files = readdirSync(out, { recursive: true })
  .filter((name) => /\.(js|css|html|json)$/.test(name) && statSync(join(out, name)).isFile())
  .map((name) => ({ name, size: gzipSync(readFileSync(join(out, name)), { level: 9 }).length }));
const loader = files.find((f) => f.name === 'widget.js')?.size ?? Infinity;
const all = files.reduce((sum, f) => sum + f.size, 0);

for (const f of files) console.log(`${String(f.size).padStart(7)} B  ${f.name}`);
console.log(`${String(all).padStart(7)} B  in all, gzipped: at most ${limits.all}; the loader at most ${limits.loader}`);
if (!(loader <= limits.loader && all <= limits.all)) {
  console.error('The widget is too large.');
  process.exitCode = 1;
}
