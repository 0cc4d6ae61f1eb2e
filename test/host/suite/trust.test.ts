import { strict as assert } from 'node:assert';
import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { Trainscope } from '../../../extension/trainscope.ts';
import { readableRoots } from '../../../extension/trust.ts';
import { secondRoot, trainscope, workspace } from './workbench.ts';

const { workspaceFolders } = vscode.workspace;

const text = (source: string) => `data:
  label: digit
  source: ${JSON.stringify(source)}
model: { layers: [{ dense: 10 }] }
training: { epochs: 1 }
`;

describe('a workspace that is not trusted', () => {
  let app: Trainscope;
  const folder = join(workspace(), 'untrusted');
  const config = vscode.Uri.file(join(folder, 'a.train.yaml'));
  const outside = join(dirname(workspace()), 'outside.csv');

  before(async () => {
    app = await trainscope();
    mkdirSync(folder);
    copyFileSync(join(workspace(), 'digits.csv'), outside);
    copyFileSync(join(workspace(), 'digits.csv'), join(secondRoot().fsPath, 'inside.csv'));
    symlinkSync(outside, join(folder, 'link.csv'));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Trains as such a workspace would. */
  function train(source: string) {
    return app.store.launch({
      configFile: config.fsPath,
      configText: text(source),
      runsFolder: join(folder, '.trainscope/runs'),
      readableRoots: readableRoots(config, { isTrusted: false, workspaceFolders }),
    });
  }

  it('has its own folders to read from, a trusted one everything', () => {
    const all = [workspace(), secondRoot().fsPath];
    assert.deepEqual(readableRoots(config, { isTrusted: false, workspaceFolders }), all);
    const none = { isTrusted: false, workspaceFolders: undefined };
    assert.deepEqual(readableRoots(config, none), [folder]);
    assert.equal(readableRoots(config), null);
  });

  for (const source of ['../../outside.csv', outside, 'link.csv'])
    it(`refuses data outside of them at its key: ${source.startsWith('/') ? 'an absolute path' : source}`, async () => {
      await assert.rejects(train(source).done, (error: Error & { place?: object }) => {
        assert.match(error.message, /outside the workspace/);
        assert.match(JSON.stringify(error.place), /"path":\["data","source"\]/);
        return true;
      });
      assert.equal(existsSync(join(folder, '.trainscope')), false);
    });

  it('reads data in any of them', async () => {
    const source = join(secondRoot().fsPath, 'inside.csv');
    assert.equal((await train(source).done).reason, 'completed');
  });
});
