import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../../extension/development/project.ts';
import { vscodeOnce } from '../../../extension/development/vscode-once.ts';

describe('the bundle of the extension', () => {
  it('asks VS Code for its API once', async () => {
    const { outputFiles } = await build({
      absWorkingDir: projectRoot,
      entryPoints: ['extension/main.ts'],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      external: ['./core.js'],
      plugins: [vscodeOnce],
      write: false,
      logLevel: 'silent',
    });
    expect(outputFiles[0]!.text.match(/require\("vscode"\)/g)).toHaveLength(1);
  });
});
