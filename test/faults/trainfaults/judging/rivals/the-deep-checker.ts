import { deadShares, hasBrokenNumbers, ofLayers, ofWeights } from '../measured-rows.ts';
import { type RuleSet, when } from '../rule-set.ts';

const ACTIVATIONS = ['relu', 'leakyRelu', 'tanh', 'sigmoid', 'elu', 'gelu', 'exponential'];

/**
 * Ben Braiek, Khomh: "Testing feedforward neural networks training programs", TOSEM 2023. Its check that 16
 * examples can be learned by heart is a training of its own, and left out. Of its F-test of initial weights
 * only the size that would fail it with the fewest weights is used: a variance off by a factor of 2.
 */
export const theDeepChecker: RuleSet = {
  name: 'TheDeepChecker',
  predicates: [
    when(
      'numerical error',
      ['non-finite', 'learning-rate-high'],
      ['step', 'look'],
      hasBrokenNumbers,
    ),
    when('unexpected initial loss', ['initial-loss', 'poor-initialization'], ['step'], (trace) => {
      const { step, started, losses } = trace;
      const classes = started.plan.layers.at(-1)!.outputShape.at(-1)!;
      const expected = Math.log(classes);
      if (step > 10 || started.task !== 'classification' || Number.isNaN(losses.firstDataLoss))
        return false;
      return Math.abs(losses.firstDataLoss - expected) >= expected;
    }),
    when('poor initial weights', ['poor-initialization'], ['look'], (trace) => {
      const { layers } = trace.started.plan;
      return ofWeights(trace, 'parameter', trace.firstLooks[0]).some((w) => {
        const { shape } = layers.flatMap(({ parameters }) => parameters).at(w.parameter)!;
        const fanIn = shape.slice(0, -1).reduce((product, size) => product * size, 1);
        const next = layers[w.layer + 1]?.kind ?? '';
        const wanted = (next === 'relu' ? 2 : 1) / fanIn;
        const ratio = w.of('std') ** 2 / wanted;
        return ratio > 2 || ratio < 0.5;
      });
    }),
    when(
      'update ratio',
      ['learning-rate-high', 'learning-rate-low'],
      ['epoch'],
      ({ ratios, started }) => {
        const names = started.plan.layers.flatMap(({ parameters }) => parameters);
        return [...(ratios.latest ?? [])].some((ratio, i) => {
          const size = Math.log10(ratio);
          return names[i]?.name === 'weights' && (size < -4 || size > -1);
        });
      },
    ),
    when(
      'activations out of range',
      ['saturated-activations', 'vanishing-gradients', 'unnormalized-input'],
      ['epoch'],
      (trace) => ofLayers(trace, ACTIVATIONS).some((y) => y.of('std') < 0.5 || y.of('std') > 2),
    ),
    when('dead units', ['dead-relu'], ['epoch'], (trace) =>
      deadShares(trace, 0.05).some((share) => share > 0.5),
    ),
    when(
      'loss not decreasing',
      ['learning-rate-low', 'slow-convergence'],
      ['epoch'],
      ({ epochs }) => {
        const losses = epochs.slice(-6).map(({ train }) => train.loss);
        return (
          losses.length === 6 && losses.every((loss, i) => i === 0 || loss > 0.95 * losses[i - 1]!)
        );
      },
    ),
  ],
};
