import { basename } from 'node:path';
import { FORMAT_VERSION, type StartedEvent } from '../events/run-event.ts';
import type { Prepared } from './prepare.ts';
import type { RunRequest } from './protocol.ts';

/** The first event of a run. */
export function startedEvent(
  { config, dataset, plan }: Prepared,
  { configFile, configText, name }: Pick<RunRequest, 'configFile' | 'configText' | 'name'>,
  { kernels, threads }: Pick<StartedEvent, 'kernels' | 'threads'>,
): StartedEvent {
  return {
    type: 'started',
    formatVersion: FORMAT_VERSION,
    startedAt: Date.now(),
    name: name ?? runName(configFile),
    config: basename(configFile),
    configText,
    task: dataset.task,
    plan: plan.summary,
    kernels,
    threads,
    seed: config.training.seed,
    epochs: config.training.epochs,
    stepsPerEpoch: plan.stepsPerEpoch,
    batchSize: plan.batchSize,
    ema: config.training.ema,
  };
}

/** `digits.train.yaml` -> `digits`. */
export function runName(configFile: string): string {
  const file = basename(configFile);
  return file.replace(/\.train\.(ya?ml|json)$/i, '') || file;
}
