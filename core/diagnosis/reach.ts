import type { NeighbourProbe, QualityMetrics } from '../events/run-event.ts';
import { guessing } from './guessing.ts';
import { THRESHOLDS } from './thresholds.ts';
import type { Trace } from './trace.ts';

/** How far the data let a run get. */
export interface Reach {
  /** On the way from chance (0) to perfect (1). */
  most: number;
  /** What may be left of that way where all is learned that can be. */
  rest: number;
}

const UNKNOWN: Reach = { most: 1, rest: THRESHOLDS.learning.done };

/** By its nearest neighbours; all the way where these were not asked, or tell nothing: other ways to learn may. */
export function reachOf(trace: Trace): Reach {
  const probe = neighboursOf(trace);
  if (!probe) return UNKNOWN;
  const { score, apart, noise, examined } = probe;
  const { telling, near, exact, doubt } = THRESHOLDS.neighbours;
  const { done } = THRESHOLDS.learning;
  if (noise !== undefined) {
    if (!(apart < near && score > telling)) return UNKNOWN;
    // Where noise is little it is known well, and so is what is left besides.
    return { most: Math.max(score, 1 - noise), rest: Math.min(done, exact + doubt * noise) };
  }
  const chance = chanceOf(trace);
  const reached = (score - chance) / (1 - chance);
  if (!(reached > telling)) return UNKNOWN;
  // What of the inputs' variation neighbours do not share may tell more than they do.
  const most = Math.min(1, reached + apart);
  if (!(apart < near)) return { most, rest: done };
  return { most, rest: Math.min(done, exact + errorOf(score, examined) / (1 - chance)) };
}

/** The standard error of an accuracy among so many examples, never 0 (Laplace's rule). */
function errorOf(accuracy: number, examples: number): number {
  const share = (accuracy * examples + 1) / (examples + 2);
  return Math.sqrt((share * (1 - share)) / examples);
}

/** Whether a run is, at the end of its latest epoch, farther behind nearest neighbours than chance makes it. */
export function isBehindNeighbours(trace: Trace): boolean {
  const probe = neighboursOf(trace);
  const epoch = trace.epochs.at(-1);
  const { least, behind } = THRESHOLDS.neighbours;
  if (!probe || !epoch || probe.examined < least) return false;
  const { accuracy, r2 } = epoch.validation ?? epoch.train;
  return (accuracy ?? r2 ?? Number.NaN) < probe.score - behind;
}

export function neighboursOf({ probes }: Trace): NeighbourProbe | null {
  const probe = probes.findLast((one) => one.probe === 'neighbours');
  return probe?.probe === 'neighbours' ? probe : null;
}

/** How far a score is on the way from chance (0) to perfect (1); NaN where there is none. */
export function achieved(trace: Trace, { accuracy, r2 }: Pick<QualityMetrics, 'accuracy' | 'r2'>) {
  if (accuracy === null) return r2 ?? Number.NaN;
  const chance = chanceOf(trace);
  // With one class there is nothing to learn.
  return chance < 1 ? (accuracy - chance) / (1 - chance) : Number.NaN;
}

/** The accuracy of always saying the most common class. */
function chanceOf({ data }: Trace): number {
  const { right } = guessing(data);
  return Number.isFinite(right) ? right : 0;
}
