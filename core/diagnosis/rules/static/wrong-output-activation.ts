import { defaultLoss } from '../../../config/index.ts';
import type { Severity } from '../../../events/finding.ts';
import { number } from '../../../events/numbers.ts';
import type { LayerKind } from '../../../network/layers/layer.ts';
import { removeLayer } from '../../layer-edits.ts';
import { isActivation, layersOf, type PlacedLayer } from '../../layers.ts';
import { hasLearnedSoon } from '../../outcome.ts';
import { type JudgedTrace, NOTHING, type Verdict } from '../../rule.ts';
import { staticRule } from './static-rule.ts';

/** What an activation can put out. */
const RANGE: { readonly [kind in LayerKind]?: readonly [least: number, largest: number] } = {
  relu: [0, Number.POSITIVE_INFINITY],
  softplus: [0, Number.POSITIVE_INFINITY],
  exponential: [0, Number.POSITIVE_INFINITY],
  sigmoid: [0, 1],
  softmax: [0, 1],
  tanh: [-1, 1],
};

/** An activation behind the output layer that the loss has no use for: scores and numbers are unbounded. */
export const wrongOutputActivation = staticRule(
  'wrong-output-activation',
  (trace) => {
    const last = layersOf(trace).at(-1);
    if (!last || !isActivation(last)) return NOTHING;
    return trace.started.task === 'classification'
      ? ofClasses(trace, last)
      : ofNumbers(trace, last);
  },
  hasLearnedSoon,
);

function ofClasses({ config, started }: JudgedTrace, last: PlacedLayer): readonly Verdict[] {
  const { type } = config.loss ?? defaultLoss(started.task);
  const { kind } = last.layer;
  // These two are told of by wrong-loss and softmax-twice.
  if (type === 'meanSquaredError' || type === 'huber') return NOTHING;
  if (kind === 'softmax' && type === 'softmaxCrossEntropy') return NOTHING;
  const tell = (severity: Severity, why: string) => [verdict(last, severity, why, { loss: type })];
  const takes = `${type} takes scores of any size`;
  switch (kind) {
    case 'relu':
      return tell(
        'warning',
        `${takes}, and ${last.label} cuts those below 0 off: they all look alike, and have no gradient.`,
      );
    case 'sigmoid':
    case 'softmax':
    case 'tanh': {
      const twice = kind === 'sigmoid' && type === 'binaryCrossEntropy';
      const range = kind === 'tanh' ? '−1..1' : '0..1';
      const own = twice ? ', and has a sigmoid of its own' : '';
      return tell(
        'warning',
        `${takes}${own}; ${last.label} squeezes them into ${range}: the network can never be sure, the loss stays high and gradients are small.`,
      );
    }
    case 'exponential':
      return tell('warning', `${takes}; ${last.label} makes small differences huge.`);
    case 'softplus':
    case 'gelu':
    case 'silu':
      return tell('info', `${takes}; ${last.label} leaves hardly any below 0.`);
    default:
      return NOTHING;
  }
}

function ofNumbers({ config, data }: JudgedTrace, last: PlacedLayer): readonly Verdict[] {
  const { kind } = last.layer;
  const bounds = RANGE[kind];
  if (!bounds) return NOTHING;
  if (kind === 'softmax' && last.outputShape.at(-1) === 1)
    return [
      verdict(
        last,
        'error',
        `softmax of a single output is 1, whatever comes in: nothing can be learned.`,
        {},
      ),
    ];
  if (!data?.targetRange) return NOTHING;
  const [low, high] = bounds;
  const [least, largest] = data.targetRange;
  const standardized = config.data.targets === 'standardize';
  // Standardized, targets are on both sides of 0, and some are beyond 1.
  const reached = standardized ? low < -1 && high > 1 : least >= low && largest <= high;
  if (reached) return NOTHING;
  const targets = standardized
    ? 'the standardized targets have mean 0 and deviation 1'
    : `the targets go from ${number(least)} to ${number(largest)}`;
  const gives = high === 1 ? `only ${low === 0 ? '0' : '−1'}..1` : 'nothing below 0';
  return [
    verdict(
      last,
      'warning',
      `${last.label} gives ${gives}, but ${targets}: those outside are never reached.`,
      { least, largest, low, high: Number.isFinite(high) ? high : 'Infinity' },
    ),
  ];
}

function verdict(
  last: PlacedLayer,
  severity: Severity,
  why: string,
  evidence: Verdict['evidence'],
): Verdict {
  return {
    severity,
    path: last.path,
    message: `${why} The output layer is usually linear: remove ${last.layer.kind}.`,
    evidence: { activation: last.layer.kind, ...evidence },
    fixes: [{ title: `Remove ${last.layer.kind}`, edits: [removeLayer(last.path)] }],
  };
}
