import type { Rule } from '../rule.ts';
import { lossExplosion } from './numbers/loss-explosion.ts';
import { nonFinite } from './numbers/non-finite.ts';
import { learningRateHigh } from './rate/learning-rate-high.ts';

/** All rules; a run is judged by each of them. */
export const ALL_RULES: readonly Rule[] = [nonFinite, lossExplosion, learningRateHigh];
