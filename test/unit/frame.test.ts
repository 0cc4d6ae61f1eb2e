import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../extension/development/project.ts';

const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  scripts: Record<string, string>;
  engines: { vscode: string };
  devDependencies: Record<string, string>;
};

describe('the project frame', () => {
  it.each(['README.md', 'CONTRIBUTING.md'])('%s names only scripts that exist', (file) => {
    const commands = [...read(file).matchAll(/npm (?:run ([\w:-]+)|(start|test)\b)/g)];
    const named = commands.map(([, script, short]) => script ?? short ?? '');
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
  });

  it.each(['README.md', 'CONTRIBUTING.md'])('%s links only to files that exist', (file) => {
    const links = [...read(file).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(
      ([, path]) => path ?? '',
    );
    expect(links.filter((path) => !existsSync(join(projectRoot, path)))).toEqual([]);
  });

  it('has scripts that run files that exist', () => {
    const files = Object.values(manifest.scripts)
      .flatMap((script) => script.split(/\s+/))
      .filter((word) => /\.(ts|mjs)$/.test(word));
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((file) => !existsSync(join(projectRoot, file)))).toEqual([]);
  });

  it('has the four folders of the design and no other', () => {
    const tracked = execFileSync('git', ['ls-files'], { cwd: projectRoot, encoding: 'utf8' });
    const folders = tracked
      .split('\n')
      .filter((file) => file.includes('/') && !file.startsWith('.'))
      .map((file) => file.split('/')[0]);
    expect([...new Set(folders)].sort()).toEqual(['core', 'extension', 'test', 'webview']);
  });

  it('compiles against the oldest VS Code that it runs in', () => {
    const minor = /1\.\d+/;
    const types = minor.exec(manifest.devDependencies['@types/vscode'] ?? '')?.[0];
    expect(types).toBe(minor.exec(manifest.engines.vscode)?.[0]);
  });
});
