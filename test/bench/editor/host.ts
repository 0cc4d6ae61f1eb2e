import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import type { Trainscope } from '../../../extension/trainscope.ts';
import { type Answer, clock, EMPTY_PAGE, PORT_VARIABLE, type Request } from './protocol.ts';

/** VS Code calls this inside its extension host: does what the bench asks until that hangs up. */
export async function run(): Promise<void> {
  const socket = connect(Number(process.env[PORT_VARIABLE]), '127.0.0.1');
  for await (const line of createInterface({ input: socket })) {
    const answer: Answer = { began: clock(), folder: '', error: null };
    try {
      answer.folder = await carryOut(JSON.parse(line) as Request);
    } catch (error) {
      answer.error = error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    socket.write(`${JSON.stringify(answer)}\n`);
  }
}

async function carryOut(request: Request): Promise<string> {
  if (request.do === 'execute') {
    await vscode.commands.executeCommand(request.command, ...request.arguments);
    return '';
  }
  if (request.do === 'emptyPage') {
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const panel = vscode.window.createWebviewPanel('empty', '', column, { enableScripts: true });
    panel.webview.html = EMPTY_PAGE;
    return '';
  }
  const extension = vscode.extensions.getExtension<Trainscope>('trainscope.trainscope')!;
  const { training } = await extension.activate();
  const run = await training.train(vscode.Uri.file(request.config), { showProgress: false });
  if (!run) throw new Error(`${request.config} was not trained.`);
  await run.handle?.done;
  return run.folder;
}
