import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// The desk that `npm run dev` talks to; `make dev` starts it.
const desk = process.env['RELEVO_DESK'] ?? 'http://127.0.0.1:8080';
const doors = ['/v1', '/config.json', '/oidc', '/uploads', '/dev', '/widget', '/pages', '/demo', '/phone', '/mailbox'];

export default defineConfig({
  plugins: [react()],
  base: '/',
  build: {
    outDir: '../../cmd/relevo/web/console',
    emptyOutDir: true,
    manifest: true, // for the check of the first load
    assetsInlineLimit: 0, // the page's policy allows no data: scripts or styles
    modulePreload: { polyfill: false },
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
