import * as vscode from 'vscode';
import type { RunHandle } from '../../core/session/launch.ts';
import type { Run } from './run.ts';

/**
 * Asks a run of this window for something. A run may end while it is asked: that, like any refusal,
 * is told to the user and never thrown.
 */
export async function ask(run: Run, act: (handle: RunHandle) => Promise<void>): Promise<void> {
  const { name } = run.summary;
  if (!run.handle) {
    const text = vscode.l10n.t('{0} is not training in this window (any more).', name);
    vscode.window.showInformationMessage(text);
    return;
  }
  try {
    await act(run.handle);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    vscode.window.showInformationMessage(`${name}: ${reason}`);
  }
}

/** Stops a run. One that ended by itself meanwhile has what was wanted: nothing is said. */
export async function stop(handle: RunHandle | null): Promise<void> {
  await handle?.stop().catch(() => {});
}
