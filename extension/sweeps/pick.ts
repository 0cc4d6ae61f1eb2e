import * as vscode from 'vscode';
import type { SweepStore } from './store.ts';
import { Sweep } from './sweep.ts';
import { describe } from './tree.ts';

export interface SweepQuestion {
  store: SweepStore;
  /** What is selected in the sidebar: a key pressed there is about it. */
  selection: readonly Sweep[];
  /** Which sweeps the command can act on. */
  accepts: (sweep: Sweep) => boolean;
  /** Said when there is none. */
  none: string;
}

/** The sweep a command is about: its argument, else the sidebar's selection, else a choice. */
export async function pickSweep(argument: unknown, question: SweepQuestion): Promise<Sweep | null> {
  const { store, selection, accepts, none } = question;
  const meant = argument instanceof Sweep ? argument : selection[0];
  if (meant && accepts(meant)) return meant;
  const sweeps = store.sweeps.filter(accepts);
  if (sweeps.length === 0 || argument instanceof Sweep) {
    vscode.window.showInformationMessage(none);
    return null;
  }
  if (sweeps.length === 1) return sweeps[0]!;
  const items = sweeps.map((sweep) => ({
    label: sweep.started.name,
    description: describe(sweep),
    detail: new Date(sweep.started.startedAt).toLocaleString(),
    sweep,
  }));
  const placeHolder = vscode.l10n.t('Which sweep?');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.sweep ?? null;
}
