import {
  hasBrokenNumbers,
  inputOf,
  medianSize,
  ofLayers,
  ofWeights,
  rms,
} from '../measured-rows.ts';
import { type Predicate, type RuleSet, when } from '../rule-set.ts';

/** The same value so many times in a row. */
function identical(
  name: string,
  times: number,
  moment: 'step' | 'epoch',
  value: (trace: Parameters<ReturnType<Predicate['begin']>>[0]) => number | null,
): Predicate {
  return {
    name,
    means: ['unchanged-weights', 'learning-rate-low'],
    moments: [moment],
    begin: () => {
      let before: number | null = null;
      let same = 0;
      return (trace) => {
        const now = value(trace);
        same = now !== null && now === before ? same + 1 : 0;
        before = now;
        return same >= times - 1;
      };
    },
  };
}

/** Wardat, Cruz, Le, Rajan: "DeepDiagnosis: automatically diagnosing faults and recommending actionable fixes in deep learning programs", ICSE 2022. */
export const deepDiagnosis: RuleSet = {
  name: 'DeepDiagnosis',
  predicates: [
    when(
      'numerical error',
      ['non-finite', 'learning-rate-high'],
      ['step', 'look'],
      hasBrokenNumbers,
    ),
    when('out of range', ['unnormalized-input'], ['look'], (trace) => {
      const input = inputOf(trace);
      return input !== undefined && (input.of('min') < -1 || input.of('max') > 1);
    }),
    when('dead node', ['dead-relu'], ['epoch'], (trace) =>
      ofLayers(trace, ['relu']).some((y) => y.of('zero') >= 0.7),
    ),
    when('saturated activation', ['saturated-activations'], ['epoch'], (trace) =>
      ofLayers(trace, ['tanh', 'sigmoid'], { input: true }).some((x) => medianSize(x) > 5),
    ),
    when('vanishing gradient', ['vanishing-gradients'], ['epoch'], (trace) =>
      ofWeights(trace, 'parameterGradient').some((g) => rms(g) < 1e-7),
    ),
    when(
      'invalid learning rate',
      ['learning-rate-high', 'learning-rate-low'],
      ['epoch'],
      (trace) => {
        const gradients = ofWeights(trace, 'parameterGradient');
        return ofWeights(trace, 'parameter').some((w, i) => {
          const g = gradients[i];
          const ratio = (trace.last.learningRate * (g?.of('norm') ?? 0)) / w.of('norm');
          return g !== undefined && (ratio < 1e-5 || ratio > 1e-1);
        });
      },
    ),
    identical('unchanged loss', 5, 'step', ({ last }) => last.loss),
    identical('unchanged accuracy', 20, 'epoch', ({ epochs }) => epochs.at(-1)!.train.accuracy),
  ],
};
