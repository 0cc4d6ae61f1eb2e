import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeEvent } from '../../core/events/codec.ts';
import type { SweepEvent, TrialEvent } from '../../core/events/sweep-event.ts';
import { frame } from '../../core/runs/tfrecord.ts';
import { SWEEP_LOG_FILE, TRIALS_FOLDER } from '../../core/sweep/log.ts';

const EPOCHS = 8;
const RATE = { low: 1e-5, high: 1 };
const L2 = { low: 1e-6, high: 1 };
const UNITS = { low: 10, high: 200 };
const CONFIG = `data: { source: digits.csv, label: digit, validation: 0.2 }
model: { layers: [dense: 100, relu, dense: 10] }
training: { epochs: ${EPOCHS} }
sweep:
  parameters:
    optimizer.learningRate: { log: [1e-5, 1] }
    regularization.l2: { log: [1e-6, 1] }
    model.layers.0.dense: { int: [10, 200] }
    model.layers.1: { choice: [relu, tanh, sigmoid] }
  stages: [{ trials: TRIALS, epochs: ${EPOCHS} }]
`;

/** Writes the log of a finished sweep, but none of the runs of its trials; returns its folder. */
export function writeSweep(sweepsFolder: string, config: string, trials: number): string {
  const folder = join(sweepsFolder, '20261121-120000-sweep');
  mkdirSync(join(folder, TRIALS_FOLDER), { recursive: true });
  const configText = CONFIG.replace('TRIALS', String(trials));
  const events = eventsOf(config, configText, trials, folder);
  writeFileSync(join(folder, 'config.yaml'), configText);
  writeFileSync(join(folder, SWEEP_LOG_FILE), Buffer.concat(events.map(encodeEvent).map(frame)));
  return folder;
}

function eventsOf(
  config: string,
  configText: string,
  trials: number,
  folder: string,
): SweepEvent[] {
  const ranges = {
    'optimizer.learningRate': RATE,
    'regularization.l2': L2,
    'model.layers.0.dense': UNITS,
    'model.layers.1': { values: ['relu', 'tanh', 'sigmoid'] },
  };
  return [
    {
      type: 'sweepStarted',
      formatVersion: 1,
      ...{ startedAt: Date.UTC(2026, 10, 21, 12), name: 'sweep', config, configText, seed: 1 },
    },
    { type: 'stage', stage: 1, trials, epochs: EPOCHS, firstTrial: 1, ranges },
    ...Array.from({ length: trials }, (_, i) => trialEvents(i)).flat(),
    { type: 'sweep', best: null, trials, findings: [], run: folder },
  ];
}

/** Weyl sequences of irrational steps: as if at random, and always the same. */
const at = (i: number, step: number) => ((i + 1) * step) % 1;
const log = ({ low, high }: typeof RATE, unit: number) => low * (high / low) ** unit;

/** The learning rate matters most. */
function trialEvents(i: number): SweepEvent[] {
  const rate = at(i, 0.754877);
  const parameters = {
    'optimizer.learningRate': log(RATE, rate),
    'regularization.l2': log(L2, at(i, 0.56984)),
    'model.layers.0.dense': Math.floor(UNITS.low + at(i, 0.438579) * (UNITS.high - UNITS.low)),
    'model.layers.1': ['relu', 'tanh', 'sigmoid'][Math.floor(3 * at(i, 0.3819))]!,
  };
  const accuracy = 0.1 + 0.85 * Math.exp(-(((rate - 0.66) / 0.2) ** 2)) + 0.03 * at(i, 0.2718);
  const number = i + 1;
  const metrics = (epoch: number) => {
    const dataLoss = 2.3 * (1 - accuracy) ** (epoch / EPOCHS) + 0.05;
    const quality = { accuracy: (accuracy * epoch) / EPOCHS, rmse: null, r2: null };
    return {
      train: { loss: dataLoss, dataLoss, ...quality },
      validation: { loss: dataLoss, ...quality },
    };
  };
  const trial = { number, stage: 1, parameters, seed: number };
  const epochs = Array.from({ length: EPOCHS }, (_, e) => e + 1);
  const end: TrialEvent = {
    type: 'trial',
    ...trial,
    ...{ state: 'completed', epochs: EPOCHS, run: null, ...metrics(EPOCHS) },
  };
  return [
    { type: 'trialStarted', ...trial, epochs: EPOCHS },
    ...epochs.map((epoch) => ({ type: 'trialEpoch' as const, number, epoch, ...metrics(epoch) })),
    end,
  ];
}
