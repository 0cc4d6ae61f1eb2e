import { train, validation } from './event-shapes.ts';
import {
  count,
  json,
  list,
  nullable,
  number,
  oneOf,
  optional,
  record,
  type Shape,
  string,
} from './shape.ts';
import type { SweepEvent } from './sweep-event.ts';

const ofTrial = {
  number: count,
  stage: count,
  parameters: json,
  seed: number,
  repeats: optional(count),
};

/** What each event of a sweep must hold when it is read from disk. */
export const SWEEP_EVENT_SHAPES: { [Type in SweepEvent['type']]: Shape } = {
  sweepStarted: record({
    formatVersion: count,
    startedAt: number,
    name: string,
    config: string,
    configText: string,
    seed: number,
  }),
  stage: record({ stage: count, trials: count, epochs: count, firstTrial: count, ranges: json }),
  trialStarted: record({ ...ofTrial, epochs: count }),
  trialRun: record({ number: count, run: string }),
  trialEpoch: record({ number: count, epoch: count, train, validation: nullable(validation) }),
  trialWaits: record({ number: count, epochs: count }),
  trial: record({
    ...ofTrial,
    state: oneOf('completed', 'stopped', 'failed'),
    message: optional(string),
    requeues: optional(count),
    epochs: count,
    train: nullable(train),
    validation: nullable(validation),
    run: nullable(string),
  }),
  sweep: record({ best: json, trials: count, findings: list(json), run: string }),
};
