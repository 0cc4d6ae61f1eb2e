import type { LayerKind } from '../../../network/layers/layer.ts';
import { insertBehind } from '../../layer-edits.ts';
import { layersOf, type PlacedLayer } from '../../layers.ts';
import { lessons } from '../../learning.ts';
import { hasLearned } from '../../outcome.ts';
import { type JudgedTrace, NOTHING } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { staticRule } from './static-rule.ts';

/** Each a linear map of its input, or a matter of scale alone once training is over. */
const LINEAR: readonly LayerKind[] = ['dense', 'conv2d', 'dropConnect'];
const TRANSPARENT: readonly LayerKind[] = [
  'batchNorm',
  'dropout',
  'flatten',
  'avgPool',
  'globalAvgPool',
];

/** Layers of weights with nothing nonlinear between: W₂(W₁x) = (W₂W₁)x, one linear layer could do the same. */
export const linearStack = staticRule(
  'linear-stack',
  (trace) => {
    const pairs: [PlacedLayer, PlacedLayer][] = [];
    let before: PlacedLayer | null = null;
    for (const placed of layersOf(trace)) {
      const { kind } = placed.layer;
      if (LINEAR.includes(kind)) {
        if (before && isSibling(before, placed)) pairs.push([before, placed]);
        before = placed;
      } else if (!TRANSPARENT.includes(kind)) before = null;
    }
    const [first] = pairs;
    if (!first) return NOTHING;
    const chain = [first[0], ...pairs.map(([, second]) => second)];
    const names = chain.map(({ label }) => label);
    const listed =
      names.length > 4 ? `${names.slice(0, 3).join(', ')} … ${names.at(-1)}` : names.join(', ');
    const edits = insertBehind(
      trace,
      pairs.map(([one]) => one.path),
      'relu',
    );
    return [
      {
        severity: 'warning',
        path: first[0].path,
        message: `There is no activation between ${listed}: ${chain.length === 2 ? 'both' : 'layers that follow each other so'} are together one linear layer, and more of them learn nothing that it could not. Put an activation such as relu between them.`,
        evidence: { layers: names },
        fixes: edits.length > 0 ? [{ title: 'Insert relu between them', edits }] : [],
      },
    ];
  },
  isCapable,
);

/** What a linear map can learn is enough here. */
function isCapable(trace: JudgedTrace): boolean {
  const now = lessons(trace).train.at(-1) ?? Number.NaN;
  return hasLearned(trace) || now < THRESHOLDS.config.capable;
}

/** What is added to a residual block's layers comes from elsewhere. */
function isSibling(a: PlacedLayer, b: PlacedLayer): boolean {
  return (
    a.path.length === b.path.length && a.path.slice(0, -1).join() === b.path.slice(0, -1).join()
  );
}
