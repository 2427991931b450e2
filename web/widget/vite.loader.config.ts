import { defineConfig } from 'vite';

// The loader: one classic script of at most 1 KB, for the host page.
export default defineConfig({
  build: {
    outDir: '../../cmd/relevo/web/widget',
    emptyOutDir: false,
    target: 'es2022',
    reportCompressedSize: false,
    lib: { entry: 'src/loader.ts', formats: ['iife'], name: 'relevoLoader', fileName: () => 'widget.js' },
  },
});
