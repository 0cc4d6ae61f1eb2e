import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { projectRoot } from '../../extension/development/project.ts';

/** Bundles the runner and the suites for the extension host; resolves to the runner's file. */
export async function bundleHostTests(): Promise<string> {
  const outdir = join(projectRoot, 'dist/test-host');
  await rm(outdir, { recursive: true, force: true });
  const suites = readdirSync(join(projectRoot, 'test/host/suite')).filter((file) =>
    file.endsWith('.test.ts'),
  );
  await build({
    absWorkingDir: projectRoot,
    entryPoints: ['test/host/runner.ts', ...suites.map((file) => `test/host/suite/${file}`)],
    outbase: 'test/host',
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    plugins: [
      {
        // A part of the extension that a suite imports shares the extension's own core.
        name: 'core of the extension',
        setup(build) {
          build.onResolve({ filter: /^\.\/core\.js$/ }, () => ({
            path: join(projectRoot, 'dist/core.js'),
            external: true,
          }));
        },
      },
    ],
  });
  return join(outdir, 'runner.js');
}
