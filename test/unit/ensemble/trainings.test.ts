import { expect, it } from 'vitest';
import { type EnsembleMethod, parseConfig } from '../../../core/config/index.ts';
import { studentText, trainingsOf } from '../../../core/ensemble/trainings.ts';
import { ARMS } from './ensembles.ts';

const facts = (configText: string, configFile = 'arms.train.yaml') => ({
  configText,
  configFile,
  config: parseConfig(configText, configFile).config!,
});
const configOf = (text: string, file?: string) => facts(text, file).config;

it.each<[EnsembleMethod[], [seed: number, bootstrap: boolean, keep: number[]][]]>([
  [
    ['inits'],
    [
      [4, false, []],
      [5, false, []],
      [6, false, []],
    ],
  ],
  [
    ['bootstrap'],
    [
      [4, true, []],
      [5, true, []],
      [6, true, []],
    ],
  ],
  [['snapshots'], [[4, false, [2, 4, 6]]]],
  [['monteCarloDropout'], [[4, false, [6]]]],
  [['topTrials'], []],
  [
    ['inits', 'bootstrap', 'snapshots', 'checkpoints', 'ema'],
    [
      [4, false, [2, 4, 6]],
      [5, false, []],
      [6, false, []],
      [4, true, []],
      [5, true, []],
      [6, true, []],
    ],
  ],
])('%j needs these runs', (methods, expected) => {
  const trainings = trainingsOf(facts(`${ARMS}ensemble: { size: 3 }\n`), methods);
  expect(trainings.map(({ seed, bootstrap, keep }) => [seed, bootstrap, keep])).toEqual(expected);
  for (const { configText, seed, bootstrap } of trainings) {
    const { data, training, ensemble } = configOf(configText);
    expect([training.seed, data.seed, data.bootstrap]).toEqual([seed, 4, bootstrap]);
    expect(ensemble).toBeUndefined();
  }
});

it('a run alone and among others is one and the same', () => {
  const text = `${ARMS}ensemble: { size: 2 }\n`;
  const [alone] = trainingsOf(facts(text), ['snapshots']);
  const [first] = trainingsOf(facts(text), ['inits', 'bootstrap', 'snapshots']);
  expect(first).toEqual(alone);
});

it('a seed of the data stays, and threads are the other members', () => {
  const text = ARMS.replace('spiral,', 'spiral, seed: 11,').replace(
    'seed: 4',
    'seed: 4, threads: 8',
  );
  for (const { configText } of trainingsOf(facts(text), ['inits'])) {
    const { data, training } = configOf(configText);
    expect([data.seed, training.threads]).toEqual([11, 1]);
  }
});

it('also of a config in JSON', () => {
  const config =
    '{"data":{"source":"spiral"},"model":{"layers":[{"dense":3}]},"ensemble":{"size":2}}';
  const trainings = trainingsOf(facts(config, 'a.train.json'), ['bootstrap']);
  expect(
    trainings.map(({ configText }) => configOf(configText, 'a.train.json').training.seed),
  ).toEqual([1, 2]);
});

it('the network that learns from an ensemble is the config’s own, but for what it learns', () => {
  const smoothed = `${ARMS}loss: { type: softmaxCrossEntropy, labelSmoothing: 0.1 }\nensemble: { distill: {} }\n`;
  const student = studentText(facts(smoothed), 'soft-targets.safetensors', 3);
  const { loss, ensemble, ...rest } = configOf(student);
  const { loss: _, ensemble: __, ...own } = configOf(smoothed);
  expect(rest).toEqual(own);
  expect(ensemble).toBeUndefined();
  expect(loss).toEqual({
    type: 'softmaxCrossEntropy',
    labelSmoothing: 0,
    distill: { teacher: 'soft-targets.safetensors', temperature: 3 },
  });
});
