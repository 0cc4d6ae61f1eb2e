import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Finding } from '../../../core/events/finding.ts';
import type { FinishedEvent } from '../../../core/events/run-event.ts';
import { applyFixes } from '../../../core/repair/candidates.ts';
import { repair } from '../../../core/repair/repair.ts';
import { digitsFolder, trainscope } from '../cli/cli.ts';
import { train } from '../diagnosis/judged.ts';

const BROKEN = `data: { source: blobs, examples: 300, validation: 0.2 }
model: { layers: [dense: 20, relu, dense: 3] }
optimizer: { type: sgd, learningRate: 1e6 } # too high
training: { epochs: 40, batchSize: 32 }
`;

const mend = (text: string) =>
  repair(
    text,
    'x.train.yaml',
    async (one, trial) => (await train(one, trial)).finished,
    () => {},
  );

test('a rate of 1e6 is mended, and proved on another seed', async () => {
  const result = await mend(BROKEN);
  expect(result).toMatchObject({ repaired: true, retrains: 1 });
  expect(result.edits.map(({ path }) => path)).toEqual([['optimizer', 'learningRate']]);
  expect(result.before.reason).toBe('diverged');
  expect(result.after.validation!.accuracy).toBeGreaterThan(0.9);
});

test('a retraining that does well is not trained to its end; the verification is', async () => {
  const epochs: number[] = [];
  await repair(
    BROKEN,
    'x.train.yaml',
    async (one, trial) => {
      const { finished } = await train(one, trial);
      epochs.push(finished.epochs);
      return finished;
    },
    () => {},
  );
  const [diagnosis, retraining, ...verification] = epochs;
  expect(diagnosis).toBe(1);
  expect(retraining).toBeGreaterThanOrEqual(14);
  expect(retraining).toBeLessThan(40);
  expect(verification).toEqual([40, 1]);
});

test('a healthy config stays as it is', async () => {
  const result = await mend(BROKEN.replace('1e6', '0.1'));
  expect(result).toMatchObject({ repaired: false, edits: [], retrains: 0, findings: [] });
});

const finding = (rule: string, ...fixes: Finding['fixes']): Finding => ({
  rule,
  severity: 'error',
  path: [],
  message: '',
  evidence: {},
  fixes,
});
const set = (path: (string | number)[], value: Finding['fixes'][0]['edits'][0]['value']) => ({
  title: path.join('.'),
  edits: [{ path, value }],
});

test('what does not hold on the other seed is dropped', async () => {
  let trainings = 0;
  const told = (accuracy: number, findings: Finding[]): FinishedEvent => ({
    ...{ type: 'finished', reason: 'completed', epochs: 1, step: 1, time: 1, best: null, run: '' },
    train: null,
    validation: { loss: 1, accuracy, rmse: null, r2: null },
    findings,
  });
  const wrong = finding('learning-rate-high', set(['optimizer', 'learningRate'], 0.01));
  // Diagnosis and retraining, then the verification: after, before.
  const outcomes = [told(0.2, [wrong]), told(0.9, []), told(0.3, []), told(0.4, [wrong])];
  const result = await repair(
    BROKEN,
    'x.train.yaml',
    async () => outcomes[trainings++]!,
    () => {},
  );
  expect(trainings).toBe(4);
  expect(result).toMatchObject({ repaired: false, edits: [], after: result.before });
});

test('fixes: the first of each finding that fits beside the others, and each only once', () => {
  const start = { text: BROKEN, edits: [], titles: [] };
  const tried = new Set<string>();
  const findings = [
    finding(
      'a',
      set(['optimizer', 'learningRate'], 0.01),
      set(['optimizer', 'learningRate'], 0.001),
    ),
    finding('b', set(['optimizer'], 'adam')),
    finding('c', set(['model', 'layers', 9, 'dense'], 3), set(['training', 'batchSize'], 16)),
    { ...finding('d', set(['training', 'epochs'], 99)), severity: 'info' as const },
  ];
  const first = applyFixes(start, findings, 'x.train.yaml', tried)!;
  expect(first.titles).toEqual(['optimizer.learningRate']);
  expect(first.text).toContain('learningRate: 0.01 } # too high');
  const second = applyFixes(start, findings, 'x.train.yaml', tried)!;
  expect(second.text).toContain('learningRate: 1e-3');
  expect(second.titles).toEqual(['optimizer.learningRate', 'training.batchSize']);
  expect(applyFixes(start, findings, 'x.train.yaml', tried)!.titles).toEqual(['optimizer']);
  expect(applyFixes(start, findings, 'x.train.yaml', tried)).toBeNull();
});

test('trainscope repair: a line of JSON; --write changes the file and keeps its comments', {
  timeout: 60_000,
}, async () => {
  const folder = await digitsFolder();
  await writeFile(join(folder, 'broken.train.yaml'), BROKEN);
  const result = await trainscope(folder, 'repair', 'broken.train.yaml', '--json', '--write');
  expect(result.code).toBe(0);
  expect(result.lines()).toEqual([
    expect.objectContaining({
      type: 'repair',
      edits: [{ path: ['optimizer', 'learningRate'], value: expect.any(Number) }],
      repaired: true,
      retrains: 1,
      before: expect.objectContaining({ reason: 'diverged', findings: ['learning-rate-high'] }),
      after: expect.objectContaining({ reason: 'completed', findings: [] }),
    }),
  ]);
  const again = await trainscope(folder, 'repair', 'broken.train.yaml');
  expect(again.code).toBe(0);
  expect(again.stdout).toMatch(/Nothing is wrong: validation accuracy \d/);
});

test('trainscope repair: bad input is told at its place', async () => {
  const folder = await digitsFolder();
  await writeFile(join(folder, 'bad.train.yaml'), BROKEN.replace('sgd', 'sdg'));
  const result = await trainscope(folder, 'repair', 'bad.train.yaml', '--json');
  expect(result.code).toBe(2);
  expect(result.lines()).toEqual([expect.objectContaining({ type: 'error', line: 3 })]);
});
