import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = readdirSync(root, { recursive: true }).map(String).filter((f) => f.endsWith('.tsx') && !f.includes('node_modules'));

/** Names that a component takes from a module of styles, and those that the module has. */
function missing(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/import (\w+) from '([^']+\.module\.css)'/g)].flatMap(([, name, path]) => {
    const css = readFileSync(resolve(root, dirname(file), path ?? ''), 'utf8');
    const has = new Set([...css.matchAll(/\.([A-Za-z_][\w-]*)/g)].map((m) => m[1]));
    return [...text.matchAll(new RegExp(`(?<![\\w.])${name}\\.(\\w+)`, 'g'))].map((m) => m[1] ?? '').filter((n) => n !== 'module' && !has.has(n)).map((n) => `${path}: ${n}`);
  });
}

describe('styles', () => {
  it.each(files)('%s uses those that there are', (file) => expect(missing(file)).toEqual([]));
});
