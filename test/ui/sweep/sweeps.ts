import { valueAt } from '../../../webview/sweep/keys.ts';
import {
  type SearchedKey,
  type StageFacts,
  type SweepFacts,
  type ToSweep,
  TRIAL_NUMBERS,
  TRIAL_STATES,
  type TrialCurves,
  type TrialPhase,
  type TrialRows,
} from '../../../webview/sweep/protocol.ts';

/** Made-up sweeps, whose numbers follow a formula: the learning rate matters most, the activation not at all. */

export const KEYS: SearchedKey[] = [
  { key: 'optimizer.learningRate', kind: 'log', low: 1e-5, high: 1, choices: [] },
  { key: 'regularization.l2', kind: 'log', low: 1e-6, high: 1, choices: [] },
  { key: 'model.layers.0.dense', kind: 'int', low: 10, high: 200, choices: [] },
  { key: 'model.layers.1', kind: 'choice', low: 0, high: 2, choices: ['relu', 'tanh', 'sigmoid'] },
];

export interface MadeTrial {
  values: number[];
  score: number;
  loss: number;
  epochs: number;
  stage: number;
  phase: TrialPhase;
  message: string;
  losses: number[];
}

/** Weyl sequences of irrational steps: as if at random, and always the same. */
const at = (i: number, d: number) => ((i + 1) * [0.754877, 0.56984, 0.438579, 0.3819][d]!) % 1;

const STAGES: StageFacts[] = [
  {
    stage: 1,
    trials: 0,
    epochs: 2,
    ranges: {
      'optimizer.learningRate': { low: 1e-5, high: 1 },
      'regularization.l2': { low: 1e-6, high: 1 },
      'model.layers.0.dense': { low: 10, high: 200 },
      'model.layers.1': { values: ['relu', 'tanh', 'sigmoid'] },
    },
  },
  {
    stage: 2,
    trials: 0,
    epochs: 6,
    ranges: {
      'optimizer.learningRate': { low: 2e-3, high: 0.12 },
      'regularization.l2': { low: 1e-6, high: 0.01 },
      'model.layers.0.dense': { low: 60, high: 200 },
      'model.layers.1': { values: ['relu', 'tanh'] },
    },
  },
];

function makeTrial(i: number, coarse: number): MadeTrial {
  const stage = i < coarse ? 1 : 2;
  const spans = [
    [0, 1],
    [0, 1],
    [0, 1],
    [0, 1],
  ];
  if (stage === 2) {
    spans[0] = [0.46, 0.82];
    spans[1] = [0, 0.67];
    spans[2] = [0.26, 1];
    spans[3] = [0, 0.66];
  }
  const units = spans.map(([low, high], d) => low! + at(i, d) * (high! - low!));
  const values = KEYS.map((key, d) => {
    const value = valueAt(key, units[d]!);
    return key.kind === 'int' || key.kind === 'choice' ? value : Number(value.toPrecision(4));
  });
  const [rate, l2, width] = units as [number, number, number];
  const exploded = rate > 0.93;
  const quality =
    0.1 +
    0.86 * Math.exp(-(((rate - 0.66) / 0.2) ** 2)) * (l2 > 0.8 ? 0.45 : 1) +
    0.03 * (width - 0.5) +
    0.02 * at(i, 3);
  const epochs = stage === 1 ? 2 : 6;
  const failed = i % 47 === 13;
  const told = failed ? 0 : exploded ? 1 : epochs;
  const score = failed || exploded ? (failed ? Number.NaN : 0.1) : Math.min(0.985, quality);
  const losses = Array.from({ length: told }, (_, e) =>
    exploded ? 2.3 * 40 ** (e + 1) : 2.3 * (1 - score) ** ((e + 1) / epochs) + 0.05,
  );
  return {
    values,
    score,
    loss: losses.at(-1) ?? Number.NaN,
    epochs: told,
    stage,
    phase: failed ? 'failed' : exploded ? 'stopped' : 'completed',
    message: failed
      ? 'The network needs more memory than is left.'
      : exploded
        ? 'The cost is 40 times that of the start.'
        : '',
    losses,
  };
}

export function makeTrials(count: number, coarse = Math.round(count * 0.7)): MadeTrial[] {
  return Array.from({ length: count }, (_, i) => makeTrial(i, coarse));
}

export function rowsOf(trials: readonly MadeTrial[], from = 0): TrialRows {
  const numbers = trials.flatMap(({ score, loss, epochs, stage }) => {
    const all = stage === 1 ? 2 : 6;
    const named = { score, loss, epoch: epochs, epochs: all, stage, repeats: Number.NaN };
    return TRIAL_NUMBERS.map((name) => named[name]);
  });
  return {
    places: Uint32Array.from(trials, (_, i) => from + i),
    values: Float64Array.from(trials.flatMap(({ values }) => values)),
    numbers: Float64Array.from(numbers),
    phases: Uint8Array.from(trials, ({ phase }) => TRIAL_STATES.indexOf(phase)),
    messages: trials.map(({ message }) => message),
  };
}

export function makeFacts(
  trials: readonly MadeTrial[],
  changes: Partial<SweepFacts> = {},
): SweepFacts {
  const best = trials.reduce(
    (place, { score }, i) =>
      score > (trials[place]?.score ?? Number.NEGATIVE_INFINITY) ? i : place,
    -1,
  );
  const coarse = trials.filter(({ stage }) => stage === 1).length;
  const counts = [coarse, trials.length - coarse];
  return {
    id: '/home/ada/.trainscope/sweeps/20261121-150000-digits',
    name: 'digits · 15:00:00',
    phase: 'completed',
    message: null,
    canGoOn: false,
    quality: 'accuracy',
    measured: 'validation',
    sampler: 'random',
    keys: KEYS,
    stages: STAGES.map((stage, i) => ({ ...stage, trials: counts[i]! })).filter(
      ({ trials }) => trials > 0,
    ),
    planned: trials.length,
    importance: [
      { key: 'optimizer.learningRate', share: 0.71 },
      { key: 'regularization.l2', share: 0.12 },
      { key: 'model.layers.0.dense', share: 0.02 },
      { key: 'model.layers.1', share: 0 },
    ],
    best: best < 0 ? null : { place: best, seeds: { seeds: 5, mean: 0.968, deviation: 0.0061 } },
    findings: [
      {
        rule: 'sweep-border',
        title: 'Best value at the border of its range',
        severity: 'warning',
        path: ['sweep', 'parameters', 'regularization.l2', 'log'],
        step: null,
        message:
          'The best regularization.l2, 2.1e-6, lies at the lower border of its range: better ones may lie beyond.',
        fixes: ['Widen the range to [1e-7, 1]'],
      },
    ],
    asks: false,
    next: null,
    ...changes,
  };
}

export function hydrate(
  trials: readonly MadeTrial[],
  changes: Partial<SweepFacts> = {},
): Extract<ToSweep, { type: 'hydrate' }> {
  return { type: 'hydrate', facts: makeFacts(trials, changes), trials: rowsOf(trials) };
}

export function curvesOf(trials: readonly MadeTrial[]): TrialCurves {
  const offsets = [0];
  for (const { losses } of trials) offsets.push(offsets.at(-1)! + losses.length);
  return {
    places: Uint32Array.from(trials, (_, i) => i),
    offsets: Uint32Array.from(offsets),
    loss: Float64Array.from(trials.flatMap(({ losses }) => losses)),
  };
}
