import * as vscode from 'vscode';
import type { Config, EnsembleMethod } from '../../core/config/index.ts';
import { loadCore } from '../load-core.ts';

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
