// Compresses what was built, once, as small as it goes: the desk serves these copies as they lie (CloudFront makes its own).
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const root = new URL('../../cmd/relevo/web/console/', import.meta.url).pathname;
const packed = new Set(['.js', '.css', '.html', '.svg', '.json']);

for (const name of readdirSync(root, { recursive: true })) {
  const file = join(root, String(name));
  if (!statSync(file).isFile() || !packed.has(extname(file))) continue;
  const body = readFileSync(file);
  writeFileSync(`${file}.gz`, gzipSync(body, { level: 9 }));
  writeFileSync(`${file}.br`, brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}
