import type { Finding } from '../../events/finding.ts';
import type { Candidate } from '../best.ts';
import { scoreOf } from '../score.ts';

/** Of accuracy or R²: another seed often changes as much. */
const LIKELY_NOISE = 0.01;
const SEEDS = 5;

/** `sweep-unstable`: the best is ahead of the next by less than another seed may change. */
export function unstableFindings(ranked: readonly Candidate[]): Finding[] {
  const [best, next] = ranked;
  if (!best || !next) return [];
  const path = ['sweep', 'seeds'];
  if (!best.seeds || !next.seeds) {
    const lead = scoreOf(best.trial) - scoreOf(next.trial);
    if (lead >= LIKELY_NOISE) return [];
    return [
      {
        rule: 'sweep-unstable',
        severity: 'info',
        path,
        message: `Trials ${best.trial.number} and ${next.trial.number} differ by ${points(lead)} points, less than another seed may change. sweep.seeds: ${SEEDS} trains the best three on ${SEEDS} seeds and tells the mean and its deviation.`,
        evidence: { lead, threshold: LIKELY_NOISE, seeds: 1 },
        fixes: [{ title: `Train the best on ${SEEDS} seeds`, edits: [{ path, value: SEEDS }] }],
      },
    ];
  }
  const lead = best.seeds.mean - next.seeds.mean;
  // The standard error of the difference of two means.
  const noise = Math.sqrt(
    best.seeds.deviation ** 2 / best.seeds.seeds + next.seeds.deviation ** 2 / next.seeds.seeds,
  );
  if (lead > 2 * noise) return [];
  const told = ({ trial, seeds }: Candidate) =>
    `trial ${trial.number} ${points(seeds!.mean)} ± ${points(seeds!.deviation)}`;
  return [
    {
      rule: 'sweep-unstable',
      severity: 'info',
      path,
      message: `The best is within the noise of seeds: ${told(best)}, ${told(next)} (mean ± deviation over ${best.seeds.seeds} seeds, in points). Either will do: take the one that is cheaper.`,
      evidence: { lead, noise, seeds: best.seeds.seeds },
      fixes: [],
    },
  ];
}

function points(share: number): string {
  return (100 * share).toFixed(1);
}
