import { median, type Outcome } from '../figures.ts';
import { timeSteps, trainerOf } from './ours.ts';
import { dense, flopsOf, type Workload } from './workloads.ts';

/** How the cost of a step grows with one thing, all else equal. */
export interface GrowthRow {
  what: 'width' | 'depth' | 'batch' | 'threads';
  value: number;
  us: number;
  gflops: number;
}

const ROUNDS = 5;

/** A 256-256-…-10 network, unless said otherwise, with batches of 64 on one thread. */
function network({ width = 256, depth = 2, batch = 64 }): Workload {
  return {
    name: 'growth',
    description: '',
    input: [256],
    layers: dense(...Array.from({ length: depth }, () => width), 10),
    classes: 10,
    batch,
    aim: { ratio: 0 },
  };
}

const CASES: { what: GrowthRow['what']; value: number; workload: Workload; threads: number }[] = [
  ...[32, 64, 128, 256, 512, 1024].map((width) => ({
    what: 'width' as const,
    value: width,
    workload: network({ width }),
    threads: 1,
  })),
  ...[1, 2, 4, 8, 16].map((depth) => ({
    what: 'depth' as const,
    value: depth,
    workload: network({ depth }),
    threads: 1,
  })),
  ...[1, 8, 32, 64, 128, 512].map((batch) => ({
    what: 'batch' as const,
    value: batch,
    workload: network({ batch }),
    threads: 1,
  })),
  ...[1, 2].map((threads) => ({
    what: 'threads' as const,
    value: threads,
    workload: network({ width: 512, depth: 3, batch: 128 }),
    threads,
  })),
];

export async function benchGrowth(): Promise<Outcome> {
  const growth: GrowthRow[] = [];
  for (const { what, value, workload, threads } of CASES) {
    const trainer = await trainerOf(workload, threads);
    const us = timeSteps(trainer, 3);
    const repetitions = Math.min(1000, Math.max(5, Math.round(40_000 / us)));
    const times = Array.from({ length: ROUNDS }, () => timeSteps(trainer, repetitions));
    await trainer.dispose();
    growth.push({
      what,
      value,
      us: median(times),
      gflops: flopsOf(workload) / median(times) / 1000,
    });
  }
  return { growth, figures: [] };
}
