import { spawnSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { manifest, projectRoot } from './project.ts';

/** `npm run package`: the bundles in dist/ and the samples become one .vsix. */

const MAXIMUM_BYTES = 2e6;
const REQUIRED = [
  'extension.js',
  'core.js',
  'worker.js',
  'facts.js',
  'dashboard.js',
  'dashboard.css',
  'expression.js',
  'expression.css',
  'sweep.js',
  'sweep.css',
  'ensemble.js',
  'ensemble.css',
  'cli.js',
]
  .concat('THIRD-PARTY-NOTICES.txt')
  .map((file) => `dist/${file}`);

export function vsixFile(): string {
  const { name, version } = manifest();
  return join(projectRoot, `${name}-${version}.vsix`);
}

/** Makes the .vsix from what is built. Throws when it is too large or something is missing. */
export function packageExtension(): { file: string; bytes: number } {
  const listed = vsce('ls', '--no-dependencies').split('\n');
  const missing = REQUIRED.filter((file) => !listed.includes(file));
  if (missing.length > 0) throw new Error(`The .vsix would lack ${missing.join(', ')}.`);
  const file = vsixFile();
  rmSync(file, { force: true });
  vsce(
    ...['package', '--no-dependencies', '--out', file],
    ...['--allow-missing-repository', '--no-rewrite-relative-links'],
  );
  const bytes = statSync(file).size;
  if (bytes > MAXIMUM_BYTES)
    throw new Error(`${file} has ${bytes} bytes; at most ${MAXIMUM_BYTES} are allowed.`);
  return { file, bytes };
}

function vsce(...args: string[]): string {
  const cli = join(projectRoot, 'node_modules/@vscode/vsce/vsce');
  const result = spawnSync(process.execPath, [cli, ...args], {
    cwd: projectRoot,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (result.status !== 0)
    throw new Error(`vsce ${args[0]} failed:\n${result.stdout}${result.stderr}`);
  return result.stdout;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const { file, bytes } = packageExtension();
    console.log(`${file}: ${(bytes / 1024).toFixed(0)} KB`);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
