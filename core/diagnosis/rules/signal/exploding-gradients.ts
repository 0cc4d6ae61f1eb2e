import { number } from '../../../events/numbers.ts';
import { divergenceJudge } from '../../divergence/divergence-rule.ts';
import { batchNormFix, reluFix, setFix } from '../../fixes.ts';
import { left } from '../../learning.ts';
import { firstLook, gradientSizes } from '../../network.ts';
import { type JudgedTrace, NOTHING, type Rule, type Verdict } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { anyOf } from '../epoch-rule.ts';
import { explosiveLayers, isExplosive } from './explosive.ts';

/** Gradients that grow without bound on their way back, or through activations that explode. */
export const explodingGradients: Rule = anyOf('exploding-gradients', [
  {
    moments: ['step'],
    begin: () =>
      divergenceJudge('initialization', (trace, { seen }) =>
        isExplosive(trace) ? verdict(trace, seen, {}) : null,
      ),
  },
  { moments: ['epoch'], begin: () => look },
]);

function look(trace: JudgedTrace): readonly Verdict[] {
  const { signal } = THRESHOLDS;
  const rest = left(trace);
  if (trace.epochs.length < 2 || !(rest > 1)) return NOTHING;
  const before = firstLook(trace);
  if (!before) return NOTHING;
  const largest = Math.max(...gradientSizes(trace, before));
  if (!(largest > signal.exploding)) return NOTHING;
  return [
    verdict(
      trace,
      `Before the first step gradients were as large as ${number(largest)}, and after ${trace.epochs.length} epochs the run is no better than guessing.`,
      { gradient: largest, threshold: signal.exploding, unexplained: rest },
    ),
  ];
}

function verdict(trace: JudgedTrace, seen: string, evidence: Verdict['evidence']): Verdict {
  const layers = explosiveLayers(trace);
  const first = layers[0];
  return {
    severity: 'error',
    path: first?.path ?? ['model', 'init'],
    ...(first && { layer: first.path }),
    message: `${seen} ${
      first
        ? `${first.label} raises e to the power of what comes in, which explodes from layer to layer. Use relu.`
        : 'They explode on their way back. Clip them, normalize batches or start with smaller weights.'
    }`,
    evidence,
    fixes: [
      ...reluFix(trace, layers),
      setFix('Clip gradients to norm 5', ['gradientClip'], { norm: 5 }),
      ...batchNormFix(trace),
    ],
  };
}
