import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../core/events/user-error.ts';
import { projectRoot } from '../../../extension/development/project.ts';
import { judge, train } from './judged.ts';
import { fixed, lookAt } from './looked-at.ts';

const blobs = (layers: string, rest = '', model = '') =>
  `data: { source: blobs, examples: 90, classes: 3 }\nmodel: { layers: ${layers}${model} }\n${rest}\n`;
const net = '[dense: 8, relu, dense: 3]';

/** A line of y = 2x, whose targets go from −2 to 2. */
const line = ['x,y', ...Array.from({ length: 40 }, (_, i) => `${i / 20 - 1},${i / 10 - 2}`)].join(
  '\n',
);
const positive = ['x,y', ...Array.from({ length: 40 }, (_, i) => `${i / 20 - 1},${i / 40}`)].join(
  '\n',
);
const regression = (layers: string, data = '') =>
  `data: { source: a.csv, label: y, task: regression${data} }\nmodel: { layers: ${layers} }\n`;

/** 8×8 pixels a row. */
const scans = [
  [...Array.from({ length: 64 }, (_, i) => `p${i}`), 'digit'].join(),
  ...Array.from({ length: 30 }, (_, row) =>
    [...Array.from({ length: 64 }, (_, i) => ((row * 7 + i * 3) % 17) * 1), row % 2].join(),
  ),
].join('\n');
const table = scans.replaceAll(/,(\d+),/g, ',$1.5,');
const pixels = (data = '') =>
  `data: { source: a.csv, label: digit${data} }\nmodel: { layers: [dense: 8, relu, dense: 2] }\n`;

const fires: [
  rule: string,
  severity: string,
  path: (string | number)[],
  config: string,
  csv?: string,
][] = [
  ['wrong-loss', 'warning', ['loss'], blobs(net, 'loss: meanSquaredError')],
  [
    'wrong-loss',
    'warning',
    ['loss'],
    blobs('[dense: 8, relu, dense: 3, softmax]', 'loss: { type: huber }'),
  ],
  ['wrong-loss', 'info', ['loss'], blobs(net, 'loss: binaryCrossEntropy')],
  [
    'softmax-twice',
    'warning',
    ['model', 'layers', 3],
    blobs('[dense: 8, relu, dense: 3, softmax]'),
  ],
  [
    'wrong-output-activation',
    'warning',
    ['model', 'layers', 3],
    blobs('[dense: 8, relu, dense: 3, relu]'),
  ],
  [
    'wrong-output-activation',
    'warning',
    ['model', 'layers', 3],
    blobs('[dense: 8, relu, dense: 3, tanh]', 'loss: hinge'),
  ],
  [
    'wrong-output-activation',
    'warning',
    ['model', 'layers', 3],
    blobs('[dense: 8, relu, dense: 3, sigmoid]', 'loss: binaryCrossEntropy'),
  ],
  [
    'wrong-output-activation',
    'warning',
    ['model', 'layers', 3],
    regression('[dense: 8, tanh, dense: 1, relu]'),
    line,
  ],
  [
    'wrong-output-activation',
    'warning',
    ['model', 'layers', 3],
    regression('[dense: 8, tanh, dense: 1, tanh]'),
    line,
  ],
  [
    'wrong-output-activation',
    'warning',
    ['model', 'layers', 3],
    regression('[dense: 8, tanh, dense: 1, sigmoid]', ', targets: standardize'),
    positive,
  ],
  [
    'wrong-output-activation',
    'error',
    ['model', 'layers', 3],
    regression('[dense: 8, tanh, dense: 1, softmax]'),
    positive,
  ],
  [
    'linear-stack',
    'warning',
    ['model', 'layers', 0],
    blobs('[dense: 8, dense: 8, dropout: 0.1, dense: 3]'),
  ],
  [
    'linear-stack',
    'warning',
    ['model', 'layers', 1, 'residual', 0],
    blobs('[dense: 8, { residual: [dense: 4, dense: 8] }, relu, dense: 3]'),
  ],
  [
    'init-mismatch',
    'warning',
    ['model', 'init'],
    blobs(
      '[dense: 64, relu, dense: 64, relu, dense: 64, relu, dense: 3]',
      '',
      ', init: { normal: 0.01 }',
    ),
  ],
  [
    'init-mismatch',
    'warning',
    ['model', 'layers', 2, 'dense', 'init'],
    blobs(
      '[dense: 64, tanh, dense: { units: 64, init: { normal: 1 } }, tanh, dense: 3]',
      '',
      ', init: xavier',
    ),
  ],
  [
    'init-mismatch',
    'info',
    ['model', 'init'],
    blobs('[dense: 8, relu, dense: 8, relu, dense: 3]', '', ', init: xavier'),
  ],
  ['init-mismatch', 'info', ['model', 'init'], blobs('[dense: 8, tanh, dense: 8, tanh, dense: 3]')],
  ['constant-init', 'error', ['model', 'init'], blobs(net, '', ', init: zeros')],
  [
    'constant-init',
    'error',
    ['model', 'layers', 0, 'dense', 'init'],
    blobs('[dense: { units: 8, init: { constant: 0.1 } }, relu, dense: 3]'),
  ],
  [
    'constant-init',
    'warning',
    ['model', 'init'],
    blobs('[dense: 8, relu, dropout: 0.2, dense: 3]', '', ', init: { constant: 0.1 }'),
  ],
  [
    'bias-before-batchnorm',
    'info',
    ['model', 'layers', 0],
    blobs('[dense: 8, batchNorm, relu, dense: 3]'),
  ],
  [
    'redundant-bias',
    'info',
    ['model', 'layers', 3],
    blobs('[dense: 8, relu, batchNorm, dense: 3]'),
  ],
  [
    'dropout-before-batchnorm',
    'warning',
    ['model', 'layers', 2],
    blobs('[dense: 8, relu, dropout: 0.5, batchNorm, dense: 3]'),
  ],
  [
    'dropout-before-batchnorm',
    'info',
    ['model', 'layers', 2],
    blobs('[dense: 8, relu, dropout: 0.2, dense: 8, batchNorm, relu, dense: 3]'),
  ],
  [
    'dropout-too-strong',
    'warning',
    ['model', 'layers', 2, 'dropout'],
    blobs('[dense: 100, relu, dropout: 0.95, dense: 3]'),
  ],
  [
    'dropout-too-strong',
    'warning',
    ['model', 'layers', 0, 'dropout'],
    blobs('[dropout: 0.7, dense: 8, relu, dense: 3]'),
  ],
  [
    'dropout-too-strong',
    'warning',
    ['model', 'layers', 2, 'dropout'],
    blobs('[dense: 3, relu, dropout: 0.5, dense: 3]'),
  ],
  [
    'dropout-too-strong',
    'warning',
    ['model', 'layers', 3, 'dropout'],
    blobs('[dense: 8, relu, dense: 3, dropout: 0.2]'),
  ],
  [
    'dropout-too-strong',
    'warning',
    ['model', 'layers', 2, 'dropConnect', 'rate'],
    blobs('[dense: 8, relu, { dropConnect: { units: 8, rate: 0.9 } }, relu, dense: 3]'),
  ],
  [
    'suspicious-learning-rate',
    'error',
    ['optimizer', 'learningRate'],
    blobs(net, 'optimizer: { type: sgd, learningRate: 1e6 }'),
  ],
  [
    'suspicious-learning-rate',
    'warning',
    ['optimizer', 'learningRate'],
    blobs(net, 'optimizer: { type: sgd, learningRate: 1, momentum: 0.9 }'),
  ],
  [
    'suspicious-learning-rate',
    'warning',
    ['optimizer', 'learningRate'],
    blobs(net, 'optimizer: { type: adam, learningRate: 1 }'),
  ],
  [
    'suspicious-learning-rate',
    'warning',
    ['optimizer', 'learningRate'],
    blobs(net, 'optimizer: { learningRate: 1e-9 }'),
  ],
  [
    'no-shuffle',
    'warning',
    ['training', 'shuffle'],
    blobs(net, 'training: { shuffle: false, batchSize: 10 }'),
  ],
  ['missing-flatten-or-shape', 'info', ['data', 'image'], pixels(), scans],
];

describe('a static rule', () => {
  test.each(fires)('%s: %s at %j', async (rule, severity, path, config, csv) => {
    const files: { [name: string]: string } = csv === undefined ? {} : { 'a.csv': csv };
    const findings = await lookAt(config, files);
    const finding = findings.find((one) => one.rule === rule);
    expect(finding, JSON.stringify(findings.map((one) => one.rule))).toMatchObject({
      severity,
      path,
    });
    expect(finding!.message.length).toBeGreaterThan(40);
    expect(finding!.fixes.length).toBeGreaterThan(0);
    for (const fix of finding!.fixes) {
      const left = await lookAt(fixed(config, fix), files);
      expect(left.map((one) => one.rule)).not.toContain(rule);
    }
    const muted = await lookAt(`${config}mute: [${rule}]\n`, files);
    expect(muted.map((one) => one.rule)).not.toContain(rule);
  });

  const silent: [what: string, config: string, csv?: string][] = [
    ['defaults', blobs(net)],
    ['no hidden layer', blobs('[dense: 3]')],
    ['no hidden layer, from zeros', blobs('[dense: 3]', '', ', init: zeros')],
    ['Adam at 0.02', blobs(net, 'optimizer: { type: adam, learningRate: 0.02 }')],
    ['SGD at 1', blobs(net, 'optimizer: { type: sgd, learningRate: 1 }')],
    ['L-BFGS', blobs(net, 'optimizer: lbfgs\ntraining: { batchSize: full, shuffle: false }')],
    ['hinge', blobs(net, 'loss: hinge')],
    ['tanh and xavier', blobs('[dense: 8, tanh, dense: 8, tanh, dense: 3]', '', ', init: xavier')],
    [
      'a pooled convolution',
      `data: { source: a.csv, label: digit, image: { height: 8, width: 8 } }\nmodel: { layers: [conv2d: 4, maxPool: 2, conv2d: 4, relu, globalAvgPool, dense: 2] }\n`,
      scans,
    ],
    [
      'a residual block whose last layer starts at zero',
      blobs(
        '[dense: 8, relu, { residual: [dense: 8, relu, dense: { units: 8, init: zeros }] }, relu, dense: 3]',
      ),
    ],
    [
      'batch normalization as it is meant',
      blobs('[dense: { units: 8, bias: false }, batchNorm, relu, dropout: 0.5, dense: 3]'),
    ],
    [
      'a positive target behind softplus',
      regression('[dense: 8, tanh, dense: 1, softplus]'),
      positive,
    ],
    ['a linear regression', regression('[dense: 1]'), line],
    ['a table of 64 columns', pixels(', preprocess: [standardize]'), table],
    ['pixels of which the shape is told', pixels(', image: { height: 8, width: 8 }'), scans],
    [
      'pixels up to 255 and a low rate',
      `${pixels()}optimizer: { type: sgd, learningRate: 1e-7 }\n`.replace(
        'digit }',
        'digit, image: { height: 8, width: 8 } }',
      ),
      scans.replaceAll(/,16,/g, ',255,'),
    ],
  ];
  test.each(silent)('is silent: %s', async (_what, config, csv) => {
    expect(await lookAt(config, csv === undefined ? {} : { 'a.csv': csv })).toEqual([]);
  });
});

test('neither error nor warning in the shipped samples', async () => {
  const folder = join(projectRoot, 'extension', 'samples');
  const names = readdirSync(folder).filter((name) => name.endsWith('.train.yaml'));
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const files = { 'digits.csv': read('digits.csv'), 'regression.csv': read('regression.csv') };
  expect(names.length).toBeGreaterThan(3);
  for (const name of names) {
    const findings = await lookAt(read(name), files);
    expect(findings, name).toEqual([]);
  }
});

test('what is refused anyway has the name of its rule', async () => {
  const ruleOf = (config: string) =>
    lookAt(config, { 'a.csv': scans }).then(
      () => null,
      (error: unknown) => (error instanceof UserError ? error.place.rule : error),
    );
  expect(await ruleOf(blobs(net, 'optimizer: lbfgs'))).toBe('lbfgs-minibatch');
  const conv = pixels().replace('dense: 8', 'conv2d: 8');
  expect(await ruleOf(conv)).toBe('missing-flatten-or-shape');
});

test('a linear stack for a linear task is worth knowing, once it has learned; for another one it is wrong', async () => {
  const rest = 'optimizer: { learningRate: 0.02 }\ntraining: { epochs: 12, batchSize: 16 }';
  const layers = '[dense: 8, dense: 3]';
  const easy = await train(
    blobs(layers, rest).replace('examples: 90', 'examples: 300, noise: 0.1'),
  );
  expect(easy.finished.findings).toMatchObject([{ rule: 'linear-stack', severity: 'info' }]);
  expect(judge(easy.events)).toEqual(easy.finished.findings);
  const hard = await train(
    `data: { source: circles, examples: 300 }\nmodel: { layers: [dense: 8, dense: 2] }\n${rest}\n`,
  );
  expect(hard.finished.findings.map(({ rule, severity }) => [rule, severity])).toContainEqual([
    'linear-stack',
    'warning',
  ]);
});
