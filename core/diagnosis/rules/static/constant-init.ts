import { hasWeights, layersOf, suitableInit, unitsOf, type WeightLayer } from '../../layers.ts';
import { NOTHING } from '../../rule.ts';
import { initOf, isTakenOver } from './inits.ts';
import { staticRule } from './static-rule.ts';

/**
 * Weights that are all the same: every unit of the layer computes the same and gets the same gradient, for
 * ever. The output layer may start so, since each of its units has a target of its own; so may the last
 * layer of a residual block, which then starts as the identity.
 */
export const constantInit = staticRule('constant-init', (trace) => {
  const { config } = trace;
  const layers = layersOf(trace);
  const weighted = layers.filter(hasWeights);
  const equal = weighted.filter((layer, i) => {
    const { init } = initOf(config, layer);
    const constant = init === 'zeros' || (typeof init === 'object' && 'constant' in init);
    const isLast = i === weighted.length - 1 || endsBlock(layer, weighted[i + 1]!);
    return constant && !isLast && unitsOf(layer) > 1 && !isTakenOver(config, layer);
  });
  const [first] = equal;
  if (!first) return NOTHING;
  const { init, path } = initOf(config, first);
  const value = typeof init === 'object' && 'constant' in init ? init.constant : 0;
  const suitable = suitableInit(layers, layers.indexOf(first));
  const paths = new Map(
    equal.map((layer) => initOf(config, layer).path).map((at) => [at.join(), at]),
  );
  // Dropout treats units differently: they part after a while.
  const parts = layers.some(
    ({ layer }) => layer.kind === 'dropout' || layer.kind === 'dropConnect',
  );
  return [
    {
      severity: parts ? 'warning' : 'error',
      path,
      layer: first.path,
      message: `All weights of ${equal.map(({ label }) => label).join(', ')} start at ${value}: the ${unitsOf(first)} units of ${first.label} compute the same and get the same gradient, so that they stay equal and are worth one. Random weights part them: init: ${suitable}.`,
      evidence: { value, units: unitsOf(first), layers: equal.map(({ label }) => label) },
      fixes: [
        {
          title: `Set init to ${suitable}`,
          edits: [...paths.values()].map((at) => ({ path: at, value: suitable })),
        },
      ],
    },
  ];
});

/** The last layer with weights of a residual block. */
function endsBlock({ path }: WeightLayer, next: WeightLayer): boolean {
  return path.includes('residual') && path.slice(0, -1).join() !== next.path.slice(0, -1).join();
}
