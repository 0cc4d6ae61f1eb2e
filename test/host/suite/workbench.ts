import { basename, dirname, join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import type { Run } from '../../../extension/runs/run.ts';
import type { Trainscope } from '../../../extension/trainscope.ts';

/** What the suites share: the extension in the VS Code they run in, and its scratch workspace. */

const EXTENSION = 'trainscope.trainscope';

export async function trainscope(): Promise<Trainscope> {
  return vscode.extensions.getExtension<Trainscope>(EXTENSION)!.activate();
}

export function manifest(): { contributes: Record<string, unknown> } {
  return vscode.extensions.getExtension(EXTENSION)!.packageJSON;
}

/** A copy of the samples, in a folder with a space and letters beyond ASCII. */
export const workspace = (): string => vscode.workspace.workspaceFolders![0]!.uri.fsPath;

/** The other folder of the workspace, which has one config. */
export const secondRoot = (): vscode.Uri => vscode.workspace.workspaceFolders![1]!.uri;

/** Writes a config beside the samples and opens it. */
export async function openConfig(name: string, text: string): Promise<vscode.TextDocument> {
  const uri = vscode.Uri.file(join(workspace(), name));
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

export async function openSample(name: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(join(workspace(), name));
  await vscode.window.showTextDocument(document);
  return document;
}

/** Resolves with the first value that is neither null nor undefined nor false; tells what was awaited. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  milliseconds = 40_000,
): Promise<Exclude<T, null | undefined | false>> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false)
      return found as Exclude<T, null | undefined | false>;
    if (Date.now() > end) throw new Error(`waited ${milliseconds} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Trains for as long as a test needs it: it is stopped before it ends by itself. */
export const LONG = `data: { source: spiral, examples: 600 }
model:
  layers: [{ dense: 32 }, relu, { dense: 3 }]
training: { epochs: 100000, batchSize: 32 }
`;

/**
 * Presses ▶ Train above a config of this name; resolves when it has trained an epoch. Its dashboard
 * is closed: drawing it takes the time of those who train.
 */
export async function start(name: string): Promise<Run> {
  const run = (await press(await openConfig(name, LONG), '▶ Train')) as Run;
  (await trainscope()).dashboards.at(run.runsFolder)?.panel.dispose();
  await until(`${name} trains`, () => run.summary.epoch > 0);
  return run;
}

/** Ends all sweeps, ensembles and runs of this window and closes all editors. */
export async function cleanUp(): Promise<void> {
  const { store, sweeps, ensembles } = await trainscope();
  const jobs = [...sweeps.all, ...ensembles.all].flatMap(({ job }) => job ?? []);
  for (const { stop } of jobs) stop.abort();
  for (const { done } of jobs) await done;
  for (const run of store.runs) await run.handle?.dispose();
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/**
 * Answers the next warning (or error) as a user would; VS Code itself refuses to show modal dialogs in tests.
 * Resolves with what would have been shown.
 */
export function answerDialog(
  button: string | undefined,
  kind: 'showWarningMessage' | 'showErrorMessage' = 'showWarningMessage',
): Promise<unknown[]> {
  const { window } = vscode;
  const show = window[kind];
  return new Promise((resolve) => {
    const answer = async (...shown: unknown[]) => {
      window[kind] = show;
      resolve(shown);
      return button;
    };
    window[kind] = answer as typeof show;
  });
}

/** A copy of a sweep or an ensemble, where its config is gone. Resolves with its folder. */
export async function withoutConfig({ folder }: { folder: string }): Promise<string> {
  const kept = dirname(folder);
  const copy = join(workspace(), 'gone', '.trainscope', basename(kept), basename(folder));
  await vscode.workspace.fs.copy(vscode.Uri.file(folder), vscode.Uri.file(copy));
  return copy;
}

/** Threads that are started from now on; `alive` has those that have not ended. */
export function watchThreads(): { alive(): Worker[]; dispose(): void } {
  const seen: Worker[] = [];
  const add = (worker: Worker) => seen.push(worker);
  process.on('worker', add);
  return {
    alive: () => seen.filter(({ threadId }) => threadId !== -1),
    dispose: () => process.off('worker', add),
  };
}

/** What is underlined as wrong in a text, with its message. */
export function underlined(document: vscode.TextDocument): { text: string; message: string }[] {
  return vscode.languages
    .getDiagnostics(document.uri)
    .filter(
      ({ source, severity }) =>
        source === 'trainscope' && severity <= vscode.DiagnosticSeverity.Warning,
    )
    .map(({ range, message }) => ({ text: document.getText(range), message }));
}

export async function codeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document.uri,
    20,
  );
  return lenses.filter(({ command }) => command?.command);
}

/** The CodeLens with this title, once it is there. */
export function lensOf(document: vscode.TextDocument, title: string): Promise<vscode.CodeLens> {
  return until(`the lens ${title} is there`, async () =>
    (await codeLenses(document)).find(({ command }) => command!.title === title),
  );
}

/** Presses the CodeLens with this title. */
export async function press(document: vscode.TextDocument, title: string): Promise<unknown> {
  const { command, arguments: args = [] } = (await lensOf(document, title)).command!;
  return vscode.commands.executeCommand(command, ...args);
}
