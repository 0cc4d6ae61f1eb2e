import type { JudgedTrace } from '../../../../../core/diagnosis/rule.ts';
import { hasBrokenNumbers, ofLayers, ofWeights } from '../measured-rows.ts';
import type { RuleSet } from '../rule-set.ts';
import { when } from '../rule-set.ts';

/** It looks after every third epoch. */
const due = ({ epochs, look }: JudgedTrace) =>
  epochs.length > 0 && epochs.length % 3 === 0 && look?.step === epochs.at(-1)!.step;

const accuracies = ({ epochs }: JudgedTrace) =>
  epochs.flatMap(({ train }) => (train.accuracy === null ? [] : [train.accuracy]));

/** Zhang, Zhai, Ma, Shen: "AutoTrainer: an automatic DNN training problem detection and repair system", ICSE 2021. */
export const autoTrainer: RuleSet = {
  name: 'AutoTrainer',
  predicates: [
    when(
      'exploding gradient',
      ['exploding-gradients', 'learning-rate-high', 'non-finite'],
      ['look'],
      (trace) =>
        due(trace) &&
        (hasBrokenNumbers(trace) ||
          ofWeights(trace, 'parameterGradient').some((g) => g.of('norm') > 70)),
    ),
    when('exploding gradient', ['exploding-gradients', 'non-finite'], ['step'], (trace) =>
      Number.isNaN(trace.last.loss),
    ),
    when('vanishing gradient', ['vanishing-gradients'], ['look'], (trace) => {
      const norms = ofWeights(trace, 'parameterGradient').map((g) => g.of('norm'));
      return due(trace) && norms[0]! / norms.at(-1)! < 1e-3 && norms[0]! < 1e-4;
    }),
    when('dying ReLU', ['dead-relu'], ['look'], (trace) => {
      if (!due(trace) || ofLayers(trace, ['relu']).length === 0) return false;
      return ofWeights(trace, 'parameterGradient').some((g) => g.of('zero') >= 0.7);
    }),
    when('oscillating loss', ['oscillating-loss', 'learning-rate-high'], ['look'], (trace) => {
      const seen = accuracies(trace);
      const falls = seen.filter((accuracy, i) => i > 0 && seen[i - 1]! - accuracy >= 0.03).length;
      return due(trace) && seen.length >= 6 && falls / seen.length >= 0.2;
    }),
    when('slow convergence', ['slow-convergence', 'learning-rate-low'], ['look'], (trace) => {
      const seen = accuracies(trace);
      const gain = Math.max(...seen.map((accuracy, i) => (i > 0 ? accuracy - seen[i - 1]! : 0)));
      return due(trace) && seen.length > 0 && Math.max(...seen) < 0.6 && gain < 0.01;
    }),
  ],
};
