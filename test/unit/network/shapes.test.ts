import { expect, it } from 'vitest';
import { inferShapes, outputMismatch } from '../../../core/network/shapes.ts';
import { configOf } from '../training/fixtures.ts';

it.each([
  [[{ dense: 7 }, 'relu', 'batchNorm'], 0, 'Make the last dense layer `dense: 3`'],
  [[{ dense: 7 }, { maxout: 5 }, 'relu'], 1, 'Make the last maxout layer `maxout: 3`'],
  [
    [{ dropConnect: { units: 5 } }, { dropout: 0.5 }],
    0,
    'Make the last dropConnect layer `dropConnect: { units: 3 }`',
  ],
  [['relu'], 0, 'Make the last dense layer `dense: 3`'],
])('the layer to blame for a wrong number of outputs: %j', (layers, blamed, advice) => {
  const config = configOf({ model: { layers } });
  const mismatch = outputMismatch(
    inferShapes(config.model.layers, [4]),
    { outputs: 3, task: 'classification' },
    'softmaxCrossEntropy',
  );
  expect(mismatch!.path).toEqual(['model', 'layers', blamed]);
  expect(mismatch!.message).toContain(advice);
  expect(mismatch!.message).toContain('the data has 3 classes');
});
