import { hasWeights, layersOf } from '../../layers.ts';
import { NOTHING } from '../../rule.ts';
import { staticRule } from './static-rule.ts';

/** Batch normalization subtracts the mean, and with it any bias; its own shift takes the bias's place. */
export const biasBeforeBatchnorm = staticRule('bias-before-batchnorm', (trace) => {
  const layers = layersOf(trace);
  const found = layers.filter(
    (placed, i) =>
      hasWeights(placed) &&
      placed.layer.kind !== 'maxout' &&
      placed.layer.bias &&
      layers[i + 1]?.layer.kind === 'batchNorm',
  );
  const [first] = found;
  if (!first) return NOTHING;
  const names = found.map(({ label }) => label);
  return [
    {
      severity: 'info',
      path: first.path,
      message: `${names.join(', ')}: the bias does nothing, because the batchNorm behind it subtracts the mean and has a shift of its own. bias: false saves the parameters.`,
      evidence: { layers: names },
      fixes: [
        {
          title: 'Leave out the bias',
          edits: found.map(({ path, layer }) => ({
            path: [...path, layer.kind, 'bias'],
            value: false,
          })),
        },
      ],
    },
  ];
});
