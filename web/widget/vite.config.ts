import { readFileSync } from 'node:fs';
import { minify } from 'terser';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// The application in the iframe: /widget/ on the desk's origin. It is one script with its style sheet, and the words of one
// language: fewer and larger files weigh less.

const namesIn = (file: string): string[] => Object.keys(JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')));
const names: Record<string, string[]> = { w: namesIn('src/words/en.json'), pw: namesIn('src/portal/words/tickets.en.json') };

/** Ships the words as lists: what a word is called there is here its number. */
const numbered: Plugin = {
  name: 'numbered-words',
  apply: 'build',
  enforce: 'pre',
  transform(code, id) {
    if (!/widget\/src\/(portal\/)?\w+\.tsx$/.test(id)) return;
    return code.replace(/\b(p?w)\.(\w+)/g, (_, words, name) => {
      const at = names[words]!.indexOf(name);
      if (at < 0) this.error(`no words are called ${name}`);
      return `${words}[${at}]`;
    });
  },
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type === 'asset' && file.fileName.endsWith('.json')) file.source = JSON.stringify(Object.values(JSON.parse(String(file.source))));
    }
  },
};

/** Loads what is loaded later as the browser does: there is nothing to be loaded before it. */
const plain: Plugin = {
  name: 'plain-imports',
  apply: 'build',
  enforce: 'pre',
  load: (id) => (id.includes('vite/preload-helper') ? 'export const __vitePreload = (load) => load();' : undefined),
  renderChunk: (code) => code.replace(/__vitePreload\(\(\) => (.*), __VITE_PRELOAD__\)/, '$1'),
};

/** The page without what nothing asks for: spaces, tags that HTML lets one leave out, a mark for other origins. */
const tight: Plugin = {
  name: 'tight-page',
  apply: 'build',
  transformIndexHtml: { order: 'post', handler: (html) => html.replace(/\n\s*|<\/?(head|body|html)>| crossorigin|"/g, '') },
};

// Classes that no script looks for, and no view makes of words: they get names of one letter.
const classes = 'button note row input head brand help past said file rates body banner hello closed late start middle more end day by rows widget who'.split(' ');
const classed = (list: string): string => list.replace(/[\w-]+/g, (name) => (classes.includes(name) ? 'abcdefghjklmnopqrstuvwxyz'[classes.indexOf(name)]! : name));

/** Gives classes names of one letter, where a view wears them and where a style sheet names them. */
const short: Plugin = {
  name: 'short-classes',
  apply: 'build',
  enforce: 'pre',
  transform(code, id) {
    if (/widget\/src\/.*\.css/.test(id)) return code.replace(/\.([a-z]+)(?![\w-])/g, (_, name) => '.' + classed(name)).replaceAll('inline-size', 'width').replaceAll('block-size', 'height'); // nothing here is written downwards
    if (/widget\/src\/.*\.tsx$/.test(id)) return code.replace(/\bclass(=|: )("[^"]*"|'[^']*'|\{[^}]*\})/g, (worn) => worn.replace(/["'`][^"'`]*["'`]/g, classed));
    return;
  },
};

const properties = [...new Set(readFileSync(new URL('src/widget.css', import.meta.url), 'utf8').match(/--[a-z-]+/g))].sort((a, b) => b.length - a.length);

/** Gives the style sheet's custom properties names of one letter. */
const lettered = (code: string): string => properties.reduce((now, name, at) => now.replaceAll(name, `--${String.fromCharCode(97 + at)}`), code);

// Properties that stay inside: neither the desk, the host page, another tab, what is kept nor the browser knows them.
const inner = /^(drawn|kids|old|heard|ref|over|newID|shown|serve|dom|share|fault|changed|tickets|room|flush|go)$/;
const innerNames = {};

/** Minifies once more what the bundler minified: 170 bytes less. */
const again: Plugin = {
  name: 'minified-again',
  apply: 'build',
  enforce: 'post',
  async generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type === 'chunk') file.code = lettered((await minify(file.code, {
        module: true, ecma: 2020,
        compress: { passes: 3, unsafe: true, unsafe_arrows: true, hoist_funs: true },
        mangle: { properties: { regex: inner, cache: innerNames } as never },
      })).code!);
    }
  },
};

const named = 'assets/[name]-[hash:6].'; // a longer hash weighs more

export default defineConfig({
  plugins: [numbered, short, plain, tight, again],
  resolve: process.env.PREACT === 'whole' ? {} : { alias: { preact: new URL('src/preact.js', import.meta.url).pathname } },
  base: '/widget/',
  oxc: { jsx: { runtime: 'classic', pragma: 'h', pragmaFrag: 'Fragment' } },
  build: {
    outDir: '../../cmd/relevo/web/widget',
    emptyOutDir: true,
    target: ['chrome123', 'firefox128', 'safari18'], // light-dark(), relative colours, popovers
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: { output: { entryFileNames: named + 'js', chunkFileNames: named + 'js', assetFileNames: named + '[ext]' } },
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
