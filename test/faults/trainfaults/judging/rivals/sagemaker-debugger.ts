import {
  deadShares,
  hasBrokenNumbers,
  inputOf,
  medianSize,
  ofLayers,
  ofWeights,
  rms,
} from '../measured-rows.ts';
import type { RuleSet } from '../rule-set.ts';
import { when } from '../rule-set.ts';

/**
 * Amazon SageMaker Debugger's built-in rules with their default parameters (its documentation, "List of
 * Debugger built-in rules"). mean|g| is taken as √mean g²; the inputs of tanh as normal;
 * a step of its loss rule is a stretch of an eighth of an epoch.
 */
export const sagemakerDebugger: RuleSet = {
  name: 'SageMaker Debugger',
  predicates: [
    when(
      'ExplodingTensor',
      ['non-finite', 'learning-rate-high'],
      ['step', 'look'],
      hasBrokenNumbers,
    ),
    when('VanishingGradient', ['vanishing-gradients'], ['look'], (trace) =>
      ofWeights(trace, 'parameterGradient').some((g) => rms(g) < 1e-7),
    ),
    when('DeadRelu', ['dead-relu'], ['epoch'], (trace) =>
      deadShares(trace, 0.01).some((share) => share > 0.5),
    ),
    when('Tanh', ['saturated-activations'], ['look'], (trace) =>
      ofLayers(trace, ['tanh'], { input: true }).some((x) => medianSize(x) > 9.5),
    ),
    when('PoorWeightInitialization', ['poor-initialization'], ['look'], (trace) => {
      const variances = ofWeights(trace, 'parameter', trace.firstLooks[0]).map(
        (w) => w.of('std') ** 2,
      );
      return Math.max(...variances) / Math.min(...variances) > 10;
    }),
    when(
      'WeightUpdateRatio',
      ['learning-rate-high', 'learning-rate-low'],
      ['epoch'],
      ({ ratios }) => [...(ratios.latest ?? [])].some((ratio) => ratio > 10 || ratio < 1e-8),
    ),
    {
      name: 'UnchangedTensor',
      means: ['unchanged-weights'],
      moments: ['step'],
      begin: () => {
        let quiet = 0;
        return ({ ratios }) => {
          const latest = ratios.latest ?? [];
          quiet = latest.length > 0 && latest.every((ratio) => ratio < 1e-5) ? quiet + 1 : 0;
          return quiet >= 3;
        };
      },
    },
    when(
      'LossNotDecreasing',
      ['learning-rate-low', 'learning-rate-high', 'slow-convergence'],
      ['epoch'],
      ({ losses }) => {
        const costs = losses.windows.map(({ cost }) => cost);
        return costs.some((cost, i) => i >= 10 && cost > 0.999 * costs[i - 10]!);
      },
    ),
    when('Overfit', ['overfitting'], ['epoch'], ({ epochs }) => {
      const { train, validation } = epochs.at(-1)!;
      return validation !== null && (validation.loss - train.dataLoss) / train.dataLoss > 0.1;
    }),
    when('Overtraining', ['overfitting'], ['epoch'], ({ epochs }) => {
      const stale = (losses: number[], patience: number) =>
        losses.length > patience &&
        Math.min(...losses.slice(-patience)) >= Math.min(...losses.slice(0, -patience));
      return (
        stale(
          epochs.map(({ train }) => train.dataLoss),
          5,
        ) ||
        stale(
          epochs.map(({ validation }) => validation?.loss ?? Number.NaN),
          10,
        )
      );
    }),
    when('ClassImbalance', ['class-imbalance'], ['start'], ({ data }) => {
      const counts = [...(data?.classCounts ?? [])];
      return counts.length > 0 && Math.max(...counts) > 10 * Math.min(...counts);
    }),
    when('NotNormalizedData', ['unnormalized-input'], ['look'], (trace) => {
      const isImage = trace.started.plan.inputShape.length === 3;
      return isImage && Math.abs(inputOf(trace)?.of('mean') ?? 0) > 0.2;
    }),
  ],
};
