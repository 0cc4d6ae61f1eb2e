import * as vscode from 'vscode';
import type { Finding } from '../../core/events/finding.ts';
import type { FromView, RunCommand } from '../../webview/protocol.ts';
import type { CommandId } from '../ids.ts';
import { openOrTell } from '../language/opening.ts';
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

const FINDING_COMMANDS = {
  open: 'trainscope.openFinding',
  explain: 'trainscope.explainRule',
  fix: 'trainscope.applyFix',
  verify: 'trainscope.verifyFix',
} as const satisfies { [action: string]: CommandId };

/** The same for a finding about a config, as this stands now. */
export async function actOnFinding(
  config: vscode.Uri,
  findings: readonly Finding[],
  { rule, path, action, fix }: Omit<Extract<FromView, { type: 'finding' }>, 'type' | 'run'>,
): Promise<void> {
  const finding = findings.find((one) => one.rule === rule && one.path.join() === path.join());
  // Withdrawn meanwhile.
  if (!finding) return;
  const document = await openOrTell(config);
  if (!document) return;
  const argument = { uri: config, finding, fix, version: document.version };
  await vscode.commands.executeCommand(FINDING_COMMANDS[action], argument);
}
