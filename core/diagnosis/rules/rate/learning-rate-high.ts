import { number } from '../../../events/numbers.ts';
import { divergenceJudge } from '../../divergence/divergence-rule.ts';
import { setFix } from '../../fixes.ts';
import { hasRecovered, weightRatio } from '../../learning.ts';
import { lowerRate, median, rateFix } from '../../rates.ts';
import { type JudgedTrace, NOTHING, type Verdict } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { anyOf, until } from '../epoch-rule.ts';
import { restless } from './restless.ts';
import { drivenFlat, type Thrown, thrownOff } from './thrown.ts';
import { isTiny } from './tiny.ts';

/** Steps so large that the run was lost by them, or forgets what it had learned. */
export const learningRateHigh = anyOf('learning-rate-high', [
  {
    moments: ['step', 'epoch'],
    begin: () =>
      divergenceJudge('rate', (trace, { seen, layer, step }) => {
        const ratio = median(trace.ratios.first ?? []);
        const size = Number.isNaN(ratio)
          ? ''
          : ` The first update was ${number(ratio, 2)} times as large as the weights; about ${THRESHOLDS.rate.wantedRatio} is healthy.`;
        return verdict(trace, {
          severity: 'error',
          ...(layer && { layer }),
          seen: `${seen}${size}`,
          means: 'each step overshoots and the weights grow without bound',
          evidence: {
            step,
            loss: String(trace.last.loss),
            ratio: Number.isNaN(ratio) ? null : ratio,
            threshold: THRESHOLDS.rate.wantedRatio,
          },
        });
      }),
  },
  {
    moments: ['epoch'],
    begin: until(hasRecovered, (trace) => blame(trace, thrownOff(trace) ?? drivenFlat(trace))),
  },
  {
    moments: ['epoch'],
    begin: until(
      () => true,
      (trace) => blame(trace, restless(trace)),
    ),
  },
]);

function blame(trace: JudgedTrace, thrown: Thrown | null): readonly Verdict[] {
  if (!thrown || isTiny(trace)) return NOTHING;
  const ratio = weightRatio(trace, 0);
  return [
    verdict(trace, {
      severity: thrown.lost ? 'error' : 'warning',
      seen: thrown.seen,
      means: 'steps overshoot, and undo what was learned',
      evidence: { ratio: Number.isNaN(ratio) ? null : ratio },
    }),
  ];
}

function verdict(
  trace: JudgedTrace,
  {
    seen,
    means,
    evidence,
    ...rest
  }: Pick<Verdict, 'severity' | 'layer' | 'evidence'> & {
    seen: string;
    means: string;
  },
): Verdict {
  const { optimizer } = trace.config;
  const rate = lowerRate(trace);
  const { learningRate } = optimizer;
  const momentum = 'momentum' in optimizer ? optimizer.momentum : 0;
  // A step goes on for 1 / (1 − μ) steps.
  const heavy = momentum > 0.95;
  return {
    ...rest,
    path: heavy && learningRate <= 0.1 ? ['optimizer', 'momentum'] : ['optimizer', 'learningRate'],
    message: `${seen} learningRate ${learningRate}${heavy ? ` with momentum ${momentum}, which makes each step count ${Math.round(1 / (1 - momentum))} times,` : ''} is too high: ${means}. Try ${heavy ? 'momentum 0.9' : rate}.`,
    evidence: { learningRate, ...evidence },
    fixes: [
      ...(heavy ? [setFix('Set momentum to 0.9', ['optimizer', 'momentum'], 0.9)] : []),
      rateFix(rate),
    ],
  };
}
