import type { RuleId } from '../../../../core/events/rule-ids.ts';
import { allSubjects } from '../generator/cases.ts';
import type { Judged } from '../judging/judge-all.ts';
import type { Manifest } from '../manifest.ts';
import { inParallel, type PoolOptions } from '../pool.ts';

/** A run whose label is known. */
export interface Run {
  id: string;
  seed: number;
  faulty: boolean;
  part: 'tuned' | 'held out' | 'mix';
  /** The fault class, the healthy variant, or what it looks like (mix). */
  name: string;
  /** Healthy: an ordinary one, one that looks like a fault, or a change that does no harm. */
  kind: 'fault' | 'ordinary' | 'hard' | 'harmless';
  /** What a change that harms does harm to. */
  harms: 'score' | 'time' | null;
  /** Empty where nobody knows: the mix. */
  causes: readonly RuleId[];
}

export interface JudgedRun extends Run {
  judged: Judged;
}

/** Seeds that are judged come after those that the labels were measured over. */
const FIRST_SEED = 11;
const SEEDS = 3;

/** Three of each change that harms, and as many healthy ones. */
export function controlledRuns({ subjects: labels }: Manifest): Run[] {
  const known = allSubjects().flatMap((subject) => {
    const label = labels[subject.id];
    return label && label.label !== 'unclear' ? [{ subject, label }] : [];
  });
  const faulty = known.filter(({ label }) => label.label === 'faulty').length;
  const healthySeeds = Math.max(1, Math.round((SEEDS * faulty) / (known.length - faulty)));
  return known.flatMap(({ subject, label }) => {
    const isFaulty = label.label === 'faulty';
    const { id, base, name, causes } = subject;
    const healthyKind = subject.kind === 'fault' ? 'harmless' : subject.hard ? 'hard' : 'ordinary';
    return Array.from({ length: isFaulty ? SEEDS : healthySeeds }, (_, i) => ({
      id,
      seed: FIRST_SEED + i,
      faulty: isFaulty,
      part: base.part,
      name,
      kind: isFaulty ? ('fault' as const) : (healthyKind as Run['kind']),
      harms: isFaulty ? label.harms : null,
      causes,
    }));
  });
}

export function mixRuns({ mix }: Manifest): Run[] {
  return Object.entries(mix).map(([id, { label, trait }]) => ({
    id,
    seed: FIRST_SEED,
    faulty: label === 'faulty',
    part: 'mix',
    name: trait ?? 'healthy',
    kind: label === 'faulty' ? 'fault' : 'ordinary',
    harms: label === 'faulty' ? 'score' : null,
    causes: [],
  }));
}

export async function judgeRuns(runs: readonly Run[], pool: PoolOptions): Promise<JudgedRun[]> {
  const jobs = runs.map(({ id, seed }) => ({ want: 'judged' as const, id, seed }));
  const judged = await inParallel(jobs, pool);
  return runs.map((run, i) => ({ ...run, judged: judged[i]! }));
}
