import { hasWeights, layersOf } from '../../layers.ts';
import { NOTHING } from '../../rule.ts';
import { staticRule } from './static-rule.ts';

/** Batch normalization straight before weights: W (γx̂ + β) + b; its shift β and the bias b do the same. */
export const redundantBias = staticRule('redundant-bias', (trace) => {
  const layers = layersOf(trace);
  const found = layers.filter(
    (placed, i) =>
      // Zeros around an image are not shifted: there a bias differs.
      hasWeights(placed) &&
      (placed.layer.kind === 'dense' || placed.layer.kind === 'dropConnect') &&
      placed.layer.bias &&
      layers[i - 1]?.layer.kind === 'batchNorm',
  );
  const [first] = found;
  if (!first) return NOTHING;
  const names = found.map(({ label }) => label);
  return [
    {
      severity: 'info',
      path: first.path,
      message: `${names.join(', ')}: the shift of the batchNorm before it, multiplied by the weights, can do all that the bias does. bias: false saves the parameters.`,
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
