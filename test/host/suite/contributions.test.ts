import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { COMMANDS, SETTINGS } from '../../../extension/ids.ts';
import { manifest, trainscope } from './workbench.ts';

interface Contributes {
  commands: { command: string }[];
}

describe('contributions', () => {
  before(trainscope);

  it('registers every command of package.json, and no other', async () => {
    const registered = (await vscode.commands.getCommands(true)).filter(
      // VS Code itself adds commands for views and containers, such as `….focus`.
      (id) => /^trainscope\.\w+$/.test(id) && !/^trainscope\.(configs|runs)$/.test(id),
    );
    const { commands } = manifest().contributes as unknown as Contributes;
    const contributed = commands.map(({ command }) => command).sort();
    assert.deepEqual(registered.sort(), contributed);
    assert.deepEqual([...COMMANDS].sort(), contributed);
  });

  it('has its settings, with their defaults', () => {
    assert.equal(vscode.workspace.getConfiguration().get(SETTINGS.memoryLimit), 4096);
  });

  it('opens its views', async () => {
    await vscode.commands.executeCommand('trainscope.configs.focus');
    await vscode.commands.executeCommand('trainscope.runs.focus');
  });
});
