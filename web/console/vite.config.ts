import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// The desk that `npm run dev` talks to; `make dev` starts it.
const desk = process.env['RELEVO_DESK'] ?? 'http://127.0.0.1:8080';
const doors = ['/v1', '/config.json', '/oidc', '/uploads', '/dev', '/widget', '/pages', '/demo', '/phone', '/mailbox'];

// What the list needs of others' work, in one file: it compresses better, and stays cached over our own changes.
const base = /node_modules\/(react|react-dom|scheduler|use-sync-external-store|openapi-fetch|@tanstack\/(react-router|router-core|history|store|react-store|query-core|react-query))\//;

export default defineConfig({
  plugins: [react()],
  base: '/',
  build: {
    outDir: '../../cmd/relevo/web/console',
    emptyOutDir: true,
    manifest: true, // for the check of the first load
    assetsInlineLimit: 0, // the page's policy allows no data: scripts or styles
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'base', test: base }] } } },
    target: ['chrome123', 'firefox120', 'safari17.5'], // light-dark()
  },
  server: {
    host: '127.0.0.1',
    port: 5173, // as `make dev` tells the desk
    strictPort: true,
    proxy: {
      ...Object.fromEntries(doors.map((door) => [door, { target: desk }])),
      '/live': { target: desk, ws: true },
    },
  },
  test: { include: ['test/**/*.test.ts'], environment: 'node' },
});
