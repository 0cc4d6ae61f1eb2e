import { readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vitest/config';

/** `import bytes from './x.wasm'` gives a Uint8Array, as esbuild's binary loader does. */
const binaryWasm: Plugin = {
  name: 'binary-wasm',
  enforce: 'pre',
  load(id) {
    const file = id.split('?')[0] ?? id;
    if (!file.endsWith('.wasm')) return null;
    const text = readFileSync(file).toString('base64');
    return `export default new Uint8Array(Buffer.from(${JSON.stringify(text)}, 'base64'));`;
  },
};

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [binaryWasm],
        test: {
          name: 'unit',
          include: ['test/{unit,golden,faults,fuzz}/**/*.test.ts'],
          globalSetup: 'test/kernels.setup.ts',
          // Files of a run, worker threads and wasm memories: real ones, which a slow machine feels.
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'ui',
          include: ['test/ui/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
