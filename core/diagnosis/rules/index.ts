import type { Rule } from '../rule.ts';
import { lossExplosion } from './numbers/loss-explosion.ts';
import { nonFinite } from './numbers/non-finite.ts';
import { learningRateHigh } from './rate/learning-rate-high.ts';
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
