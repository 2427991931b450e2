// The whole widget, gzipped: the page, the loader, the script with its style sheet, and the words of the longest language,
// for one visitor loads one.
import { readdirSync, statSync } from 'node:fs';

const out = new URL('../../cmd/relevo/web/widget/', import.meta.url).pathname;
const built = readdirSync(out, { recursive: true }).filter((name) => /\.(html|js|css|json)$/.test(name)).map((name) => out + name);
/** The words of the longest language among some files. */
const longest = (files) => files.filter((name) => name.endsWith('.json')).sort((a, b) => statSync(`${b}.gz`).size - statSync(`${a}.gz`).size)[0];
/** The customer's tickets: loaded when he opens them. */
const tickets = built.filter((name) => name.includes('/tickets')), chat = built.filter((name) => !tickets.includes(name));
const loaded = (files) => [...files.filter((name) => !name.endsWith('.json')), longest(files)];

export default [
  { name: 'the loader', path: `${out}widget.js`, limit: '1 KiB', gzip: true },
  { name: 'the whole widget, in one language', path: loaded(chat), limit: '15 KiB', gzip: true },
  { name: "the customer's tickets, in one language", path: loaded(tickets), limit: '6 KiB', gzip: true },
];
