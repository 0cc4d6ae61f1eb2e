import { basename, dirname, join } from 'node:path';
import type { TrialEvent } from '../events/sweep-event.ts';
import { UserError } from '../events/user-error.ts';
import { listCheckpoints } from '../runs/checkpoint-folder.ts';
import { newestFirst } from '../runs/list.ts';
import { ranking } from '../sweep/best.ts';
import { readSweep, sweepsBeside } from '../sweep/log.ts';
import { SweepState } from '../sweep/state.ts';
import type { MemberSource } from './protocol.ts';

export interface TopTrials {
  members: MemberSource[];
  /** Of their training; what the search took beside is not counted. */
  epochs: number;
}

/**
 * The best trials of a config's latest sweep that has results, as its last stage ranks them: at most `size`.
 * Throws UserError where there are not two.
 */
export async function topTrials(configFile: string, size: number): Promise<TopTrials> {
  const sweeps = sweepsBeside(dirname(configFile));
  for (const name of await newestFirst(sweeps)) {
    const folder = join(sweeps, name);
    const found = trialsOf(folder, basename(configFile));
    if (found.length < 2) continue;
    const trials = found.slice(0, size);
    const members: MemberSource[] = [];
    for (const trial of trials) {
      const run = join(folder, trial.run!);
      const latest = (await listCheckpoints(run)).at(-1);
      if (latest) members.push({ run, checkpoint: latest.name, by: 'judged' });
    }
    return { members, epochs: trials.reduce((sum, { epochs }) => sum + epochs, 0) };
  }
  throw new UserError(
    'topTrials takes the best trials of a sweep, and there is none of this config with two trials that came to their end. Run `trainscope sweep` first, or take another method.',
    { path: ['ensemble', 'method'] },
  );
}

/** The best first; none where the folder holds no sweep of this config. */
function trialsOf(folder: string, config: string): TrialEvent[] {
  const state = new SweepState();
  try {
    for (const event of readSweep(folder).events) state.see(event);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [];
  }
  if (state.started?.config !== config) return [];
  return ranking(state)
    .map(({ trial }) => trial)
    .filter((trial) => trial.state === 'completed' && trial.run !== null);
}
