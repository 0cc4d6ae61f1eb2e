import type { ScheduleConfig } from './config.ts';

/** When a rate is asked for. */
export interface Moment {
  /** Completed updates. */
  step: number;
  stepsPerEpoch: number;
  /** Of the whole run. */
  epochs: number;
}

/** What multiplies the learning rate of the config: a warm-up, then the schedule from its start. */
export function factorAt(schedule: ScheduleConfig | undefined, moment: Moment): number {
  if (!schedule) return 1;
  const { step, stepsPerEpoch, epochs } = moment;
  const { warmup = 0 } = schedule;
  const warmupSteps = warmup * stepsPerEpoch;
  return step < warmupSteps
    ? (step + 1) / warmupSteps
    : shapeAt(schedule, { step: step - warmupSteps, stepsPerEpoch, epochs: epochs - warmup });
}

function shapeAt(schedule: ScheduleConfig, { step, stepsPerEpoch, epochs }: Moment): number {
  const completed = Math.floor(step / stepsPerEpoch);
  switch (schedule.type) {
    case 'step':
      return schedule.factor ** Math.floor(completed / schedule.every);
    case 'exponential':
      return Math.exp(-schedule.rate * completed);
    case 'inverse':
      return 1 / (1 + schedule.rate * completed);
    case 'cosine':
      return cosine(1, 0, step / (epochs * stepsPerEpoch));
    case 'cosineRestarts': {
      let length = schedule.period * stepsPerEpoch;
      let since = step;
      while (since >= length) {
        since -= length;
        length *= schedule.multiply ?? 1;
      }
      return cosine(1, 0, since / length);
    }
    case 'oneCycle':
      return oneCycle(step, stepsPerEpoch * epochs);
  }
}

/** From one value to the other, along half a wave of the cosine. */
function cosine(from: number, to: number, fraction: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * fraction))) / 2;
}

/**
 * Smith and Topin 2017 as PyTorch has it: from 1/25 up to 1 over the first 30 % of the steps, then down
 * to 1/250,000.
 */
function oneCycle(step: number, steps: number): number {
  const peak = 0.3 * steps - 1;
  return step <= peak
    ? cosine(1 / 25, 1, step / peak)
    : cosine(1, 1 / 250_000, (step - peak) / (steps - 1 - peak));
}

/**
 * The factor in force after each epoch: where the validation loss has not fallen by a ten-thousandth
 * of its best for more than `patience` epochs, the rate is multiplied by `factor`.
 */
export function plateauFactors(
  { patience, factor }: { patience: number; factor: number },
  validationLosses: readonly number[],
): number[] {
  let best = Number.POSITIVE_INFINITY;
  let waited = 0;
  let current = 1;
  return validationLosses.map((loss) => {
    const better = loss < best * (1 - 1e-4);
    if (better) best = loss;
    waited = better ? 0 : waited + 1;
    if (waited > patience) {
      current *= factor;
      waited = 0;
    }
    return current;
  });
}
