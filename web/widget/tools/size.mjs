// Prints what the widget weighs, gzipped, and fails above the limits: 1 KB for the loader; 15 KB for all that opening it and
// writing loads, in one language. What is fetched later, when it is first needed, is printed too.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const out = new URL('../../../cmd/relevo/web/widget/', import.meta.url).pathname;
const limits = { loader: 1024, open: 15 * 1024 };

const files = readdirSync(out, { recursive: true })
  .filter((name) => /\.(js|css|html|json)$/.test(name))
  .map((name) => ({ name, size: gzipSync(readFileSync(join(out, name)), { level: 9 }).length }));
const sum = (pattern) => files.filter((f) => pattern.test(f.name)).reduce((all, f) => all + f.size, 0);
const loader = sum(/^widget\.js$/), words = Math.max(...files.filter((f) => f.name.endsWith('.json')).map((f) => f.size));
const open = loader + words + sum(/index/), later = sum(/later/);

for (const f of files) console.log(`${String(f.size).padStart(7)} B  ${f.name}`);
console.log(`loader ${loader} of ${limits.loader} B, opened ${open} of ${limits.open} B, later ${later} B, in all ${open + later} B in one language`);
if (!(loader <= limits.loader && open <= limits.open)) {
  console.error('The widget is too large.');
  process.exitCode = 1;
}
