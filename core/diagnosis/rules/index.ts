import type { Rule } from '../rule.ts';
import { badInput } from './data/bad-input.ts';
import { classImbalance } from './data/class-imbalance.ts';
import { labelNoise } from './data/label-noise.ts';
import { trainValidationLeak } from './data/train-validation-leak.ts';
import { unnormalizedInput } from './data/unnormalized-input.ts';
import { initialLoss } from './fit/initial-loss.ts';
import { overRegularized } from './fit/over-regularized.ts';
import { overfitting } from './fit/overfitting.ts';
import { tooFewEpochs } from './fit/too-few-epochs.ts';
import { underfitting } from './fit/underfitting.ts';
import { noisyFirstLayer } from './looks/noisy-first-layer.ts';
import { lossExplosion } from './numbers/loss-explosion.ts';
import { nonFinite } from './numbers/non-finite.ts';
import { batchTooSmall } from './rate/batch-too-small.ts';
import { learningRateHigh } from './rate/learning-rate-high.ts';
import { learningRateLow } from './rate/learning-rate-low.ts';
import { oscillatingLoss } from './rate/oscillating-loss.ts';
import { scheduleTooFast } from './rate/schedule-too-fast.ts';
import { slowConvergence } from './rate/slow-convergence.ts';
import { deadRelu } from './signal/dead-relu.ts';
import { explodingGradients } from './signal/exploding-gradients.ts';
import { poorInitialization } from './signal/poor-initialization.ts';
import { saturatedActivations } from './signal/saturated-activations.ts';
import { symmetricInitialization } from './signal/symmetric-initialization.ts';
import { unchangedWeights } from './signal/unchanged-weights.ts';
import { vanishingGradients } from './signal/vanishing-gradients.ts';
import { biasBeforeBatchnorm } from './static/bias-before-batchnorm.ts';
import { constantInit } from './static/constant-init.ts';
import { dropoutBeforeBatchnorm } from './static/dropout-before-batchnorm.ts';
import { dropoutTooStrong } from './static/dropout-too-strong.ts';
import { initMismatch } from './static/init-mismatch.ts';
import { linearStack } from './static/linear-stack.ts';
import { missingFlattenOrShape } from './static/missing-flatten-or-shape.ts';
import { noShuffle } from './static/no-shuffle.ts';
import { redundantBias } from './static/redundant-bias.ts';
import { softmaxTwice } from './static/softmax-twice.ts';
import { suspiciousLearningRate } from './static/suspicious-learning-rate.ts';
import { wrongLoss } from './static/wrong-loss.ts';
import { wrongOutputActivation } from './static/wrong-output-activation.ts';

/** All rules; a run is judged by each of them. */
export const ALL_RULES: readonly Rule[] = [
  nonFinite,
  lossExplosion,
  learningRateHigh,
  badInput,
  classImbalance,
  labelNoise,
  trainValidationLeak,
  unnormalizedInput,
  initialLoss,
  overRegularized,
  overfitting,
  tooFewEpochs,
  underfitting,
  noisyFirstLayer,
  batchTooSmall,
  learningRateLow,
  oscillatingLoss,
  scheduleTooFast,
  slowConvergence,
  deadRelu,
  explodingGradients,
  poorInitialization,
  saturatedActivations,
  symmetricInitialization,
  unchangedWeights,
  vanishingGradients,
  biasBeforeBatchnorm,
  constantInit,
  dropoutBeforeBatchnorm,
  dropoutTooStrong,
  initMismatch,
  linearStack,
  missingFlattenOrShape,
  noShuffle,
  redundantBias,
  softmaxTwice,
  suspiciousLearningRate,
  wrongLoss,
  wrongOutputActivation,
];
