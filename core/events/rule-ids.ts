/**
 * Every rule: what it is called, and what it explains, so that a cause is told and its symptoms are not.
 * The order is that of importance: of findings equally severe, the first is told first.
 */
export const RULES = {
  'bad-input': {
    title: 'Bad input values',
    explains: [
      'non-finite',
      'loss-explosion',
      'learning-rate-high',
      'poor-initialization',
      'unnormalized-input',
    ],
  },
  'wrong-loss': {
    title: 'Loss does not suit the task',
    explains: [
      'slow-convergence',
      'initial-loss',
      'vanishing-gradients',
      'learning-rate-low',
      'underfitting',
      'too-few-epochs',
    ],
  },
  'softmax-twice': {
    title: 'Softmax twice',
    explains: [
      'slow-convergence',
      'initial-loss',
      'vanishing-gradients',
      'learning-rate-low',
      'underfitting',
      'too-few-epochs',
    ],
  },
  'wrong-output-activation': {
    title: 'Output activation does not suit the loss',
    explains: [
      'initial-loss',
      'slow-convergence',
      'underfitting',
      'dead-relu',
      'vanishing-gradients',
      'learning-rate-low',
      'too-few-epochs',
    ],
  },
  'missing-flatten-or-shape': { title: 'Shape of the input is missing', explains: [] },
  'symmetric-initialization': {
    title: 'All units start equal',
    explains: [
      'unchanged-weights',
      'vanishing-gradients',
      'underfitting',
      'slow-convergence',
      'learning-rate-low',
      'constant-init',
      'learning-rate-high',
      'dead-relu',
      'too-few-epochs',
    ],
  },
  'constant-init': { title: 'Constant initial weights', explains: [] },
  'unnormalized-input': {
    title: 'Input of an unsuitable scale',
    explains: [
      'learning-rate-high',
      'non-finite',
      'loss-explosion',
      'initial-loss',
      'dead-relu',
      'saturated-activations',
      'exploding-gradients',
      'oscillating-loss',
      'slow-convergence',
      'poor-initialization',
      'unchanged-weights',
      'underfitting',
      'learning-rate-low',
      'too-few-epochs',
    ],
  },
  'poor-initialization': {
    title: 'Unsuitable initial weights',
    explains: [
      'non-finite',
      'loss-explosion',
      'learning-rate-high',
      'learning-rate-low',
      'initial-loss',
      'dead-relu',
      'saturated-activations',
      'vanishing-gradients',
      'exploding-gradients',
      'unchanged-weights',
      'slow-convergence',
      'underfitting',
      'init-mismatch',
      'too-few-epochs',
    ],
  },
  'learning-rate-high': {
    title: 'Learning rate too high',
    explains: [
      'non-finite',
      'loss-explosion',
      'dead-relu',
      'saturated-activations',
      'vanishing-gradients',
      'oscillating-loss',
      'slow-convergence',
      'underfitting',
      'unchanged-weights',
      'noisy-first-layer',
      'suspicious-learning-rate',
      'batch-too-small',
      'overfitting',
      'learning-rate-low',
      'too-few-epochs',
    ],
  },
  'over-regularized': {
    title: 'Regularized too strongly',
    explains: [
      'non-finite',
      'loss-explosion',
      'vanishing-gradients',
      'dead-relu',
      'initial-loss',
      'slow-convergence',
      'underfitting',
      'learning-rate-high',
      'saturated-activations',
      'learning-rate-low',
      'too-few-epochs',
    ],
  },
  'non-finite': { title: 'Numbers became NaN or infinite', explains: ['loss-explosion'] },
  'loss-explosion': { title: 'The cost exploded', explains: ['oscillating-loss'] },
  'saturated-activations': {
    title: 'Saturated activations',
    explains: [
      'vanishing-gradients',
      'slow-convergence',
      'underfitting',
      'unchanged-weights',
      'learning-rate-low',
      'too-few-epochs',
    ],
  },
  'dead-relu': {
    title: 'Dead ReLU units',
    explains: [
      'vanishing-gradients',
      'unchanged-weights',
      'slow-convergence',
      'underfitting',
      'learning-rate-low',
      'too-few-epochs',
    ],
  },
  'exploding-gradients': {
    title: 'Exploding gradients',
    explains: [
      'oscillating-loss',
      'non-finite',
      'loss-explosion',
      'learning-rate-high',
      'unchanged-weights',
      'slow-convergence',
      'learning-rate-low',
      'underfitting',
      'too-few-epochs',
    ],
  },
  'vanishing-gradients': {
    title: 'Vanishing gradients',
    explains: [
      'unchanged-weights',
      'slow-convergence',
      'underfitting',
      'learning-rate-low',
      'too-few-epochs',
    ],
  },
  'schedule-too-fast': {
    title: 'Learning rate falls too fast',
    explains: [
      'unchanged-weights',
      'slow-convergence',
      'underfitting',
      'learning-rate-low',
      'too-few-epochs',
    ],
  },
  'batch-too-small': {
    title: 'Batch too small',
    explains: [
      'oscillating-loss',
      'dead-relu',
      'saturated-activations',
      'overfitting',
      'slow-convergence',
      'learning-rate-low',
      'underfitting',
      'too-few-epochs',
    ],
  },
  'learning-rate-low': {
    title: 'Learning rate too low',
    explains: [
      'unchanged-weights',
      'slow-convergence',
      'underfitting',
      'too-few-epochs',
      'noisy-first-layer',
      'suspicious-learning-rate',
    ],
  },
  'unchanged-weights': { title: 'Weights do not change', explains: ['slow-convergence'] },
  'label-noise': {
    title: 'Labels do not fit the inputs',
    explains: [
      'overfitting',
      'underfitting',
      'oscillating-loss',
      'slow-convergence',
      'learning-rate-low',
      'too-few-epochs',
    ],
  },
  'train-validation-leak': { title: 'Validation examples are in the training part', explains: [] },
  'oscillating-loss': { title: 'Oscillating loss', explains: ['slow-convergence'] },
  'linear-stack': {
    title: 'Linear layers in a row',
    explains: ['underfitting', 'slow-convergence', 'learning-rate-low', 'too-few-epochs'],
  },
  'dropout-too-strong': {
    title: 'Dropout too strong',
    explains: [
      'underfitting',
      'over-regularized',
      'learning-rate-high',
      'oscillating-loss',
      'slow-convergence',
      'learning-rate-low',
      'too-few-epochs',
    ],
  },
  'class-imbalance': {
    title: 'Unequal classes',
    explains: [
      'overfitting',
      'slow-convergence',
      'learning-rate-low',
      'underfitting',
      'too-few-epochs',
    ],
  },
  overfitting: { title: 'Overfitting', explains: [] },
  underfitting: { title: 'Underfitting', explains: ['slow-convergence'] },
  'too-few-epochs': { title: 'Training ended too soon', explains: ['slow-convergence'] },
  'slow-convergence': { title: 'Slow convergence', explains: [] },
  'initial-loss': { title: 'Unexpected initial loss', explains: [] },
  'init-mismatch': { title: 'Init does not suit the activation', explains: [] },
  'suspicious-learning-rate': { title: 'Unusual learning rate', explains: [] },
  'no-shuffle': { title: 'Examples are not shuffled', explains: [] },
  'lbfgs-minibatch': { title: 'L-BFGS on part of the data', explains: [] },
  'dropout-before-batchnorm': { title: 'Dropout before batch normalization', explains: [] },
  'bias-before-batchnorm': { title: 'Bias before batch normalization', explains: [] },
  'redundant-bias': { title: 'Redundant bias', explains: [] },
  'noisy-first-layer': { title: 'Noisy first-layer weights', explains: [] },
  'sweep-border': { title: 'Best value at the border of its range', explains: [] },
  'sweep-linear-range': { title: 'Searched on a linear scale', explains: [] },
  'sweep-too-few-trials': { title: 'Too few trials', explains: [] },
  'sweep-unstable': { title: 'The best is within the noise', explains: [] },
} as const satisfies Record<string, { title: string; explains: readonly string[] }>;

export type RuleId = keyof typeof RULES;

export const RULE_IDS = Object.keys(RULES) as [RuleId, ...RuleId[]];

/** How much a rule's finding matters beside others as severe; 0 is most. */
export function rankOf(rule: RuleId): number {
  return RULE_IDS.indexOf(rule);
}

/** Whether a finding of one rule makes that of another superfluous. */
export function explains(cause: RuleId, symptom: RuleId): boolean {
  return (RULES[cause].explains as readonly string[]).includes(symptom);
}
