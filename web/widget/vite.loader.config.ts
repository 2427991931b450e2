import { defineConfig } from 'vite';

// The loader: one classic script of at most 1 KB, for the host page.
export default defineConfig({
  build: {
    outDir: '../../cmd/relevo/web/widget',
    emptyOutDir: false,
    target: ['chrome123', 'firefox128', 'safari18'], // light-dark(), relative colours, popovers
    reportCompressedSize: false,
    lib: { entry: 'src/loader.ts', formats: ['iife'], name: 'relevoLoader', fileName: () => 'widget.js' },
  },
});
