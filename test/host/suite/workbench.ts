import { join } from 'node:path';
import * as vscode from 'vscode';
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
  milliseconds = 20_000,
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

/** What is underlined in a text, with its message. */
export function underlined(document: vscode.TextDocument): { text: string; message: string }[] {
  return vscode.languages
    .getDiagnostics(document.uri)
    .filter(({ source }) => source === 'Trainscope')
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

/** Presses the CodeLens with this title. */
export async function press(document: vscode.TextDocument, title: string): Promise<unknown> {
  const lens = await until(`the lens ${title} is there`, async () =>
    (await codeLenses(document)).find(({ command }) => command!.title === title),
  );
  const { command, arguments: args = [] } = lens.command!;
  return vscode.commands.executeCommand(command, ...args);
}
