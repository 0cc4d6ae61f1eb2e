import { number, rounded } from '../../../events/numbers.ts';
import { rateFix } from '../../rates.ts';
import type { Verdict } from '../../rule.ts';
import { NOTHING } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { staticRule } from './static-rule.ts';

const USUAL = {
  sgd: 1e-2,
  adagrad: 1e-2,
  rmsprop: 1e-3,
  adam: 1e-3,
  adamW: 1e-3,
  lbfgs: 1,
} as const;

/** A rate that hardly any network learns with; what it does to this one is seen in training. */
export const suspiciousLearningRate = staticRule('suspicious-learning-rate', (trace) => {
  const { optimizer } = trace.config;
  const { learningRate: rate, type } = optimizer;
  const { low, high } = THRESHOLDS.config.rates[type];
  const momentum = type === 'sgd' ? optimizer.momentum : 0;
  const effective = rate / (1 - momentum);
  const withMomentum =
    momentum > 0 ? ` (with momentum ${momentum}: as ${number(effective, 2)})` : '';
  const usual = USUAL[type];
  const tell = (severity: Verdict['severity'], what: string): readonly Verdict[] => [
    {
      severity,
      path: ['optimizer', 'learningRate'],
      message: `learningRate ${rate}${withMomentum} is unusually ${what} Common for ${type}: ${usual}; ✓ Check (trainscope check) searches one that suits.`,
      evidence: { learningRate: rate, effective, low, high },
      fixes: [rateFix(rounded(usual * (1 - momentum)))],
    },
  ];
  if (effective > high)
    return tell(
      effective > high * THRESHOLDS.config.hopeless && !trace.config.gradientClip
        ? 'error'
        : 'warning',
      `high for ${type}: steps are so large that the cost usually explodes.`,
    );
  if (effective < low && !hasLargeInputs(trace))
    return tell('warning', `low for ${type}: weights will hardly change.`);
  return NOTHING;
});

/** Gradients are as large as the inputs: of pixels up to 255 a low rate suits. */
function hasLargeInputs({
  data,
  config,
}: Parameters<Parameters<typeof staticRule>[1]>[0]): boolean {
  const scaled = config.data.preprocess.some(
    (step) => step !== 'center' && step !== 'meanImage' && step !== 'perChannel' && step !== 'pca',
  );
  if (scaled || !data) return false;
  const most = THRESHOLDS.config.largeInput;
  return data.max.some((x) => x > most) || data.min.some((x) => x < -most);
}
