import { number, percent, rounded } from '../../../events/numbers.ts';
import { strongestDecay } from '../../divergence/blame.ts';
import { divergenceJudge } from '../../divergence/divergence-rule.ts';
import { setFix } from '../../fixes.ts';
import { hasWeights, layersOf } from '../../layers.ts';
import { isEarly, left, leftByLoss, lessons } from '../../learning.ts';
import { firstLook, weightsRow } from '../../network.ts';
import { type JudgedTrace, NOTHING, type Verdict } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { measured } from '../../trace.ts';
import { anyOf, until } from '../epoch-rule.ts';

/** A penalty, or a dropout, so strong that too little is learned. */
export const overRegularized = anyOf('over-regularized', [
  {
    moments: ['step', 'epoch'],
    begin: () =>
      divergenceJudge('regularization', (trace, { seen, step }) => {
        const { l2, path } = strongestDecay(trace);
        const rate = trace.last.learningRate;
        return {
          severity: 'error',
          path,
          message: `${seen} l2 ${l2} with learning rate ${number(rate)} multiplies weights by 1 − ${number(rate * l2)} at each step, which makes them grow. Use a far weaker l2.`,
          evidence: { l2, learningRate: rate, step, threshold: THRESHOLDS.decay.unstable },
          fixes: [l2Fix(trace, path, 1e-4)],
        };
      }),
  },
  {
    moments: ['epoch'],
    begin: until(
      (trace) => leftByLoss(trace) < THRESHOLDS.fit.suffers,
      (trace) => penalized(trace) ?? dropped(trace) ?? NOTHING,
    ),
  },
]);

function penalized(trace: JudgedTrace): readonly Verdict[] | null {
  const { fit, learning } = THRESHOLDS;
  const { regularization } = trace.config;
  const { l2, path } = strongestDecay(trace);
  const strength = Math.max(l2, regularization.l1);
  if (isEarly(trace, learning.share) || !(strength > 0)) return null;
  const { loss, dataLoss } = trace.epochs.at(-1)!.train;
  const share = 1 - dataLoss / loss;
  if (!hasShrunk(trace)) return null;
  const rest = leftByLoss(trace);
  const train = lessons(trace).train.at(-1)!;
  const collapsed = rest > learning.nothing && strength >= fit.strongDecay;
  if (!(Math.min(rest, train) > fit.suffers) || !(share > fit.penalty || collapsed)) return null;
  const byL1 = regularization.l1 > l2;
  const [name, at] = byL1 ? ['l1', ['regularization', 'l1']] : ['l2', path];
  const weaker = Math.min(byL1 ? 1e-5 : 1e-4, rounded(strength / 100));
  return [
    {
      severity: rest > learning.nothing ? 'error' : 'warning',
      path: at,
      message: `After ${trace.epochs.length} epochs ${percent(Math.min(1, rest))} of what there is to learn is left, and ${percent(Math.max(0, share))} of the cost is the penalty: ${name} ${strength} holds the weights too small to fit the data. Try ${weaker}.`,
      evidence: {
        [String(name)]: strength,
        penalty: share,
        threshold: fit.penalty,
        unexplained: rest,
      },
      fixes: [byL1 ? setFix(`Set l1 to ${weaker}`, at, weaker) : l2Fix(trace, at, weaker)],
    },
  ];
}

/** The weights are no larger than they were drawn: a penalty of weights that grew is no restraint. */
function hasShrunk(trace: JudgedTrace): boolean {
  const first = firstLook(trace);
  const { look } = trace;
  if (!first || !look) return true;
  const sizeAt = (at: typeof first) =>
    Math.hypot(
      ...layersOf(trace)
        .filter(hasWeights)
        .map((layer) => measured(at, weightsRow(trace, layer, 'parameter'), 'norm') || 0),
    );
  return sizeAt(look) < 1.2 * sizeAt(first);
}

function l2Fix({ config }: JudgedTrace, path: Verdict['path'], value: number) {
  if (path[0] !== 'model') return setFix(`Set l2 to ${value}`, path, value);
  const layer = config.model.layers[Number(path[2])];
  return setFix(
    `Set l2 to ${value}`,
    [...path, layer?.kind ?? 'dense', 'regularization', 'l2'],
    value,
  );
}

function dropped(trace: JudgedTrace): readonly Verdict[] | null {
  const { fit, learning } = THRESHOLDS;
  const strong = layersOf(trace).find(
    ({ layer }) => layer.kind === 'dropout' && layer.rate >= fit.dropout,
  );
  if (strong?.layer.kind !== 'dropout' || isEarly(trace, learning.share)) return null;
  const rest = left(trace);
  const { train } = lessons(trace);
  if (!(Math.min(rest, train.at(-1)!) > learning.much)) return null;
  const { rate } = strong.layer;
  const all = layersOf(trace).filter(({ layer }) => layer.kind === 'dropout');
  return [
    {
      severity: rest > learning.nothing ? 'error' : 'warning',
      path: [...strong.path, 'dropout'],
      layer: strong.path,
      message: `${strong.label} drops ${percent(rate)} of the values, and after ${trace.epochs.length} epochs ${percent(Math.min(1, rest))} of what there is to learn is left: too little gets through. 0.2 to 0.5 is common.`,
      evidence: { rate, threshold: fit.dropout, unexplained: rest },
      fixes: [
        {
          title: 'Drop 0.2',
          edits: all.map(({ path }) => ({ path: [...path, 'dropout'], value: 0.2 })),
        },
      ],
    },
  ];
}
