import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../../../core/data/random.ts';
import type { Finding } from '../../../../core/events/finding.ts';
import { judge, train } from '../judged.ts';

// What the data allow is all there is to learn: rules on both sides of it.

interface Parts {
  data?: string;
  layers?: string;
  optimizer?: string;
  training?: string;
  rest?: string;
}

/** Two rings that overlap: four of five is about all that anyone can get right. */
function rings({
  data = '{ source: circles, examples: 500, noise: 0.25, validation: 0.3 }',
  layers = '[dense: 16, relu, dense: 16, relu, dense: 2]',
  optimizer = '{ type: adam, learningRate: 0.01 }',
  training = '{ epochs: 20, batchSize: 32 }',
  rest = '',
}: Parts): string {
  return `data: ${data}
model: { layers: ${layers} }
optimizer: ${optimizer}
training: ${training}
${rest}
`;
}

const serious = (findings: readonly Finding[]) =>
  findings.filter(({ severity }) => severity !== 'info').map(({ rule }) => rule);

describe('classes that overlap', () => {
  test.each<[string, Parts]>([
    ['as it is', {}],
    ['sgd', { optimizer: '{ type: sgd, learningRate: 0.1 }' }],
    ['a lower rate', { optimizer: '{ type: adam, learningRate: 0.006 }' }],
    ['tanh', { layers: '[dense: 16, tanh, dense: 16, tanh, dense: 2]' }],
    ['a squared error that does no harm', { rest: 'loss: meanSquaredError' }],
    [
      'a tanh behind the output that does none',
      { layers: '[dense: 16, relu, dense: 2, tanh]', training: '{ epochs: 60, batchSize: 32 }' },
    ],
  ])('silent, once what they allow is learned: %s', async (_, parts) => {
    const { finished, events } = await train(rings(parts));
    expect(finished.validation!.accuracy).toBeLessThan(0.9);
    expect(serious(finished.findings)).toEqual([]);
    // Without neighbours, what is left would be taken for something to learn.
    expect(events.some((event) => event.type === 'probe' && event.probe === 'neighbours')).toBe(
      true,
    );
    expect(judge(events)).toEqual(finished.findings);
  });

  test.each<[string, string, Parts]>([
    ['learning-rate-low', 'a rate far too low', { optimizer: '{ learningRate: 5.0e-5 }' }],
    ['linear-stack', 'no activation', { layers: '[dense: 16, dense: 16, dense: 2]' }],
    ['too-few-epochs', 'too few epochs', { training: '{ epochs: 3, batchSize: 32 }' }],
    [
      'wrong-output-activation',
      'a relu that cuts off all',
      { layers: '[dense: 2, relu]', optimizer: '{ type: adam, learningRate: 0.001 }' },
    ],
  ])('%s: %s', async (rule, _, parts) => {
    const { finished } = await train(rings(parts));
    expect(serious(finished.findings)).toContain(rule);
  });

  test('labels that are wrong at random are told, those of classes that overlap are not', async () => {
    const all = circleRows(600, 0.1);
    const random = new RandomStream(3, 'wrong');
    const wrong = all.map((row) => ({ ...row, y: random.uniform() < 0.3 ? 1 - row.y : row.y }));
    const { finished } = await train(fromTable(''), undefined, { 'rows.csv': csv(wrong) });
    expect(serious(finished.findings)).toContain('label-noise');
    const overlapping = await train(fromTable(''), undefined, {
      'rows.csv': csv(circleRows(600, 0.27)),
    });
    expect(serious(overlapping.finished.findings)).not.toContain('label-noise');
  });
});

describe('examples that are not shuffled', () => {
  const slow = 'optimizer: { type: adam, learningRate: 0.003 }';

  test('are a warning where the end of an epoch undoes its start', async () => {
    const sorted = circleRows(400, 0.1).sort((a, b) => a.y - b.y);
    const { finished } = await train(fromTable(`${slow}\n`, false), undefined, {
      'rows.csv': csv(sorted),
    });
    expect(serious(finished.findings)).toContain('no-shuffle');
  });

  test('are none where it does not', async () => {
    const { finished } = await train(fromTable(`${slow}\n`, false), undefined, {
      'rows.csv': csv(circleRows(400, 0.1)),
    });
    expect(serious(finished.findings)).toEqual([]);
    expect(finished.findings.map(({ rule }) => rule)).toContain('no-shuffle');
  });
});

describe('numbers with noise', () => {
  const config = `data: { source: rows.csv, label: y, task: regression, validation: { file: others.csv } }
model: { layers: [dense: 16, tanh, dense: 16, tanh, dense: 1], init: xavier }
optimizer: { type: adam, learningRate: 0.01 }
training: { epochs: 30, batchSize: 32 }
`;

  test.each([
    ['half of the variance is noise', 0.35, 0, []],
    ['nearly all targets are shuffled', 0.02, 0.8, ['label-noise']],
  ])('%s', async (_, noise, share, rules) => {
    const files = Object.fromEntries(
      ['rows.csv', 'others.csv'].map((name) => [name, csv(waves(name, 300, noise, share))]),
    );
    const text = config.replace('{ file: others.csv }', 'others.csv');
    const { finished } = await train(text, undefined, files);
    expect(serious(finished.findings)).toEqual(rules);
  });
});

interface Row {
  x: number[];
  y: number;
}

function circleRows(count: number, noise: number): Row[] {
  const random = new RandomStream(1, `rings ${noise}`);
  return Array.from({ length: count }, (_, i) => {
    const angle = 2 * Math.PI * random.uniform();
    const radius = i % 2 === 0 ? 0.5 : 1;
    const x = [Math.cos(angle), Math.sin(angle)].map((at) => radius * at + noise * random.normal());
    return { x, y: i % 2 };
  });
}

/** y = sin 3x₀ + x₁ + noise, a share of them shuffled. */
function waves(name: string, count: number, noise: number, share: number): Row[] {
  const random = new RandomStream(2, name);
  const uniform = () => 2 * random.uniform() - 1;
  const rows = Array.from({ length: count }, () => {
    const x = [uniform(), uniform()];
    return { x, y: 0.5 * (Math.sin(3 * x[0]!) + x[1]!) + noise * random.normal() };
  });
  const some = rows.slice(0, Math.round(share * count));
  const ys = some.map(({ y }) => y);
  for (const [i, row] of some.entries()) row.y = ys[(i + 7) % some.length]!;
  return rows;
}

const csv = (rows: readonly Row[]) =>
  `a,b,y\n${rows.map(({ x, y }) => [...x, y].join(',')).join('\n')}\n`;

/** The last quarter of the rows of each class is held back. */
function fromTable(rest: string, shuffle = true): string {
  return `data: { source: rows.csv, label: y, task: classification, validation: 0.25 }
model: { layers: [dense: 16, relu, dense: 16, relu, dense: 2] }
training: { epochs: 24, batchSize: 32, shuffle: ${shuffle} }
${rest}`;
}
