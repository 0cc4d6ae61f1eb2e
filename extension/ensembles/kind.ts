import * as vscode from 'vscode';
import type { EnsembleEvent } from '../../core/ensemble/protocol.ts';
import type { ToEnsemble } from '../../webview/ensemble/protocol.ts';
import { ENSEMBLE, VIEWS } from '../ids.ts';
import type { WorkKind } from '../kept/kind.ts';
import { loadCore } from '../load-core.ts';
import { Ensemble } from './ensemble.ts';

export const ENSEMBLES: WorkKind<Ensemble> = {
  is: (one) => one instanceof Ensemble,
  tree: VIEWS.ensembles,
  panel: ENSEMBLE,
  page: {
    bundle: 'ensemble',
    whole: (ensemble) => message('hydrate', ensemble, ensemble.everything()),
    news: (ensemble) => message('update', ensemble, ensemble.news()),
  },
  open: 'trainscope.openEnsemble',
  words: () => {
    const { t } = vscode.l10n;
    return {
      open: t('Open Ensemble'),
      which: t('Which ensemble?'),
      active: (count) => t('{0} in the making', count),
      titleOf: (name) => t('{0} ensemble', name),
      heading: (name) => t('Ensemble of {0}', name),
      failed: (name, why) => t('The ensemble of {0} could not be made: {1}', name, why),
      done: (name, what) => t('The ensemble of {0} is made; best: {1}', name, what),
      delete: (name, when) => t('Delete the ensemble “{0}” of {1}?', name, when),
      deleted: (size, folder) =>
        t(
          'Its folder with {0}, the runs of all its members, is removed for good: {1}',
          size,
          folder,
        ),
      noneYet: t('There are no ensembles yet. Make one of a config first.'),
      noneActive: t('No ensemble is in the making in this window.'),
      noneOver: t('There is no ensemble to delete that is over. Stop it first.'),
      noneStopped: t('There is no stopped ensemble that could go on.'),
    };
  },
};

function message(
  type: ToEnsemble['type'],
  { facts }: Ensemble,
  events: readonly EnsembleEvent[],
): ToEnsemble {
  return { type, facts, lines: events.map(loadCore().jsonLine) };
}
