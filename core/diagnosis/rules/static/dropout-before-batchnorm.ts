import type { Edit } from '../../../events/finding.ts';
import { number } from '../../../events/numbers.ts';
import { removeLayer } from '../../layer-edits.ts';
import { hasWeights, layersOf, type PlacedLayer } from '../../layers.ts';
import { NOTHING } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { staticRule } from './static-rule.ts';

/**
 * Dropout makes the variance of a unit larger in training than at test time; batch normalization behind it
 * learns the former and is wrong at the latter (Li et al. 2018, "variance shift").
 */
export const dropoutBeforeBatchnorm = staticRule('dropout-before-batchnorm', (trace) => {
  const layers = layersOf(trace);
  const found = layers.filter(
    ({ layer }, i) => layer.kind === 'dropout' && layer.rate > 0 && normAfter(layers, i),
  );
  const [first] = found;
  if (first?.layer.kind !== 'dropout') return NOTHING;
  const norm = normAfter(layers, layers.indexOf(first))!;
  const { rate } = first.layer;
  const threshold = THRESHOLDS.config.dropoutBeforeNorm;
  const severe = norm.direct && rate >= threshold;
  return [
    {
      severity: severe ? 'warning' : 'info',
      path: first.path,
      message: `${first.label} comes before ${norm.layer.label}. Dropping ${rate} of the values makes their variance ${number(1 / (1 - rate), 2)} times as large in training as at test time; batchNorm learns the former, and validation is done with the latter. Put dropout behind the last batchNorm.`,
      evidence: { rate, threshold, batchNorm: norm.layer.label },
      fixes: [
        {
          title: 'Remove this dropout',
          edits: [removeLayer(first.path)] satisfies Edit[],
        },
      ],
    },
  ];
});

/** The batch normalization that is fed what was dropped; `direct`: by no more than an activation in between. */
function normAfter(
  layers: readonly PlacedLayer[],
  at: number,
): { layer: PlacedLayer; direct: boolean } | null {
  let direct = true;
  for (const layer of layers.slice(at + 1)) {
    if (layer.layer.kind === 'batchNorm') return { layer, direct };
    if (layer.layer.kind === 'residual') return null;
    if (hasWeights(layer)) {
      if (!direct) return null;
      direct = false;
    }
  }
  return null;
}
