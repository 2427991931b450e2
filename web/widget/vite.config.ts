import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// The application in the iframe: /widget/ on the desk's origin.
// Vite wraps import() to load style sheets and older browsers' modules ahead; here there is nothing to load ahead.
const plainImport: Plugin = {
  name: 'plain-import',
  enforce: 'pre',
  load: (id) => (id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load()' : undefined),
};

export default defineConfig({
  plugins: [plainImport],
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
