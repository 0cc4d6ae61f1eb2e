import { expect, test } from 'vitest';
import { applyEdits, parseConfig, replaceAll } from '../../../../core/config/index.ts';
import { Diagnosis } from '../../../../core/diagnosis/diagnosis.ts';
import { ALL_RULES } from '../../../../core/diagnosis/rules/index.ts';
import type { ConfigPath, Finding } from '../../../../core/events/finding.ts';
import { RULE_IDS, RULES, type RuleId } from '../../../../core/events/rule-ids.ts';
import { judge, train } from '../judged.ts';

const RATE: ConfigPath = ['optimizer', 'learningRate'];
const relu = (width = 16, depth = 2) =>
  `[${Array.from({ length: depth }, () => `dense: ${width}, relu`).join(', ')}, dense: 2]`;
const layers = (activation: string, depth: number) =>
  `[${Array.from({ length: depth }, () => `dense: 16, ${activation}`).join(', ')}, dense: 2]`;

interface Parts {
  data?: string;
  layers?: string;
  model?: string;
  optimizer?: string;
  epochs?: number;
  batch?: number;
  rest?: string;
}

/** Two rings, which a small network learns in some ten epochs. */
function rings({
  data = '{ source: circles, examples: 400, noise: 0.1, validation: 0.25 }',
  layers = relu(),
  model = '',
  optimizer = '{ type: adam, learningRate: 0.01 }',
  epochs = 20,
  batch = 32,
  rest = '',
}: Parts): string {
  return `data: ${data}
model:
  layers: ${layers}
${model}
optimizer: ${optimizer}
training: { epochs: ${epochs}, batchSize: ${batch} }
${rest}
`;
}

const faults: [name: string, rule: RuleId, path: ConfigPath, parts: Parts][] = [
  ['a rate far too low', 'learning-rate-low', RATE, { optimizer: '{ learningRate: 5.0e-5 }' }],
  ['a rate far too high', 'learning-rate-high', RATE, { optimizer: '{ learningRate: 15 }' }],
  [
    'many sigmoids',
    'vanishing-gradients',
    ['model', 'layers', 1],
    { layers: layers('sigmoid', 8), model: '  init: xavier' },
  ],
  [
    'sigmoids that learn late',
    'vanishing-gradients',
    ['model', 'layers', 1],
    { layers: layers('sigmoid', 5), model: '  init: xavier', epochs: 60 },
  ],
  [
    'steps that drive units to where they are flat',
    'learning-rate-high',
    RATE,
    { layers: layers('tanh', 3), optimizer: '{ type: adam, learningRate: 0.2 }' },
  ],
  [
    'biases that keep every unit at 0',
    'dead-relu',
    ['model', 'biasInit'],
    { model: '  biasInit: -20' },
  ],
  [
    'large initial weights',
    'poor-initialization',
    ['model', 'init'],
    { model: '  init: { normal: 20 }' },
  ],
  [
    'small initial weights',
    'poor-initialization',
    ['model', 'init'],
    { layers: relu(16, 3), model: '  init: { normal: 1.0e-4 }' },
  ],
  ['no initial weights', 'symmetric-initialization', ['model', 'init'], { model: '  init: zeros' }],
  [
    'e to the e to the x',
    'exploding-gradients',
    ['model', 'layers', 1],
    { layers: layers('exponential', 3) },
  ],
  [
    'weight decay that leaves nothing',
    'over-regularized',
    ['regularization', 'l2'],
    { rest: 'regularization: { l2: 1 }' },
  ],
  [
    'dropout that leaves little',
    'over-regularized',
    ['model', 'layers', 2, 'dropout'],
    { layers: '[dense: 16, relu, dropout: 0.8, dense: 16, relu, dropout: 0.8, dense: 2]' },
  ],
  [
    'a rate that is gone after two epochs',
    'schedule-too-fast',
    ['schedule'],
    { optimizer: '{ learningRate: 0.005 }', rest: 'schedule: { type: exponential, rate: 2 }' },
  ],
  ['too few epochs', 'too-few-epochs', ['training', 'epochs'], { epochs: 3 }],
  [
    'thirty examples for a thousand weights',
    'overfitting',
    ['regularization'],
    {
      data: '{ source: circles, examples: 250, noise: 0.2, validation: 0.84 }',
      layers: relu(64),
      epochs: 60,
    },
  ],
];

test.each(faults)('%s: %s', async (_, rule, path, parts) => {
  const config = rings(parts);
  const { events, finished } = await train(config);
  const told = finished.findings.filter(({ severity }) => severity !== 'info');
  expect(told.map((finding) => finding.rule)).toContain(rule);
  expect(told[0]).toMatchObject({ rule, path });
  expect(told[0]!.message).toMatch(/\d.*\./);
  expect(judge(events)).toEqual(finished.findings);
  for (const finding of finished.findings) expectFixes(config, finding);
});

/** Every fix can be applied, and leaves a config that can be trained. */
function expectFixes(config: string, { rule, fixes }: Finding): void {
  for (const { title, edits } of fixes) {
    const text = replaceAll(config, applyEdits(config, 'a.train.yaml', edits));
    expect({ rule, title, problems: parseConfig(text, 'a.train.yaml').problems }).toEqual({
      rule,
      title,
      problems: [],
    });
    expect(text).not.toBe(config);
  }
}

const healthy: [name: string, parts: Parts][] = [
  ['the base', {}],
  ['sparse but accurate units', { layers: relu(64), model: '  biasInit: -0.3' }],
  ['small batches', { batch: 4, optimizer: '{ type: sgd, learningRate: 0.02 }' }],
  [
    'validation above training',
    { layers: '[dense: 64, relu, dropout: 0.4, dense: 64, relu, dropout: 0.4, dense: 2]' },
  ],
  ['a warm-up', { rest: 'schedule: { type: cosine, warmup: 4 }', epochs: 24 }],
  ['restarts', { rest: 'schedule: { type: cosineRestarts, period: 7 }', epochs: 21 }],
  ['long after it has converged', { epochs: 60 }],
  ['adam at 0.02', { optimizer: '{ type: adam, learningRate: 0.02 }' }],
  ['one cycle', { rest: 'schedule: oneCycle', optimizer: '{ type: adam, learningRate: 0.03 }' }],
  ['a single layer', { data: '{ source: blobs, examples: 300 }', layers: '[dense: 3]' }],
  ['a single step', { epochs: 1, batch: 400 }],
  ['nothing looked at', { rest: 'inspect: none' }],
];

test.each(healthy)('silent: %s', async (_, parts) => {
  const { finished } = await train(rings(parts));
  expect(finished.reason).toBe('completed');
  expect(finished.findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
});

test('rules need nothing of an event once they have seen it: it goes to another thread', async () => {
  const config = rings({ model: '  biasInit: -20', epochs: 4 });
  const { events, finished } = await train(config);
  const diagnosis = new Diagnosis(ALL_RULES);
  for (const event of structuredClone(events)) {
    diagnosis.see(event);
    const buffers = Object.values(event)
      .filter((value) => ArrayBuffer.isView(value))
      .map(({ buffer }) => buffer as ArrayBuffer);
    // Steps wait for the ratios that are told behind them.
    if (event.type !== 'steps') structuredClone(null, { transfer: [...new Set(buffers)] });
  }
  expect(diagnosis.findings).toEqual(finished.findings);
  expect(finished.findings).not.toEqual([]);
});

test('no cause explains itself, by whatever way', () => {
  const reach = (rule: RuleId, seen: Set<RuleId>): Set<RuleId> => {
    for (const symptom of RULES[rule].explains as readonly RuleId[])
      if (!seen.has(symptom)) reach(symptom, seen.add(symptom));
    return seen;
  };
  for (const rule of RULE_IDS) expect([...reach(rule, new Set())]).not.toContain(rule);
});
