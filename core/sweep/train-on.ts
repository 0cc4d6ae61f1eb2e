import { rm } from 'node:fs/promises';
import { hasLiveOwner } from '../runs/owner.ts';
import type { TrialOutcome, TrialReports } from './executor.ts';
import { recover } from './recover.ts';

/**
 * Trains a run of which an earlier process may have left a folder: one that is over is not trained again, one that
 * has a checkpoint goes on from it, and what cannot go on, for whatever reason, is trained from its beginning.
 */
export async function trainOn(
  folder: string | null,
  until: number | null,
  report: TrialReports['epoch'],
  train: (resume: string | null) => Promise<TrialOutcome>,
): Promise<TrialOutcome> {
  if (folder === null) return train(null);
  // On a cluster it may have gone on without us.
  if (hasLiveOwner(folder)) return train(folder);
  const left = await recover(folder, until, report);
  if (left.how === 'over') return left.outcome;
  if (left.how === 'continue') {
    const outcome = await train(folder);
    if (outcome.state !== 'failed') return outcome;
  }
  await rm(folder, { recursive: true, force: true });
  return train(null);
}
