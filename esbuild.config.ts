import { mkdir, writeFile } from 'node:fs/promises';
import { type BuildOptions, build, context } from 'esbuild';
import { buildKernels } from './extension/development/kernels.ts';
import { thirdPartyNotices } from './extension/development/notices.ts';
import { vscodeOnce } from './extension/development/vscode-once.ts';

/** `node esbuild.config.ts [--watch]`: everything that the extension and the command line run. */

const watch = process.argv.includes('--watch');

const common = {
  outdir: 'dist',
  bundle: true,
  minify: !watch,
  // Error names and layer kinds show up in messages: minified names must not.
  keepNames: true,
  sourcemap: true,
  sourcesContent: false,
  metafile: true as const,
  logLevel: 'info',
} satisfies BuildOptions;

const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
} satisfies BuildOptions;

interface Bundle extends BuildOptions {
  entryPoints: Record<string, string>;
  metafile: true;
}

const bundles: Bundle[] = [
  {
    ...node,
    entryPoints: { extension: 'extension/main.ts' },
    external: ['./core.js'],
    plugins: [vscodeOnce],
  },
  // Loaded when the first config is seen, so that activation is quick.
  { ...node, entryPoints: { core: 'extension/core.ts' } },
  // Each worker thread needs a file of its own: the engine, and the one that looks at data.
  { ...node, entryPoints: { worker: 'core/worker.ts' } },
  { ...node, entryPoints: { facts: 'extension/language/facts-worker.ts' } },
  { ...node, entryPoints: { cli: 'core/cli.ts' }, banner: { js: '#!/usr/bin/env node' } },
  {
    ...common,
    entryPoints: {
      dashboard: 'webview/dashboard.ts',
      expression: 'webview/expression.ts',
      sweep: 'webview/sweep.ts',
      ensemble: 'webview/ensemble.ts',
    },
    platform: 'browser',
    format: 'iife',
    // The Chromium of the oldest VS Code that package.json's engines allow is newer.
    target: 'chrome130',
  },
];

await buildKernels();

if (watch) {
  for (const bundle of bundles) await (await context(bundle)).watch();
} else {
  // A broken bundle (esbuild has said why) does not keep the others from being built.
  const results = await Promise.allSettled(bundles.map((bundle) => build(bundle)));
  const built = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (built.length < bundles.length) process.exitCode = 1;
  const inputs = built.flatMap((result) => Object.keys(result.metafile.inputs));
  await mkdir('dist', { recursive: true });
  await writeFile('dist/THIRD-PARTY-NOTICES.txt', await thirdPartyNotices(inputs));
}
