import * as vscode from 'vscode';
import type { RunCommand } from '../../webview/protocol.ts';
import type { CommandId } from '../ids.ts';
import type { Run } from '../runs/run.ts';

const COMMANDS: { [C in RunCommand]: CommandId } = {
  pause: 'trainscope.pause',
  resume: 'trainscope.resume',
  stop: 'trainscope.stop',
  reveal: 'trainscope.revealRun',
  openConfig: 'trainscope.openConfig',
};

/** A button of the view does what the command of that name does. */
export function carryOut(run: Run, command: RunCommand): void {
  void vscode.commands.executeCommand(COMMANDS[command], run);
}

export async function changeLearningRate(run: Run, value: number): Promise<void> {
  try {
    if (run.handle) await run.handle.setLearningRate(value);
    else vscode.window.showInformationMessage(vscode.l10n.t('No run is training in this window.'));
  } catch (error) {
    vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}
