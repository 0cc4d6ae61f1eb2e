import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../../extension/development/project.ts';
import { open, trained } from './explored-runs.ts';

const samples = join(projectRoot, 'extension', 'samples');

it('the sample of digits can be explored', async () => {
  const config = await readFile(join(samples, 'digits-cnn.train.yaml'), 'utf8');
  const csv = await readFile(join(samples, 'digits.csv'), 'utf8');
  const { run } = await trained(config.replace('epochs: 20', 'epochs: 6'), { 'digits.csv': csv });
  const { explorer } = await open(run);
  const { facts } = explorer;
  expect(facts).toMatchObject({ inputShape: [8, 8, 1], range: { low: 0, high: 16 }, refused: {} });

  const validation = explorer.answer({ type: 'predictions', part: 'validation' });
  if (validation.task !== 'classification') throw new Error('These are classes.');
  expect(validation.accuracy).toBeGreaterThan(0.93);
  const confidence = (indices: Uint32Array) =>
    indices.reduce((sum, i) => sum + validation.confidence[i], 0) / indices.length;
  expect(confidence(validation.right)).toBeGreaterThan(confidence(validation.wrong) + 0.1);

  // Those that it is least sure of are fooled by less than half of the ink.
  for (const index of validation.right.slice(-5)) {
    const example = { part: 'validation', index } as const;
    const query = { example, epsilon: 'smallest', steps: 10, target: null } as const;
    expect(explorer.answer({ type: 'fool', ...query }).epsilon).toBeLessThan(8);
  }

  for (const output of facts.classes!.keys()) {
    const query = { steps: 60, rate: 0.03, l2: 0.01, blur: 0.4, jitter: 1, seed: 1 };
    const found = explorer.answer({ type: 'classImage', output, ...query });
    expect(found.predicted).toBe(output);
    expect(found.probabilities![output]).toBeGreaterThan(0.5);
  }

  const layer = 5;
  expect(facts.layers[layer]).toMatchObject({ kind: 'relu', field: { height: 5, width: 5 } });
  const patches = explorer.answer({ type: 'patches', part: 'train', layer, unit: 3, count: 9 });
  expect(patches).toHaveLength(9);
  for (const { box } of patches) expect(Math.max(box.height, box.width)).toBeLessThanOrEqual(5);

  // Where the last hidden layer sees them, digits lie among their like.
  const last = facts.layers.length - 2;
  const query = { part: 'train', layer: last, method: 'tsne', examples: 300 } as const;
  const { points, labels } = explorer.answer({ type: 'embedding', ...query });
  const apart = (i: number, j: number) =>
    i === j
      ? Number.POSITIVE_INFINITY
      : Math.hypot(points[2 * i] - points[2 * j], points[2 * i + 1] - points[2 * j + 1]);
  const nearest = Array.from(labels, (_, i) =>
    labels.reduce((best, _label, j) => (apart(i, j) < apart(i, best) ? j : best), i),
  );
  const alike = nearest.filter((j, i) => labels[j] === labels[i]);
  expect(alike.length / 300).toBeGreaterThan(0.9);
});
