import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../extension/development/project.ts';
import { breaches, importsOf } from './law.ts';

const sources = ['core', 'extension', 'webview'].flatMap((folder) =>
  readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.replaceAll(sep, '/')}`)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .filter((file) => !/^(extension\/development|core\/kernels\/assembly)\//.test(file)),
);
const texts = new Map(
  sources.map((file) => [file, readFileSync(join(projectRoot, file), 'utf8')] as const),
);
const imports = [...texts].flatMap(([file, text]) => importsOf(file, text));

describe('the law of imports', () => {
  it('finds the imports it judges', () => {
    expect(imports.length).toBeGreaterThan(20);
    expect(imports).toContainEqual({
      from: 'core/session/protocol.ts',
      to: 'core/events/run-event.ts',
      typeOnly: true,
    });
  });

  it('is kept by every file', () => expect(breaches(imports)).toEqual([]));

  it('names the browser nowhere in core or extension', () => {
    for (const [file, text] of texts)
      if (!file.startsWith('webview/')) expect(text, file).not.toMatch(/<reference lib="dom/);
  });

  it('lets one file only know the widget toolkit', () => {
    const toolkit = imports.filter(({ to }) => to === '@vscode/webview-ui-toolkit');
    expect(new Set(toolkit.map(({ from }) => from)).size).toBeLessThanOrEqual(1);
  });

  it.each([
    ['core/events/a.ts', "import { x } from '../config/b.ts';"],
    ['core/data/a.ts', "import type { X } from '../network/b.ts';"],
    ['core/data/a.ts', "export * from '../kernels/b.ts';"],
    ['core/sanity/a.ts', "import {\n  x,\n  y,\n} from '../sweep/b.ts';"],
    ['core/sweep/a.ts', "import { x } from '../ensemble/b.ts';"],
    ['core/cli.ts', "import './worker.ts';"],
    ['core/session/a.ts', "const x = await import('../worker.ts');"],
    ['core/oddments/a.ts', "import { x } from '../events/b.ts';"],
    ['core/runs/a.ts', "import * as vscode from 'vscode';"],
    ['core/runs/a.ts', "import { x } from '../../extension/b.ts';"],
    ['core/runs/a.ts', "import type { X } from '../../webview/protocol.ts';"],
    ['extension/a.ts', "import { x } from '../webview/chart/b.ts';"],
    ['extension/a.ts', "import { x } from '../test/b.ts';"],
    ['extension/a.ts', "import { x } from './development/b.ts';"],
    ['webview/a.ts', "import { x } from '../extension/b.ts';"],
    ['webview/a.ts', "import { readFileSync } from 'node:fs';"],
    ['webview/a.ts', "import type { Uri } from 'vscode';"],
  ])('is broken by %s with %s', (file, text) => {
    expect(breaches(importsOf(file, text))).toHaveLength(1);
  });

  it('is broken by a view that leads to Node through a helper', () => {
    const chain = [
      ...importsOf('webview/a.ts', "import { x } from '../core/events/b.ts';"),
      ...importsOf('core/events/b.ts', "import { y } from './c.ts';"),
      ...importsOf('core/events/c.ts', "import { z } from 'node:path';"),
    ];
    expect(breaches(chain)).toEqual([expect.stringContaining('core/events/c.ts needs node:path')]);
  });

  it.each([
    ['core/training/a.ts', "import { x } from './b.ts';"],
    ['core/ensemble/a.ts', "import { x } from '../sweep/b.ts';"],
    ['core/cli.ts', "import { x } from './session/b.ts';"],
    ['extension/a.ts', "import type { X } from '../webview/protocol.ts';"],
    ['webview/a.ts', "import type { X } from '../core/runs/b.ts';"],
  ])('allows %s to %s', (file, text) => expect(breaches(importsOf(file, text))).toEqual([]));
});
