import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import { askWhere } from '../save-dialog.ts';
import type { Run } from './run.ts';

/** Asks where to, and writes the run as one HTML file. Tells what it lacks, and why it cannot. */
export async function exportReport(run: Run, dist: vscode.Uri): Promise<void> {
  const file = await askWhere({ id: run.id, file: run.config }, 'report', 'html', 'HTML');
  if (!file) return;
  const title = vscode.l10n.t('Writing the report of {0}…', run.summary.name);
  const location = vscode.ProgressLocation.Window;
  const problem = await vscode.window.withProgress({ location, title }, () =>
    writeReport(run.folder, file.fsPath, vscode.Uri.joinPath(dist, 'cli.js').fsPath),
  );
  if (problem) {
    vscode.window.showErrorMessage(problem);
    return;
  }
  const open = vscode.l10n.t('Open');
  // Another machine's files are not this one's browser's.
  const ways = vscode.env.remoteName ? [] : [open];
  const told = vscode.l10n.t('The report is in {0}', vscode.workspace.asRelativePath(file));
  if ((await vscode.window.showInformationMessage(told, ...ways)) === open)
    await vscode.env.openExternal(file);
}

/** The command line does it, in a thread: a long run takes a second. Resolves to what went wrong, or null. */
function writeReport(folder: string, file: string, cli: string): Promise<string | null> {
  return new Promise((resolve) => {
    const worker = new Worker(cli, {
      argv: ['report', folder, '--out', file, '--json'],
      stdout: true,
    });
    let text = '';
    worker.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    worker.on('error', (error) => resolve(error.message));
    worker.on('exit', () => resolve(problemIn(text)));
  });
}

/** The last line that is an error, if there is one. */
function problemIn(lines: string): string | null {
  const records = lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { type: string; message?: string });
  return records.findLast(({ type }) => type === 'error')?.message ?? null;
}
