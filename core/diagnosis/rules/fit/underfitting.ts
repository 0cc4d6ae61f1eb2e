import type { Fix } from '../../../events/finding.ts';
import { percent } from '../../../events/numbers.ts';
import { setFix } from '../../fixes.ts';
import { hasWeights, layersOf } from '../../layers.ts';
import { isEarly, left, lessons, progressOf } from '../../learning.ts';
import { type JudgedTrace, NOTHING, type Verdict } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { epochRule } from '../epoch-rule.ts';

/** Nothing is learned, or the loss stands still with much of it left, in training and validation alike. */
export const underfitting = epochRule('underfitting', (trace) => {
  const { learning, fit } = THRESHOLDS;
  const { train } = lessons(trace);
  const rest = left(trace);
  const now = train.at(-1)!;
  if (isEarly(trace, learning.share) || trace.epochs.length < 4) return NOTHING;
  const progress = progressOf(trace);
  const before = train.at(-1 - Math.max(2, Math.round(train.length / 4)))!;
  const still = before - now < 0.02;
  if (progress >= fit.hopeless && Math.min(rest, now) > learning.nothing && still)
    return [
      verdict(
        trace,
        'error',
        `After ${trace.epochs.length} of ${trace.started.epochs} epochs the network is no better than guessing, in training and in validation.`,
        rest,
      ),
    ];
  if (progress < 0.5 || !(rest > learning.much) || !(now > learning.much) || !still) return NOTHING;
  if (before - now > 0.05 * now) return NOTHING;
  return [
    verdict(
      trace,
      'info',
      `The loss stands still, with ${percent(Math.min(1, rest))} of what there is to learn left, in training and in validation alike.`,
      rest,
    ),
  ];
});

function verdict(
  trace: JudgedTrace,
  severity: Verdict['severity'],
  seen: string,
  rest: number,
): Verdict {
  return {
    severity,
    path: ['model', 'layers'],
    message: `${seen} The network may be too small, the learning rate unsuited, or the inputs say too little of the labels. Look at the data; try other rates and a wider network.`,
    evidence: { unexplained: rest, epochs: trace.epochs.length },
    fixes: [...widerFix(trace), ...adamFix(trace)],
  };
}

/** Twice as many units in each hidden dense layer. */
function widerFix(trace: JudgedTrace): Fix[] {
  const layers = layersOf(trace);
  const hidden = layers.filter(hasWeights).slice(0, -1);
  const edits = hidden.flatMap(({ layer, path }) => {
    if (layer.kind !== 'dense') return [];
    const written = trace.written([...path, 'dense']);
    const at = typeof written === 'number' ? ['dense'] : ['dense', 'units'];
    return [{ path: [...path, ...at], value: 2 * layer.units }];
  });
  return edits.length > 0 ? [{ title: 'Twice as many units in hidden layers', edits }] : [];
}

function adamFix({ config }: JudgedTrace): Fix[] {
  if (config.optimizer.type === 'adam' || config.optimizer.type === 'lbfgs') return [];
  return [setFix('Use adam', ['optimizer'], { type: 'adam', learningRate: 1e-3 })];
}
