import { expect, test } from 'vitest';
import { parseConfig, textOfTrial } from '../../../core/config/index.ts';

const config = (parts: { [key: string]: string }) =>
  parseConfig(
    Object.entries({
      data: '{ source: a.csv, label: b }',
      model: '{ layers: [dense: 8, relu, dense: 2] }',
      ...parts,
    })
      .map(([key, value]) => `${key}: ${value}\n`)
      .join(''),
    'a.train.yaml',
  );

const RESTARTS = '{ type: cosineRestarts, period: 5 }';
const DROPOUT = '{ layers: [dense: 8, residual: [dropout: 0.5], dense: 2] }';

test.each<[what: string, parts: { [key: string]: string }, message: RegExp, path: string]>([
  [
    'one member',
    { ensemble: '{ size: 1 }' },
    /size must be .*at least 2, found 1/,
    'ensemble.size',
  ],
  ['a word', { ensemble: '{ size: many }' }, /size must be a whole number/, 'ensemble.size'],
  [
    'an unknown method',
    { ensemble: '{ method: snapshot }' },
    /Unknown method "snapshot"; did you mean "snapshots"\?/,
    'ensemble.method',
  ],
  [
    'an unknown combination',
    { ensemble: '{ combine: mean }' },
    /Unknown combine "mean"/,
    'ensemble.combine',
  ],
  ['no map', { ensemble: 'inits' }, /ensemble must be a map such as/, 'ensemble'],
  [
    'snapshots at a constant rate',
    { ensemble: '{ method: snapshots }' },
    /set schedule: \{ type: cosineRestarts/,
    'ensemble.method',
  ],
  [
    'snapshots of one period',
    { ensemble: '{ method: snapshots }', schedule: '{ type: cosineRestarts, period: 6 }' },
    /10 epochs have one of 6/,
    'schedule.period',
  ],
  [
    'snapshots of no whole period',
    { ensemble: '{ method: snapshots }', schedule: '{ type: cosineRestarts, period: 11 }' },
    /10 epochs have none of 11/,
    'schedule.period',
  ],
  [
    'snapshots of growing periods, of which two fit and a half',
    {
      ensemble: '{ method: snapshots, size: 3 }',
      schedule: '{ type: cosineRestarts, period: 2, multiply: 2 }',
    },
    /10 epochs have 2 minima of the learning rate, found size 3/,
    'ensemble.size',
  ],
  [
    'snapshots amid epochs',
    {
      ensemble: '{ method: snapshots }',
      schedule: '{ type: cosineRestarts, period: 2, warmup: 0.5 }',
    },
    /warm-up must be a whole number/,
    'schedule.warmup',
  ],
  [
    'more checkpoints than epochs',
    { ensemble: '{ method: checkpoints, size: 11 }' },
    /have 10 of them: size must be at most that, found 11/,
    'ensemble.size',
  ],
  [
    'rare checkpoints',
    { ensemble: '{ method: checkpoints }', training: '{ checkpoint: { every: 6 } }' },
    /have 1 of them: an ensemble needs two/,
    'ensemble.method',
  ],
  ['ema of no average', { ensemble: '{ method: ema }' }, /set training: \{ ema/, 'ensemble.method'],
  [
    'ema by vote',
    { ensemble: '{ method: ema, combine: vote }', training: '{ ema: 0.9 }' },
    /nothing to vote/,
    'ensemble.combine',
  ],
  [
    'masks of nothing',
    { ensemble: '{ method: monteCarloDropout }' },
    /needs dropout: without it all passes are alike/,
    'ensemble.method',
  ],
  [
    'masks of a rate of 0',
    {
      ensemble: '{ method: monteCarloDropout }',
      model: '{ layers: [dense: 8, dropout: 0, dense: 2] }',
    },
    /needs dropout/,
    'ensemble.method',
  ],
  [
    'parameters of other weights',
    { ensemble: '{ method: inits, combine: parameters }' },
    /start from different weights, so that unit 1 .* has learned nothing/,
    'ensemble.combine',
  ],
  [
    'parameters of bootstrap samples',
    { ensemble: '{ method: bootstrap, combine: parameters }' },
    /start from different weights/,
    'ensemble.combine',
  ],
  [
    'parameters of passes',
    { ensemble: '{ method: monteCarloDropout, combine: parameters }', model: DROPOUT },
    /have the same parameters/,
    'ensemble.combine',
  ],
  [
    'votes on numbers',
    { ensemble: '{ combine: vote }', data: '{ source: a.csv, label: b, task: regression }' },
    /Votes are for classes/,
    'ensemble.combine',
  ],
  [
    'distilled numbers',
    { ensemble: '{ distill: {} }', data: '{ source: a.csv, label: b, task: regression }' },
    /the task is regression/,
    'ensemble.distill',
  ],
  [
    'distilled margins',
    { ensemble: '{ distill: { temperature: 3 } }', loss: 'hinge' },
    /the loss is hinge/,
    'ensemble.distill',
  ],
  [
    'absolute zero',
    { ensemble: '{ distill: { temperature: 0 } }' },
    /temperature must be .*above 0/,
    'ensemble.distill.temperature',
  ],
  [
    'a teacher beside smoothed labels',
    {
      loss: '{ type: softmaxCrossEntropy, labelSmoothing: 0.1, distill: { teacher: t.safetensors } }',
    },
    /learns from a teacher instead/,
    'loss.labelSmoothing',
  ],
  [
    'a split of no seed',
    { data: '{ source: a.csv, seed: -1 }' },
    /seed must be a whole number of at least 0, found -1/,
    'data.seed',
  ],
])('refuses %s', (_, parts, message, path) => {
  const { problems } = config(parts);
  expect(problems.map(({ path }) => path.join('.'))).toEqual([path]);
  expect(problems[0]!.message).toMatch(message);
});

test.each<[what: string, parts: { [key: string]: string }]>([
  ['the defaults', { ensemble: '{}' }],
  ['snapshots', { ensemble: '{ method: snapshots, size: 2 }', schedule: RESTARTS }],
  [
    'snapshots after a warm-up',
    {
      ensemble: '{ method: snapshots, size: 2, combine: parameters }',
      schedule: '{ type: cosineRestarts, period: 4, warmup: 2 }',
    },
  ],
  ['checkpoints', { ensemble: '{ method: checkpoints, size: 10, combine: vote }' }],
  ['ema', { ensemble: '{ method: ema, combine: parameters }', training: '{ ema: 0.9 }' }],
  ['passes', { ensemble: '{ method: monteCarloDropout, size: 50 }', model: DROPOUT }],
  [
    'parameters of members that start from one network',
    {
      ensemble: '{ method: inits, combine: parameters }',
      model: '{ layers: [dense: 8, relu, dense: 2], from: { checkpoint: a.safetensors } }',
    },
  ],
])('takes %s', (_, parts) => expect(config(parts).problems).toEqual([]));

test('a trial of a sweep, or a member, has no ensemble of its own', () => {
  const text =
    'data: { source: a.csv, label: b }\nmodel: { layers: [dense: 2] }\nensemble: { method: checkpoints, size: 4 }\n';
  const edited = textOfTrial(text, 'a.train.yaml', [{ path: ['training', 'epochs'], value: 1 }]);
  const { config, problems } = parseConfig(edited, 'a.train.yaml');
  expect(problems).toEqual([]);
  expect(config!.training.epochs).toBe(1);
  expect(config!.ensemble).toBeUndefined();
});
