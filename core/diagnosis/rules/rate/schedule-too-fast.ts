import type { Config } from '../../../config/index.ts';
import type { Edit } from '../../../events/finding.ts';
import { number, percent } from '../../../events/numbers.ts';
import { left, lessons } from '../../learning.ts';
import { isBehindNeighbours } from '../../reach.ts';
import { NOTHING } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { epochRule } from '../epoch-rule.ts';

/** A learning rate that has come down to almost nothing while there is much to learn and time to do so. */
export const scheduleTooFast = epochRule(
  'schedule-too-fast',
  (trace) => {
    const { config, started, epochs, steered } = trace;
    const { spent, progress, suffers, flat } = THRESHOLDS.schedule;
    const done = epochs.at(-1)!.epoch;
    const share = spentBy(config, done, started.epochs);
    if (steered || epochs.length < 2 || !(share > spent)) return NOTHING;
    if (done > progress * started.epochs) return NOTHING;
    const { train } = lessons(trace);
    const rest = left(trace);
    if (!(rest > suffers || isBehindNeighbours(trace)) || !(train.at(-1)! > flat * train.at(-2)!))
      return NOTHING;
    const { type } = config.schedule;
    const factor = trace.last.learningRate / config.optimizer.learningRate;
    return [
      {
        severity: rest > THRESHOLDS.learning.much ? 'error' : 'warning',
        path: ['schedule'],
        message: `By epoch ${done} of ${started.epochs} the ${type} schedule has brought the learning rate down to ${number(factor)} of its height, and ${percent(share)} of all the way that steps can make is made; ${percent(Math.min(1, rest))} of what there is to learn is left and the loss stands still. Let the rate fall more slowly.`,
        evidence: { spent: share, threshold: spent, factor, unexplained: rest },
        fixes: [
          { title: 'Lower the rate along a cosine', edits: [cosine(config)] },
          { title: 'Keep the rate', edits: [{ path: ['schedule'], value: undefined }] },
        ],
      },
    ];
  },
  (trace) => left(trace) < THRESHOLDS.learning.over,
);

function cosine({ schedule }: Config): Edit {
  const { warmup } = schedule;
  return {
    path: ['schedule'],
    value: { type: 'cosine', ...(warmup > 0 && { warmup }) },
  };
}

/** Of the sum of the rates of all epochs, the share of the first ones; NaN where the schedule depends on the run. */
function spentBy({ schedule }: Config, done: number, epochs: number): number {
  const heightAt = (epoch: number) => {
    const at = Math.max(0, epoch - schedule.warmup);
    switch (schedule.type) {
      case 'step':
        return schedule.factor ** Math.floor(at / schedule.every);
      case 'exponential':
        return Math.exp(-schedule.rate * at);
      case 'inverse':
        return 1 / (1 + schedule.rate * at);
      default:
        return Number.NaN;
    }
  };
  let all = 0;
  let first = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    all += heightAt(epoch);
    if (epoch < done) first += heightAt(epoch);
  }
  return first / all;
}
