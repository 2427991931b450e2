import { defineConfig } from 'vitest/config';

// The application in the iframe: /widget/ on the desk's origin.
export default defineConfig({
  base: '/widget/',
  oxc: { jsx: { runtime: 'classic', pragma: 'h', pragmaFrag: 'Fragment' } },
  build: {
    outDir: '../../cmd/relevo/web/widget',
    emptyOutDir: true,
    target: 'es2022',
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
