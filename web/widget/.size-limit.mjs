// The whole widget, gzipped: the page, the loader, the script with its style sheet, and the words of the longest language,
// for one visitor loads one.
import { readdirSync, statSync } from 'node:fs';

const out = new URL('../../cmd/relevo/web/widget/', import.meta.url).pathname;
const built = readdirSync(out, { recursive: true }).filter((name) => /\.(html|js|css|json)$/.test(name)).map((name) => out + name);
const words = built.filter((name) => name.endsWith('.json')).sort((a, b) => statSync(`${b}.gz`).size - statSync(`${a}.gz`).size);

export default [
  { name: 'the loader', path: `${out}widget.js`, limit: '1 KiB', gzip: true },
  { name: 'the whole widget, in one language', path: [...built.filter((name) => !name.endsWith('.json')), words[0]], limit: '15 KiB', gzip: true },
];
