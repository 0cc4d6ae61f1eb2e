import { mean } from '../effect/effect.ts';
import type { Manifest } from '../manifest.ts';
import { inParallel, type PoolOptions } from '../pool.ts';
import { REPAIRERS, type Repairer } from '../repairers.ts';
import type { Repaired } from '../repairing.ts';
import { type Share, shareOf } from './figures.ts';
import { controlledRuns, type Run } from './runs.ts';

/** What is a loss, and so what is a gain: 5 points. */
const POINTS = 0.05;
/** Faults of the data are mended there, not in the config. */
const OF_DATA = ['nan input', 'shuffled labels', 'shifted labels', 'imbalance', 'overfitting'];

export interface RepairFigures {
  /** Better by 5 points or more, on held-out seeds; and within 5 points of the base. */
  better: Share;
  asGood: Share;
  /** Worse by 5 points or more. */
  worse: Share;
  retrains: number;
  /** Time of the repair over that of one training, without and with the verification. */
  timeRatio: number;
  wholeTimeRatio: number;
}

export interface RepairReport {
  /** What the config has is repaired by us and by others; what the data have is not. */
  ofConfig: { [repairer in Repairer]: RepairFigures };
  ofData: RepairFigures;
  faults: { [name: string]: RepairFigures };
  cases: { id: string; titles: string[]; before: number; after: number; base: number }[];
}

/** Repairs faults that cost accuracy, once each: every so many of them. */
export async function repairAll(
  manifest: Manifest,
  every: number,
  pool: PoolOptions,
): Promise<RepairReport> {
  const runs = controlledRuns(manifest)
    .filter(({ harms }, i, all) => harms === 'score' && all[i]!.id !== all[i - 1]?.id)
    .filter((_, i) => i % every === 0);
  const isOfData = ({ name }: Run) => OF_DATA.includes(name);
  const jobs = REPAIRERS.flatMap((repairer) =>
    runs
      .filter((run) => repairer === 'Trainscope' || !isOfData(run))
      .map((run) => ({ run, repairer })),
  );
  const repaired = await inParallel(
    jobs.map(({ run: { id, seed }, repairer }) => ({
      want: 'repaired' as const,
      id,
      seed,
      repairer,
    })),
    pool,
  );
  const cases = jobs.map((job, i) => ({ ...job, result: repaired[i]!, manifest }));
  const ours = cases.filter(({ repairer }) => repairer === 'Trainscope');
  const ofConfig = (by: Repairer) =>
    figuresOf(cases.filter(({ run, repairer }) => repairer === by && !isOfData(run)));
  return {
    ofConfig: Object.fromEntries(
      REPAIRERS.map((by) => [by, ofConfig(by)]),
    ) as RepairReport['ofConfig'],
    ofData: figuresOf(ours.filter(({ run }) => isOfData(run))),
    faults: Object.fromEntries(
      [...new Set(runs.map(({ name }) => name))].map((name) => [
        name,
        figuresOf(ours.filter(({ run }) => run.name === name)),
      ]),
    ),
    cases: ours.map((one) => ({ id: one.run.id, titles: one.result.titles, ...scores(one) })),
  };
}

interface Case {
  run: Run;
  result: Repaired;
  manifest: Manifest;
}

function scores({ run, result, manifest }: Case) {
  const score = (outcomes: Repaired['before']) => mean(outcomes.map(({ final }) => final));
  return {
    before: score(result.before),
    after: score(result.after),
    base: manifest.subjects[run.id]!.base,
  };
}

function figuresOf(cases: readonly Case[]): RepairFigures {
  const all = cases.map(scores);
  const share = (holds: (one: (typeof all)[number]) => boolean) =>
    shareOf(all.filter(holds).length, all.length);
  const total = (of: (result: Repaired) => number) =>
    cases.reduce((sum, { result }) => sum + of(result), 0);
  return {
    better: share(({ before, after }) => after - before >= POINTS),
    asGood: share(({ after, base }) => after >= base - POINTS),
    worse: share(({ before, after }) => before - after >= POINTS),
    retrains: total(({ retrains }) => retrains) / cases.length,
    timeRatio: total(({ repairTime }) => repairTime) / total(({ plainTime }) => plainTime),
    wholeTimeRatio: total(({ wholeTime }) => wholeTime) / total(({ plainTime }) => plainTime),
  };
}
