import { expect, test } from 'vitest';
import type { DistributionsEvent } from '../../../core/events/run-event.ts';
import { judge, train } from './judged.ts';

const blobs = (rest: string, layers = '[dense: 20, relu, dense: 20, relu, dense: 3]') =>
  `data: { source: blobs, examples: 300, validation: 0.2 }
model: { layers: ${layers} }
${rest}
`;

test('a rate of 1e6: one finding, at the rate, whose fix trains', async () => {
  const config = blobs(
    'optimizer: { type: sgd, learningRate: 1e6 }\ntraining: { epochs: 20, batchSize: 32 }',
  );
  const { finished, events } = await train(config);
  expect(finished.reason).toBe('diverged');
  expect(finished.findings).toHaveLength(1);
  const [finding] = finished.findings;
  expect(finding).toMatchObject({
    rule: 'learning-rate-high',
    severity: 'error',
    path: ['optimizer', 'learningRate'],
    step: finished.step,
  });
  expect(finding!.message).toMatch(/became (NaN|infinite) at step \d+: .*(overflowed|finite)/);
  expect(judge(events)).toEqual(finished.findings);
  const rate = finding!.fixes[0]!.edits[0]!.value as number;
  const mended = await train(config.replace('1e6', String(rate)));
  expect(mended.finished.reason).toBe('completed');
  expect(mended.finished.findings).toEqual([]);
  expect(mended.finished.validation!.accuracy).toBeGreaterThan(0.9);
});

test('not the decay, whose product with such a rate explodes too', async () => {
  const { finished } = await train(
    blobs(
      'optimizer: { type: sgd, learningRate: 1e6 }\nregularization: { l2: 1e-4 }\ntraining: { epochs: 5, batchSize: 32 }',
    ),
  );
  expect(finished.findings.map(({ path }) => path)).toEqual([['optimizer', 'learningRate']]);
});

test('the step that failed was measured before its update', async () => {
  const { finished, events } = await train(
    blobs('optimizer: { type: sgd, learningRate: 1e6 }\ntraining: { epochs: 5, batchSize: 32 }'),
  );
  const last = events.findLast(
    (event): event is DistributionsEvent => event.type === 'distributions',
  );
  expect(last).toMatchObject({ step: finished.step, batch: 'training' });
});

test('an explosion that stays ends the run, unless told not to', async () => {
  const rest =
    'loss: meanSquaredError\noptimizer: { type: sgd, learningRate: 20 }\ngradientClip: { value: 1 }\n';
  const config = blobs(`${rest}training: { epochs: 30, batchSize: 32 }`, '[dense: 3]');
  const { finished } = await train(config);
  expect(finished.reason).toBe('diverged');
  expect(finished.epochs).toBeLessThan(15);
  expect(finished.findings[0]).toMatchObject({ path: ['optimizer', 'learningRate'] });
  const endless = await train(
    blobs(`${rest}training: { epochs: 30, batchSize: 32, stopOnExplosion: false }`, '[dense: 3]'),
  );
  expect(endless.finished.reason).toBe('completed');
  expect(endless.finished.findings[0]).toMatchObject({ path: ['optimizer', 'learningRate'] });
});

test('muted, nothing is told', async () => {
  const { finished } = await train(
    blobs(
      'optimizer: { type: sgd, learningRate: 1e6 }\ntraining: { epochs: 2 }\nmute: [learning-rate-high]',
    ),
  );
  expect(finished.reason).toBe('diverged');
  expect(finished.findings).toEqual([]);
});

test('healthy runs hear nothing', async () => {
  const { finished } = await train(
    blobs('optimizer: { type: sgd, learningRate: 0.1 }\ntraining: { epochs: 10, batchSize: 32 }'),
  );
  expect(finished.findings).toEqual([]);
});
