import * as vscode from 'vscode';
import type { Config, EnsembleMethod } from '../../core/config/index.ts';
import { loadCore } from '../load-core.ts';
import { Ensemble } from './ensemble.ts';
import type { EnsembleStore } from './store.ts';
import { describe } from './tree.ts';

/** Which of the ensembles that a config can have; null: none. */
export async function pickMethod(
  config: Config,
): Promise<EnsembleMethod | 'compare' | 'config' | null> {
  const { ENSEMBLE_METHODS, refuseMethod } = loadCore();
  const { t } = vscode.l10n;
  const asked = config.ensemble?.method;
  const all = {
    label: t('Compare all that apply'),
    description: t('every method and combination, and a member alone'),
    which: 'compare' as const,
  };
  const methods = ENSEMBLE_METHODS.filter((method) => method !== asked)
    .filter((method) => refuseMethod(method, config) === null)
    .map((method) => ({ label: method, description: '', which: method }));
  const own = asked
    ? [{ label: asked, description: t('as the config says'), which: 'config' as const }]
    : [];
  const placeHolder = t('Which ensemble?');
  const items = [...own, all, ...methods];
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.which ?? null;
}

export interface EnsembleQuestion {
  store: EnsembleStore;
  /** What is selected in the sidebar: a key pressed there is about it. */
  selection: readonly Ensemble[];
  /** Which ensembles the command can act on. */
  accepts: (ensemble: Ensemble) => boolean;
  /** Said when there is none. */
  none: string;
}

/** The ensemble a command is about: its argument, else the sidebar's selection, else a choice. */
export async function pickEnsemble(
  argument: unknown,
  { store, selection, accepts, none }: EnsembleQuestion,
): Promise<Ensemble | null> {
  const meant = argument instanceof Ensemble ? argument : selection[0];
  if (meant && accepts(meant)) return meant;
  const ensembles = store.ensembles.filter(accepts);
  if (ensembles.length === 0 || argument instanceof Ensemble) {
    vscode.window.showInformationMessage(none);
    return null;
  }
  if (ensembles.length === 1) return ensembles[0]!;
  const items = ensembles.map((ensemble) => ({
    label: ensemble.name,
    description: describe(ensemble),
    detail: new Date(ensemble.startedAt).toLocaleString(),
    ensemble,
  }));
  const placeHolder = vscode.l10n.t('Which ensemble?');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.ensemble ?? null;
}
