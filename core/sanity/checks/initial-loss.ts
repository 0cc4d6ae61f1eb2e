import type { Fix } from '../../events/finding.ts';
import { number } from '../../events/numbers.ts';
import { floats } from '../../training/arena.ts';
import { type Check, type CheckOutcome, outcome } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { sampleOf } from '../sample.ts';
import { noTime, notFinite } from '../skips.ts';
import { plain } from '../variation.ts';
import { scaleOf, standardizeFixes, wrongScale } from './input-data.ts';

/**
 * Times the loss without an opinion. Healthy inits, whose outputs have a variance of some units, reach 1.9
 * for 10 classes, and more in regression, where a single output may begin anywhere.
 */
const SURE = { classification: 3, regression: 10 };
/** Times that, and it is told as a failure. */
const VERY_SURE = 3;
/** Below it, the network knows something before it has learned anything. */
const KNOWING = 0.5;
/** Loss of outputs of 0 over that of the best constant ones. */
const OFF_CENTER = 10;

/**
 * The first loss is about that of a network without an opinion, whose outputs are all 0: ln C for softmax
 * over C classes, C − 1 for hinge (the lectures' first look). Much more means that it is sure of wrong answers.
 */
export const initialLoss: Check = {
  id: 'initial-loss',
  title: 'First loss is that of a network without an opinion',
  run(context) {
    const { firstStep, config } = context;
    if (!firstStep) return noTime('A single step');
    const loss = firstStep.dataLoss;
    const expected = lossWithoutOpinion(context);
    if (expected === null) return noTime('A single step');
    const evidence = { loss, expected, factor: loss / expected, examples: firstStep.examples };
    const path = ['model', 'init'];
    if (!Number.isFinite(loss)) return { ...notFinite(context, 'The first loss'), evidence };
    const off = offCenter(context, expected);
    if (off) return { ...off, evidence: { ...evidence, ...off.evidence } };
    const usual = `${number(expected)}${nameOf(context, expected)}`;
    const most = SURE[context.dataset.task] * expected;
    if (loss > most) {
      const { path, advice, fixes } = blame(context);
      const message = `The first loss is ${number(loss)}, ${number(loss / expected)} times that of a network without an opinion (${usual}): before it has learned anything it is sure of wrong answers, and has to unlearn them first. ${advice}`;
      const status = loss > VERY_SURE * most ? 'fail' : 'warn';
      return outcome(status, path, message, { ...evidence, threshold: most }, fixes);
    }
    if (loss < KNOWING * expected && !config.model.from) {
      const message = `The first loss is ${number(loss)}, and ${usual} was expected: before any training the network knows the answers. Look whether the labels are among the inputs.`;
      return outcome('warn', ['data'], message, { ...evidence, threshold: KNOWING });
    }
    const message = `The first loss is ${number(loss)}; without an opinion it is ${usual}.`;
    return outcome('pass', path, message, evidence);
  },
};

/** With the last weights, and all behind them, 0. Null: there was no time. */
function lossWithoutOpinion(context: CheckContext): number | null {
  const { config, dataset, seed, plan } = context;
  const examples = context.firstStep!.examples;
  const trainer = context.trainer(plain(config, 'full'), sampleOf(dataset, examples, seed));
  const { layers } = plan.network;
  const last = layers.findLastIndex(({ parameters }) =>
    parameters.some(({ name }) => name === 'weights'),
  );
  for (const { parameters } of trainer.plan.network.layers.slice(Math.max(0, last))) {
    for (const { value } of parameters) floats(trainer.memory, value.offset, value.size).fill(0);
  }
  return trainer.trainStep() ? trainer.last.dataLoss : null;
}

/** How the number is known. */
function nameOf({ loss, dataset: { outputs } }: CheckContext, expected: number): string {
  const is = (value: number) => Math.abs(expected - value) < 1e-3 * value;
  if (loss.type === 'softmaxCrossEntropy' && is(Math.log(outputs))) return `, ln ${outputs}`;
  if (loss.type === 'hinge' && is(outputs - 1)) return ', the number of wrong classes';
  if (loss.type === 'binaryCrossEntropy' && is(Math.LN2)) return ', ln 2';
  return '';
}

/** Regression: targets so far from 0 that getting there is most of the way. */
function offCenter({ dataset, loss }: CheckContext, expected: number): CheckOutcome | null {
  if (dataset.task !== 'regression' || loss.type !== 'meanSquaredError') return null;
  const { store, indices } = dataset.train;
  const { outputs, targetScaling } = dataset;
  let squares = 0;
  for (let k = 0; k < outputs; k++) {
    const values = Array.from(indices, (row) => store.targets![row * outputs + k]!);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const scale = targetScaling?.scale[k] ?? 1;
    squares += values.reduce((sum, t) => sum + ((t - mean) * scale) ** 2, 0) / values.length;
  }
  const constant = squares / outputs;
  if (!(expected > OFF_CENTER * constant)) return null;
  const message = `Targets are far from 0: always saying 0 costs ${number(expected)}, and always saying their mean ${number(constant)}. The network first has to find the mean, in many steps. Standardize the targets.`;
  const edits = [{ path: ['data', 'targets'], value: 'standardize' }];
  const evidence = { constant, threshold: OFF_CENTER };
  return outcome('warn', ['data', 'targets'], message, evidence, [
    { title: 'Standardize the targets', edits },
  ]);
}

/** Inputs of a wrong scale, or else the initial weights. */
function blame(context: CheckContext): { path: string[]; advice: string; fixes: Fix[] } {
  const { dataset, config } = context;
  if (wrongScale(scaleOf(context), dataset.shape.length === 3)) {
    const fixes = standardizeFixes(context);
    return {
      path: ['data', 'preprocess'],
      advice: 'The inputs are too large: standardize them.',
      fixes,
    };
  }
  const edits = [{ path: ['model', 'init'], value: 'he' }];
  const fixes = config.model.init === 'he' ? [] : [{ title: 'Use the init he', edits }];
  return { path: ['model', 'init'], advice: 'Start from smaller weights.', fixes };
}
