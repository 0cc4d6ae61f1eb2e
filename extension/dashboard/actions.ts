import * as vscode from 'vscode';
import type { RunCommand } from '../../webview/protocol.ts';
import type { CommandId } from '../ids.ts';
import type { Run } from '../runs/run.ts';

const COMMANDS: { [C in RunCommand]: CommandId } = {
  pause: 'trainscope.pause',
  resume: 'trainscope.resume',
  stop: 'trainscope.stop',
  reveal: 'trainscope.revealRun',
  report: 'trainscope.exportReport',
  openConfig: 'trainscope.openConfig',
};

/** A button of the view does what the command of that name does. */
export function carryOut(run: Run, command: RunCommand): void {
  void vscode.commands.executeCommand(COMMANDS[command], run);
}
