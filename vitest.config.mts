import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // The default leaves one core idle: half of two.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{unit,golden,faults,fuzz}/**/*.test.ts'],
          globalSetup: 'test/kernels.setup.ts',
          setupFiles: 'test/fast-check.setup.ts',
          // Files of a run, worker threads and wasm memories: real ones, which a slow machine feels.
          testTimeout: 60_000,
        },
      },
      {
        // The host's side of the dashboard runs before a browser without VS Code.
        resolve: {
          alias: { vscode: fileURLToPath(new URL('test/ui/vscode.ts', import.meta.url)) },
        },
        test: {
          name: 'ui',
          include: ['test/ui/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 240_000,
          // Each has a browser, and they wait a lot.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'slurm',
          include: ['test/slurm/**/*.test.ts'],
          globalSetup: 'test/kernels.setup.ts',
          testTimeout: 180_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
