import type { Check } from '../check.ts';
import { activationStatistics } from './activation-statistics.ts';
import { gradientFlow } from './gradient-flow.ts';
import { gradientNorms } from './gradient-norms.ts';
import { initialLoss } from './initial-loss.ts';
import { inputData } from './input-data.ts';
import { inputIndependence } from './input-independence.ts';
import { labelSanity } from './label-sanity.ts';
import { learningRateRange } from './learning-rate-range.ts';
import { overfitTinyBatch } from './overfit-tiny-batch.ts';
import { regularizationRaisesLoss } from './regularization-raises-loss.ts';
import { trainEvalConsistency } from './train-eval-consistency.ts';

/** In the order in which they are told: data first, as all else rests on them. */
export const ALL_CHECKS: readonly Check[] = [
  inputData,
  labelSanity,
  initialLoss,
  regularizationRaisesLoss,
  activationStatistics,
  gradientFlow,
  overfitTinyBatch,
  learningRateRange,
  inputIndependence,
  trainEvalConsistency,
  gradientNorms,
];
