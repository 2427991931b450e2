import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// The application in the iframe: /widget/ on the desk's origin. It is one script with its style sheet, and the words of one
// language: fewer and larger files weigh less.

const names = Object.keys(JSON.parse(readFileSync(new URL('src/words/en.json', import.meta.url), 'utf8')));

/** Ships the words as lists: what a word is called there is here its number. */
const numbered: Plugin = {
  name: 'numbered-words',
  apply: 'build',
  enforce: 'pre',
  transform(code, id) {
    if (!/widget\/src\/\w+\.tsx$/.test(id)) return;
    return code.replace(/\bw\.(\w+)/g, (_, name) => {
      if (!names.includes(name)) this.error(`no words are called ${name}`);
      return `w[${names.indexOf(name)}]`;
    });
  },
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type === 'asset' && file.fileName.endsWith('.json')) file.source = JSON.stringify(Object.values(JSON.parse(String(file.source))));
    }
  },
};

export default defineConfig({
  plugins: [numbered],
  resolve: process.env.PREACT === 'whole' ? {} : { alias: { preact: new URL('src/preact.js', import.meta.url).pathname } },
  base: '/widget/',
  oxc: { jsx: { runtime: 'classic', pragma: 'h', pragmaFrag: 'Fragment' } },
  build: {
    outDir: '../../cmd/relevo/web/widget',
    emptyOutDir: true,
    target: ['chrome123', 'firefox128', 'safari18'], // light-dark(), relative colours, popovers
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
  },
  server: {
    port: 5174,
    proxy: {
      '/widget/v1': 'http://127.0.0.1:8080',
      '/config.json': 'http://127.0.0.1:8080',
      '/uploads': 'http://127.0.0.1:8080',
      '/live': { target: 'http://127.0.0.1:8080', ws: true },
    },
  },
  test: { include: ['test/**/*.test.ts'] },
});
