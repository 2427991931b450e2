import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';

const file = (name: string): Record<string, string> => JSON.parse(readFileSync(new URL(`../words/${name}.json`, import.meta.url), 'utf8')) as Record<string, string>;
const read = (name: string) => ({ ...file(name), ...file(`${name}.more`), ...file(`${name}.settings`), ...file(`${name}.tickets`), ...file(`${name}.ticketPage`) });
const en = read('en');
const values = (s: string) => [...s.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

describe.each(['es', 'pt-BR'])('%s', (name) => {
  const other = read(name);
  it('has every word', () => expect(Object.keys(other).filter((k) => !k.endsWith('_many')).sort()).toEqual(Object.keys(en).sort()));
  it('has every plural', () => expect(Object.keys(en).filter((k) => k.endsWith('_other') && !(k.replace('_other', '_many') in other))).toEqual([]));
  it('names the same values', () => {
    for (const key of Object.keys(en)) expect([key, values(other[key] ?? '')]).toEqual([key, values(en[key] ?? '')]);
  });
});
