import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { manifest, projectRoot } from './project.ts';

/** `npm run package`: the bundles in dist/ and the samples become one .vsix. */

const MAXIMUM_BYTES = 2e6;
const IGNORE_FILE = '.vscodeignore';
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
  const missing = REQUIRED.filter((file) => !existsSync(join(projectRoot, file)));
  if (missing.length > 0) throw new Error(`The .vsix would lack ${missing.join(', ')}.`);
  const file = vsixFile();
  rmSync(file, { force: true });
  const folder = mkdtempSync(join(tmpdir(), 'trainscope-package-'));
  try {
    // vsce matches each file of a project with each pattern: of a few files, in a tenth of the time.
    for (const name of packagedFiles()) cpSync(join(projectRoot, name), join(folder, name));
    const options = ['--allow-missing-repository', '--no-rewrite-relative-links'];
    vsce(folder, 'package', '--no-dependencies', '--out', file, ...options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const bytes = statSync(file).size;
  if (bytes > MAXIMUM_BYTES)
    throw new Error(`${file} has ${bytes} bytes; at most ${MAXIMUM_BYTES} are allowed.`);
  return { file, bytes };
}

/** What .vscodeignore lets in, by lines that begin with `!`; and that file itself. */
function packagedFiles(): string[] {
  const lines = readFileSync(join(projectRoot, IGNORE_FILE), 'utf8').split('\n');
  const patterns = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  return globSync([...patterns, IGNORE_FILE], { cwd: projectRoot }).filter((name) =>
    statSync(join(projectRoot, name)).isFile(),
  );
}

function vsce(folder: string, ...args: string[]): void {
  const cli = join(projectRoot, 'node_modules/@vscode/vsce/vsce');
  const result = spawnSync(process.execPath, [cli, ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (result.status !== 0)
    throw new Error(`vsce ${args[0]} failed:\n${result.stdout}${result.stderr}`);
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
