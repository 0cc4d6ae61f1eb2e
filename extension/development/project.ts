import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot: string = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** What is downloaded and what is made by the way; git ignores it. */
export const cacheFolder: string = join(projectRoot, '.vscode-test');

interface Manifest {
  name: string;
  publisher: string;
  version: string;
  engines: { vscode: string };
}

export function manifest(): Manifest {
  return JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as Manifest;
}

/** The oldest VS Code that the extension runs in, and the one it is tested in. */
export function vscodeVersion(): string {
  return manifest().engines.vscode.replace(/^[^\d]*/, '');
}
