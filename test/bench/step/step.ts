import { setTimeout as sleep } from 'node:timers/promises';
import type { Trainer } from '../../../core/training/trainer.ts';
import { median, type Outcome } from '../figures.ts';
import { timeSteps, trainerOf } from './ours.ts';
import { openPeak, type Peak } from './peak.ts';
import { type Peer, startPyTorch, startTensorFlow } from './peers.ts';
import { flopsOf, WORKLOADS, type Workload } from './workloads.ts';

const ROUNDS = 7;
/** A turn takes about this long. */
const TURN_MS = 120;
/** Threads of a peer may go on looking for work after their turn: we wait for them to sleep. */
const REST_MS = 40;
const SEVERAL = 2;

export interface StepRow {
  name: string;
  description: string;
  /** Microseconds of a step on the better number of threads. */
  us: number;
  threads: number;
  oneThreadUs: number;
  /** On one thread without fused multiply-add. */
  plainUs: number;
  pytorchUs: number | null;
  pytorchThreads: number | null;
  tfjsUs: number | null;
  /** PyTorch's time over ours: above 1 we are faster. */
  ratio: number | null;
  gflops: number;
  /** Of the peak with as many threads; by the plain count of operations. */
  peakFraction: number;
  aim: Workload['aim'];
}

/** GFLOP/s of fused multiply-adds in registers. */
export interface PeakFigures {
  one: number;
  two: number;
}

interface Contender {
  step(repetitions: number): Promise<number>;
  us: number[];
}

/** Each workload, ours and the others' in turns, so that all feel the same machine. */
export async function benchStep(): Promise<Outcome> {
  const peers = {
    pytorch: [await startPyTorch(1), await startPyTorch(SEVERAL)],
    tensorflow: await startTensorFlow(),
  };
  if (!peers.pytorch[0]) console.error('No PyTorch in the system Python: its columns stay empty.');
  const peak = await openPeak(SEVERAL);
  const peaks: PeakFigures[] = [];
  const workloads: StepRow[] = [];
  for (const workload of WORKLOADS) workloads.push(await timed(workload, peers, peak, peaks));
  for (const peer of [...peers.pytorch, peers.tensorflow]) peer?.close();
  await peak.close();
  return {
    workloads,
    peak: { one: median(peaks.map(({ one }) => one)), two: median(peaks.map(({ two }) => two)) },
    figures: [],
  };
}

async function timed(
  workload: Workload,
  { pytorch, tensorflow }: { pytorch: (Peer | null)[]; tensorflow: Peer | null },
  peak: Peak,
  peaks: PeakFigures[],
): Promise<StepRow> {
  const trainers = [
    await trainerOf(workload, 1),
    await trainerOf(workload, SEVERAL),
    await trainerOf(workload, 1, 'simd'),
  ];
  const isDense = workload.input.length === 1;
  const contenders = [
    ...trainers.map(ours),
    ...pytorch.map((peer) => peer && other(peer, workload)),
    isDense && tensorflow ? other(tensorflow, workload) : null,
  ];
  // As many repetitions as fit into a turn, from a first try that also warms up.
  const repetitions: number[] = [];
  for (const contender of contenders) {
    const us = contender ? await contender.step(3) : 0;
    repetitions.push(Math.min(2000, Math.max(3, Math.round((TURN_MS * 1000) / us))));
  }
  const own: PeakFigures[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    own.push({ one: await peak.measure(1), two: await peak.measure(SEVERAL) });
    for (const [i, contender] of contenders.entries()) {
      if (!contender) continue;
      contender.us.push(await contender.step(repetitions[i]));
      await sleep(REST_MS);
    }
  }
  peaks.push(...own);
  for (const trainer of trainers) await trainer.dispose();
  const [one, several, plain, torchOne, torchSeveral, tfjs] = contenders.map((contender) =>
    contender ? median(contender.us) : null,
  );
  return row(workload, trainers[1].threads, own, {
    one: one!,
    several: several!,
    plain: plain!,
    torchOne,
    torchSeveral,
    tfjs,
  });
}

interface Times {
  one: number;
  several: number;
  plain: number;
  torchOne: number | null;
  torchSeveral: number | null;
  tfjs: number | null;
}

function row(workload: Workload, several: number, peaks: PeakFigures[], times: Times): StepRow {
  const { name, description, aim } = workload;
  const threads = times.several < times.one ? several : 1;
  const us = Math.min(times.one, times.several);
  const torch = [times.torchOne, times.torchSeveral];
  const pytorchUs = torch.every((t) => t !== null) ? Math.min(...torch) : null;
  const gflops = flopsOf(workload) / us / 1000;
  return {
    name,
    description: `${description} (${workload.batch})`,
    us,
    threads,
    oneThreadUs: times.one,
    plainUs: times.plain,
    pytorchUs,
    pytorchThreads: pytorchUs === null ? null : pytorchUs === times.torchOne ? 1 : SEVERAL,
    tfjsUs: times.tfjs,
    ratio: pytorchUs === null ? null : pytorchUs / us,
    gflops,
    peakFraction: gflops / median(peaks.map(({ one, two }) => (threads === 1 ? one : two))),
    aim,
  };
}

function ours(trainer: Trainer): Contender {
  return { step: async (repetitions) => timeSteps(trainer, repetitions), us: [] };
}

function other(peer: Peer, workload: Workload): Contender {
  return { step: (repetitions) => peer.step(workload, repetitions), us: [] };
}
