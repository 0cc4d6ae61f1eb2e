import { number } from '../../../events/numbers.ts';
import { initFix } from '../../fixes.ts';
import { hasWeights, layersOf, unitsOf, type WeightLayer } from '../../layers.ts';
import { firstLook, weightsRow } from '../../network.ts';
import { NOTHING, type Rule } from '../../rule.ts';
import { measured } from '../../trace.ts';

/**
 * Two layers in a row that start with weights all equal: the units between them compute the same, and get
 * the same gradient. With random weights on one side only they part; so they do in a residual block.
 */
export const symmetricInitialization: Rule = {
  id: 'symmetric-initialization',
  moments: ['look'],
  begin: () => (trace) => {
    const look = firstLook(trace);
    if (!look || trace.config.model.from) return NOTHING;
    const layers = layersOf(trace);
    const weighted = layers.filter(hasWeights);
    const isEqual = (layer: WeightLayer) => {
      const row = weightsRow(trace, layer, 'parameter');
      return row >= 0 && measured(look, row, 'std') === 0 && measured(look, row, 'count') > 1;
    };
    const parts = layers.some(({ layer }) => ['dropout', 'dropConnect'].includes(layer.kind));
    const found = weighted.find((layer, i) => {
      const next = weighted[i + 1];
      if (!next || unitsOf(layer) < 2 || !isEqual(layer) || !isEqual(next)) return false;
      return !layer.path.includes('residual') && !next.path.includes('residual');
    });
    if (!found || parts) return NOTHING;
    const value = measured(look, weightsRow(trace, found, 'parameter'), 'mean');
    const own = found.layer.init !== null;
    return [
      {
        severity: 'error',
        path: own ? [...found.path, found.layer.kind, 'init'] : ['model', 'init'],
        layer: found.path,
        message: `All weights of ${found.label} and of the layer behind it start at ${number(value)}: its ${unitsOf(found)} units compute the same, get the same gradient and stay equal, worth one unit together. Random weights part them.`,
        evidence: { value, units: unitsOf(found), layer: found.label, std: 0 },
        fixes: [initFix(trace)],
      },
    ];
  },
};
