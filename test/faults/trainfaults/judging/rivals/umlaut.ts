import { hasBrokenNumbers, inputOf } from '../measured-rows.ts';
import { type RuleSet, when } from '../rule-set.ts';

/** Schoop, Huang, Hartmann: "UMLAUT: debugging deep learning programs using program structure and model behavior", CHI 2021. */
export const umlaut: RuleSet = {
  name: 'UMLAUT',
  predicates: [
    when('NaN loss', ['non-finite', 'learning-rate-high'], ['step', 'look'], hasBrokenNumbers),
    when('input range', ['unnormalized-input'], ['look'], (trace) => {
      const input = inputOf(trace);
      return input !== undefined && (input.of('min') < -1 || input.of('max') > 1);
    }),
    when(
      'high learning rate',
      ['learning-rate-high'],
      ['start'],
      ({ config }) => config.optimizer.learningRate > 0.01,
    ),
    when(
      'low learning rate',
      ['learning-rate-low'],
      ['start'],
      ({ config }) => config.optimizer.learningRate < 1e-7,
    ),
    // Softmax belongs to our cross entropy: it is missing only with another loss.
    when('missing softmax', ['wrong-output-activation', 'wrong-loss'], ['start'], (trace) => {
      const { config, started } = trace;
      const other = config.loss !== undefined && config.loss.type !== 'softmaxCrossEntropy';
      return (
        started.task === 'classification' && other && started.plan.layers.at(-1)!.kind !== 'softmax'
      );
    }),
    when('missing activations', ['linear-stack'], ['start'], ({ started }) => {
      const withWeights = ['dense', 'conv2d'];
      return started.plan.layers.some(
        ({ kind }, i, layers) =>
          withWeights.includes(kind) && withWeights.includes(layers[i + 1]?.kind ?? ''),
      );
    }),
    when('high dropout', ['dropout-too-strong'], ['start'], ({ config }) =>
      config.model.layers.some((layer) => layer.kind === 'dropout' && layer.rate > 0.5),
    ),
    when('overfitting', ['overfitting'], ['epoch'], ({ epochs }) => {
      const [before, now] = epochs.slice(-2);
      if (!before?.validation || !now?.validation) return false;
      return (
        now.validation.loss > before.validation.loss && now.train.dataLoss < before.train.dataLoss
      );
    }),
    when(
      'suspicious validation accuracy',
      ['train-validation-leak'],
      ['epoch'],
      ({ epochs }) => (epochs.at(-1)!.validation?.accuracy ?? 0) > 0.95,
    ),
  ],
};
