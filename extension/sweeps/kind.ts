import * as vscode from 'vscode';
import type { SweepFacts, ToSweep } from '../../webview/sweep/protocol.ts';
import { SWEEP, VIEWS } from '../ids.ts';
import type { WorkKind } from '../kept/kind.ts';
import { loadCore } from '../load-core.ts';
import { titleOf } from '../sidebar/runs.ts';
import { Sweep } from './sweep.ts';

export const SWEEPS: WorkKind<Sweep> = {
  is: (one) => one instanceof Sweep,
  tree: VIEWS.sweeps,
  panel: SWEEP,
  page: {
    bundle: 'sweep',
    whole: (sweep): ToSweep => {
      const facts = factsOf(sweep);
      return facts
        ? { type: 'hydrate', facts, trials: sweep.feed!.everything() }
        : { type: 'unreadable', message: sweep.message ?? '' };
    },
    news: (sweep): ToSweep | null => {
      const facts = factsOf(sweep);
      return facts && { type: 'update', facts, trials: sweep.feed!.news() };
    },
  },
  open: 'trainscope.openSweep',
  words: () => {
    const { t } = vscode.l10n;
    return {
      open: t('Open Sweep'),
      which: t('Which sweep?'),
      active: (count) => t('{0} searching', count),
      titleOf: (name) => t('{0} sweep', name),
      heading: (name) => t('Sweep of {0}', name),
      failed: (name, why) => t('The sweep of {0} could not go on: {1}', name, why),
      done: (name, what) => t('The sweep of {0} is complete: {1}', name, what),
      delete: (name, when) => t('Delete the sweep “{0}” of {1}?', name, when),
      deleted: (size, folder) =>
        t(
          'Its folder with {0}, the runs of all its trials, is removed for good: {1}',
          size,
          folder,
        ),
      noneYet: t('There are no sweeps yet. Press ⚙ Sweep above the key sweep of a config.'),
      noneActive: t('No sweep of this window is searching.'),
      noneOver: t('There is no sweep to delete that is over. Stop it first.'),
      noneStopped: t('There is no stopped sweep that could go on.'),
    };
  },
};

/** What a view shows of a sweep, but for its trials; null: its config cannot be read any more. */
function factsOf({ feed, facts, findings, asks, next }: Sweep): SweepFacts | null {
  if (!feed) return null;
  const proposal = next?.proposal;
  return {
    ...feed.facts(),
    ...facts,
    findings: findings.map(({ rule, severity, path, message, fixes }) => ({
      rule,
      title: titleOf(rule),
      severity,
      path,
      step: null,
      message,
      fixes: fixes.map(({ title }) => title),
    })),
    asks,
    next: proposal ? { stage: proposal.stage, ranges: loadCore().rangesOf(proposal.space) } : null,
  };
}
