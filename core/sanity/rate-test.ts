import { rounded } from '../events/numbers.ts';
import type { Trainer } from '../training/trainer.ts';
import type { CheckContext } from './context.ts';
import { sampleOf } from './sample.ts';
import { plain } from './variation.ts';

/** From too low for anything to too high for nearly everything: decades, and what lies between them. */
const DECADES = Array.from({ length: 8 }, (_, i) => Number(`1e${i - 6}`));
const BETWEEN = DECADES.slice(0, -1).map((rate) => rounded(3 * rate));
const STEPS = 100;
/** Fewer tell nothing. */
const LEAST_STEPS = 12;
const EXAMPLES = 2048;
/** Of the steps, the last ones are judged: whatever happened before, a spike at the start included. */
const JUDGED = 1 / 4;
/** A loss that falls by less than this share is not learned from. */
const LEAST_GAIN = 0.02;
/** Rates that gain as much of the best gain do nearly as well. */
const NEARLY = 0.9;
/** The lectures: a cost above 3 × the first has exploded. */
const EXPLODED = 3;
/** From so much nothing comes back. */
const LOST = 1e3;
/** The estimate of the time may be wrong by this factor. */
const MARGIN = 2;
const TIMED_STEPS = 6;

export interface RateTrial {
  rate: number;
  /** Mean data loss of the last steps; infinite where it exploded. */
  loss: number;
}

export interface RateTest {
  /** Steps that each rate was given; 0: there was no time for any. */
  steps: number;
  /** The loss without learning, of the same batches. */
  untrained: number;
  trials: RateTrial[];
  /** The config's own. */
  own: RateTrial;
  /** The best of the trials. */
  best: RateTrial | null;
  /** Amid the rates that do nearly as well as the best; null where none lowers the loss. */
  suggested: number | null;
}

/**
 * Trains from the same start and on the same batches with each rate. A range test raises the rate from
 * step to step (Smith 2017); this one gives each a training of its own, so that neither an early spike
 * nor what an earlier rate has learned or ruined tells on it.
 */
export function rateTest(context: CheckContext): RateTest {
  const { config, dataset, seed } = context;
  const wanted = config.training.batchSize;
  const count = context.fitting(EXAMPLES);
  const batchSize = wanted === 'full' ? 'full' : Math.min(wanted, count);
  const sample = sampleOf(dataset, count, seed);
  const trainer = context.trainer(plain(config, batchSize), sample);
  const start = new Uint8Array(trainer.memory.buffer).slice();
  const rewind = () => {
    new Uint8Array(trainer.memory.buffer).set(start);
    trainer.position = AT_START;
  };
  const own = { rate: config.optimizer.learningRate, loss: Number.NaN };
  const test: RateTest = {
    steps: 0,
    untrained: Number.NaN,
    trials: [],
    own,
    best: null,
    suggested: null,
  };
  const rates = [...DECADES, ...BETWEEN];
  const steps = affordable(trainer, context, rates.length + 2);
  if (steps < LEAST_STEPS) return test;
  rewind();
  const untrained = lossAfter(trainer, 0, steps, Number.POSITIVE_INFINITY);
  const trialOf = (rate: number): RateTrial | null => {
    rewind();
    const loss = lossAfter(trainer, rate, steps, Math.abs(untrained ?? 0));
    return loss === null ? null : { rate, loss };
  };
  const ownTrial = trialOf(own.rate);
  if (untrained === null || !ownTrial) return test;
  const trials: RateTrial[] = [];
  for (const rate of rates) {
    const trial = trialOf(rate);
    if (!trial) break;
    trials.push(trial);
    context.report(trials.length / rates.length);
  }
  // Decades will do where there is no time for more.
  if (trials.length < DECADES.length) return test;
  trials.sort((a, b) => a.rate - b.rate);
  return { ...test, steps, untrained, trials, own: ownTrial, ...choose(trials, untrained) };
}

const AT_START = {
  step: 0,
  cost: 0,
  dataLoss: 0,
  weight: 0,
  totals: { right: 0, squares: 0, examples: 0 },
};

/** How many steps each of so many trainings can have. */
function affordable(trainer: Trainer, context: CheckContext, trainings: number): number {
  trainer.learningRate = 0;
  // The quickest: the first ones wait for compilers, and any may wait for other processes.
  let step = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TIMED_STEPS; i++) {
    const before = context.left;
    if (!trainer.trainStep()) return 0;
    step = Math.min(step, before - context.left);
  }
  return Math.min(STEPS, Math.floor(context.left / MARGIN / step / trainings));
}

/** Mean data loss of the last steps; infinite where it exploded beside `first`; null: abandoned. */
function lossAfter(trainer: Trainer, rate: number, steps: number, first: number): number | null {
  trainer.learningRate = rate;
  const from = steps - Math.ceil(steps * JUDGED);
  let sum = 0;
  for (let i = 0; i < steps; i++) {
    if (!trainer.trainStep()) return null;
    const { dataLoss } = trainer.last;
    if (!(dataLoss <= LOST * first) || !Number.isFinite(trainer.last.loss))
      return Number.POSITIVE_INFINITY;
    if (i >= from) sum += dataLoss;
  }
  const mean = sum / (steps - from);
  return mean > EXPLODED * first ? Number.POSITIVE_INFINITY : mean;
}

function choose(
  trials: readonly RateTrial[],
  untrained: number,
): Pick<RateTest, 'best' | 'suggested'> {
  const best = trials.reduce((a, b) => (b.loss < a.loss ? b : a));
  const gain = untrained - best.loss;
  if (!(gain > LEAST_GAIN * Math.abs(untrained))) return { best, suggested: null };
  const isGood = ({ loss }: RateTrial) => untrained - loss >= NEARLY * gain;
  // Its neighbours as long as they are good too.
  let low = trials.indexOf(best);
  let high = low;
  while (low > 0 && isGood(trials[low - 1]!)) low--;
  while (high + 1 < trials.length && isGood(trials[high + 1]!)) high++;
  return { best, suggested: rounded(Math.sqrt(trials[low]!.rate * trials[high]!.rate)) };
}

/** Which share of the best gain a trial has. */
export function gainOf({ untrained, best }: RateTest, { loss }: RateTrial): number {
  return best ? (untrained - loss) / (untrained - best.loss) : Number.NaN;
}
