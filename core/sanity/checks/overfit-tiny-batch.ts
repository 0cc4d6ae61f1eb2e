import type { Config } from '../../config/index.ts';
import { number, percent } from '../../events/numbers.ts';
import { type Check, outcome } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { partOf, tinyBatch } from '../sample.ts';
import { noTime, withoutInputs } from '../skips.ts';
import { plain, unrestrained } from '../variation.ts';

/** The lectures' number. */
const EXAMPLES = 20;
const STEPS = 500;
/** Of a regression. */
const ENOUGH = 0.99;
const ADAM = { type: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
/** Adam with these, where the config's own optimizer does not get there. */
const RATES = [1e-3, 1e-2, 1e-4] as const;

interface Attempt {
  steps: number;
  /** Accuracy, or R². */
  quality: number;
  cost: number;
  done: boolean;
}

/** 20 examples are learned by heart, without regularization (the lectures' third look). */
export const overfitTinyBatch: Check = {
  id: 'overfit-tiny-batch',
  title: '20 examples are learned by heart',
  run(context) {
    const missing = withoutInputs(context);
    if (missing) return missing;
    const { dataset, seed, classified, config } = context;
    const rows = tinyBatch(dataset, EXAMPLES, seed);
    const path = ['model', 'layers'];
    const classes = new Set(Array.from(rows, (row) => dataset.train.store.labels?.[row]));
    const targets = new Set(Array.from(rows, (row) => dataset.train.store.targets?.[row]));
    if (rows.length < 2 || (classified ? classes : targets).size < 2) {
      const message = `There are too few examples that differ (${rows.length}) to learn some by heart.`;
      return outcome('skip', ['data', 'source'], message, { examples: rows.length });
    }
    const batch = partOf(dataset, rows);
    const optimizers: Config['optimizer'][] = [
      config.optimizer,
      ...RATES.map((learningRate) => ({ ...ADAM, learningRate })),
    ];
    const what = classified ? 'accuracy' : 'R²';
    // Accuracies as the lectures write them: 1.00.
    const show = (quality: number) => (classified ? quality.toFixed(2) : number(quality));
    let own: Attempt | null = null;
    let best: Attempt | null = null;
    for (const [i, optimizer] of optimizers.entries()) {
      const simple = plain(unrestrained(config), 'full');
      const attempt = learn(context, { ...simple, optimizer }, batch);
      if (!attempt) break;
      own ??= attempt;
      if (!best || attempt.quality > best.quality) best = attempt;
      const { steps, quality, cost } = attempt;
      const evidence = { examples: rows.length, steps, quality, cost, own: own.quality };
      if (attempt.done) {
        const how =
          i === 0
            ? ''
            : ` with adam at ${RATES[i - 1]}; the optimizer of the config reaches ${show(own.quality)} in ${own.steps} steps`;
        const message = `${rows.length} examples are learned to ${what} ${show(quality)} in ${steps} steps (cost ${number(cost)})${how}.`;
        return outcome('pass', path, message, evidence);
      }
      context.report((i + 1) / optimizers.length);
    }
    if (!best || best.steps < STEPS) return noTime(`Learning ${rows.length} examples by heart`);
    const message = `${rows.length} examples cannot be learned by heart: the ${what} stays at ${show(best.quality)} after ${best.steps} steps without regularization, with the optimizer of the config and with adam. Something is wrong with the network, its init or its inputs, and more data will not help${classified ? ` (chance is ${percent(1 / classes.size)})` : ''}.`;
    const { steps, quality, cost } = best;
    return outcome('fail', path, message, { examples: rows.length, steps, quality, cost });
  },
};

/** Null: there was no time. */
function learn(
  context: CheckContext,
  config: Config,
  batch: CheckContext['dataset'],
): Attempt | null {
  const trainer = context.trainer(config, batch);
  let quality = Number.NaN;
  while (trainer.step < STEPS) {
    if (!trainer.trainStep()) return null;
    const metrics = trainer.epochTrainMetrics()!;
    quality = metrics.accuracy ?? metrics.r2 ?? Number.NaN;
    const done = metrics.accuracy === null ? quality >= ENOUGH : quality === 1;
    if (done) return { steps: trainer.step, quality, cost: metrics.loss, done };
    if (!Number.isFinite(metrics.loss)) break;
  }
  return {
    steps: STEPS,
    quality: Number.isNaN(quality) ? 0 : quality,
    cost: trainer.last.loss,
    done: false,
  };
}
