import { listCheckpoints } from '../runs/checkpoint-folder.ts';
import { CANNOT_SAVE } from '../runs/disk-error.ts';
import { listRun, type RunListing } from '../runs/list.ts';
import type { TrialOutcome, TrialReports } from './executor.ts';

/** What is left of a trial that was trained by a process that is gone, or that waits at a rung. */
export type Recovered =
  /** It had come to its end; the sweep did not hear of it any more. */
  | { how: 'over'; outcome: TrialOutcome }
  /** It goes on from its last checkpoint. */
  | { how: 'continue' }
  /** There is nothing to go on from. */
  | { how: 'anew' };

/** Looks at the folder of a trial's run, and tells the epochs that are in its log. */
export async function recover(
  run: string,
  until: number | null,
  report: TrialReports['epoch'],
): Promise<Recovered> {
  const listing = await listRun(run);
  if (!listing || listing.problem !== null) return { how: 'anew' };
  for (const event of listing.outline)
    if (event.type === 'epoch') {
      const { epoch, train, validation } = event;
      report({ epoch, train, validation });
    }
  const outcome = outcomeOf(listing, until);
  if (outcome) return { how: 'over', outcome };
  const checkpoints = await listCheckpoints(run);
  return { how: checkpoints.length > 0 ? 'continue' : 'anew' };
}

function outcomeOf(listing: RunListing, until: number | null): TrialOutcome | null {
  const { state, epoch, train, validation, outline } = listing;
  const last = outline.findLast((event) => event.type === 'finished');
  const message = last?.type === 'finished' ? last.message : undefined;
  const told = { epochs: epoch, train, validation, ...(message !== undefined && { message }) };
  if (state === 'completed' || state === 'diverged') return { state, ...told };
  // The disk may have room again.
  if (state === 'failed' && !message?.startsWith(CANNOT_SAVE)) return { state, ...told };
  if (state === 'stopped' && until !== null && epoch >= until) return { state: 'waits', ...told };
  return null;
}
