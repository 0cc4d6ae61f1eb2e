import { dirname } from 'node:path';
import { applyEdits, replaceAll } from '../config/index.ts';
import type { Edit } from '../events/finding.ts';
import { jsonLine } from '../events/json-line.ts';
import type { SeedStatistics } from '../events/sweep-event.ts';
import { UserError } from '../events/user-error.ts';
import { parsedConfig } from '../session/prepare.ts';
import { runName } from '../session/started.ts';
import type { TrialOutcome } from '../sweep/executor.ts';
import { inParallel } from '../sweep/pool.ts';
import { statisticsOf } from '../sweep/seeds.ts';
import { ThreadExecutor } from '../sweep/threads.ts';
import type { ConfigSource } from './config-source.ts';
import { formatLoss, formatPercent } from './format.ts';
import { INTERRUPTED, onInterrupt } from './interrupt.ts';
import type { Output } from './output.ts';
import { runsBeside } from './run-name.ts';

const MOST_SEEDS = 100;
const METRICS = ['loss', 'accuracy', 'r2', 'rmse'] as const;

interface SeedRun extends TrialOutcome {
  seed: number;
  run: string;
}

/**
 * `train --seeds n`: trains the config with n seeds, a training a core, and tells mean and deviation. The split stays
 * that of the config's seed. Each is a run like others. Returns the exit code.
 */
export async function trainSeeds(
  source: ConfigSource,
  seeds: number,
  json: boolean,
  output: Output,
  workerFile: string,
): Promise<number> {
  const { config } = parsedConfig(source.file, source.text);
  const executor = new ThreadExecutor({ workerFile });
  const first = config.training.seed;
  const numbers = Array.from({ length: seeds }, (_, k) => first + k);
  const stop = new AbortController();
  output.onClosed(() => stop.abort());
  const interrupt = onInterrupt(() => stop.abort());
  const runs: SeedRun[] = [];
  try {
    await inParallel(numbers, executor.parallel, stop.signal, async (seed) => {
      let run = '';
      const training = executor.run(
        {
          number: seed,
          name: `${runName(source.file)} seed ${seed}`,
          configFile: source.file,
          configText: withSeed(source, seed, config.data.seed ?? first),
          runsFolder: runsBeside(dirname(source.file)),
          resume: null,
          until: null,
        },
        {
          opened: (folder) => {
            run = folder;
          },
          epoch: () => {},
        },
      );
      stop.signal.addEventListener('abort', training.stop);
      const outcome = await training.done;
      // Bad input is the same for every seed.
      if (outcome.state === 'failed')
        throw new UserError(outcome.message ?? 'The training failed.');
      if (stop.signal.aborted) return;
      const told = { ...outcome, seed, run };
      runs.push(told);
      output.screen.write(json ? `${jsonLine(seedRecord(told))}\n` : `${seedLine(told)}\n`);
    });
    if (interrupt.interrupted()) return INTERRUPTED;
    runs.sort((a, b) => a.seed - b.seed);
    output.screen.write(json ? `${jsonLine(summary(runs))}\n` : `${summaryLine(runs)}\n`);
    return runs.some(({ state }) => state === 'diverged') ? 1 : 0;
  } catch (error) {
    throw error instanceof UserError ? source.blame(error) : error;
  } finally {
    interrupt.dispose();
    await executor.dispose();
  }
}

/** Throws UserError for what is no number of seeds. */
export function seedCount(text: string): number {
  const seeds = Number(text);
  if (Number.isInteger(seeds) && seeds >= 1 && seeds <= MOST_SEEDS) return seeds;
  throw new UserError(`--seeds ${text}: expected a whole number from 1 to ${MOST_SEEDS}.`);
}

function withSeed({ text, file }: ConfigSource, seed: number, split: number): string {
  const edits: Edit[] = [
    { path: ['training', 'seed'], value: seed },
    { path: ['training', 'threads'], value: 1 },
    { path: ['data', 'seed'], value: split },
  ];
  return replaceAll(text, applyEdits(text, file, edits));
}

function seedRecord({ seed, state, epochs, train, validation, run }: SeedRun) {
  return { type: 'seed', seed, reason: state, epochs, train, validation, run };
}

function seedLine({ seed, state, epochs, train, validation, message }: SeedRun): string {
  const metrics = validation ?? train;
  if (state !== 'completed' || !metrics) return `seed ${seed} · ${state}: ${message ?? ''}`;
  return [
    `seed ${seed}`,
    `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}`,
    `loss ${formatLoss(metrics.loss)}`,
    metrics.accuracy === null
      ? `R² ${formatLoss(metrics.r2 ?? Number.NaN)}`
      : `accuracy ${formatPercent(metrics.accuracy)}`,
  ].join(' · ');
}

/** Mean and deviation of each metric that the runs have. */
function summary(runs: readonly SeedRun[]) {
  const of = (part: 'train' | 'validation') => {
    const known = runs.flatMap((run) => (run[part] ? [run[part]] : []));
    const entries = METRICS.flatMap((name): [string, SeedStatistics][] => {
      const statistics = statisticsOf(
        known.flatMap((metrics) => (metrics[name] === null ? [] : [metrics[name]])),
      );
      return statistics ? [[name, statistics]] : [];
    });
    return entries.length > 0 ? Object.fromEntries(entries) : null;
  };
  return {
    type: 'seeds',
    seeds: runs.map(({ seed }) => seed),
    train: of('train'),
    validation: of('validation'),
    runs: runs.map(({ run }) => run),
  };
}

function summaryLine(runs: readonly SeedRun[]): string {
  const { train, validation } = summary(runs);
  const metrics = validation ?? train ?? {};
  const text = (name: string, format: (value: number) => string) => {
    const statistics = metrics[name];
    return statistics ? [`${format(statistics.mean)} ± ${format(statistics.deviation)}`] : [];
  };
  const parts = [
    ...text('accuracy', formatPercent).map((value) => `accuracy ${value}`),
    ...text('r2', formatLoss).map((value) => `R² ${value}`),
    ...text('loss', formatLoss).map((value) => `loss ${value}`),
  ];
  return `${validation ? 'validation ' : ''}${parts.join(' · ')} (mean ± deviation over ${runs.length} seeds)`;
}
