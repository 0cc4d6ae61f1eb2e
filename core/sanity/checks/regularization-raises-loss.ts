import { number, rounded } from '../../events/numbers.ts';
import { floats } from '../../training/arena.ts';
import { type Check, outcome } from '../check.ts';
import { sampleOf } from '../sample.ts';
import { noTime, withoutInputs } from '../skips.ts';
import { plain, unrestrained } from '../variation.ts';

/** The lectures turn λ up to this and look whether the loss follows. */
const STRENGTH = 1e3;
const EXAMPLES = 100;
/** The penalty is a sum of float32 in another order. */
const TOLERANCE = 1e-3;
/** A penalty above the data loss is what the optimizer sees first. */
const DOMINATES = 1;

/** With λ = 1000 the cost exceeds the data loss by ½λΣw² (the lectures' second look). */
export const regularizationRaisesLoss: Check = {
  id: 'regularization-raises-loss',
  title: 'Regularization raises the cost as it should',
  run(context) {
    const missing = withoutInputs(context);
    if (missing) return missing;
    const { config, seed } = context;
    const path = ['regularization'];
    const sample = sampleOf(context.dataset, context.fitting(EXAMPLES), seed);
    const plainly = plain(unrestrained(config), 'full');
    const strong = context.trainer(
      { ...plainly, regularization: { l1: 0, l2: STRENGTH, bias: false } },
      sample,
    );
    let squares = 0;
    for (const { value, name, trained } of strong.plan.network.parameters) {
      if (!trained || name !== 'weights') continue;
      for (const w of floats(strong.memory, value.offset, value.size)) squares += w * w;
    }
    if (!strong.trainStep()) return noTime('A single step');
    const { loss: cost, dataLoss } = strong.last;
    const own = context.trainer(plain(config, 'full'), sample);
    if (!own.trainStep()) return noTime('A single step');
    const penalty = own.last.loss - own.last.dataLoss;
    const expected = dataLoss + 0.5 * STRENGTH * squares;
    const evidence = { strength: STRENGTH, dataLoss, cost, expected, penalty };
    if (squares === 0) {
      const message = 'All weights start at 0, so that no penalty can show. Start them at random.';
      const edits = [{ path: ['model', 'init'], value: 'he' }];
      return outcome('warn', ['model', 'init'], message, evidence, [
        { title: 'Use the init he', edits },
      ]);
    }
    if (!(Math.abs(cost - expected) <= TOLERANCE * expected)) {
      const message = `With λ = ${STRENGTH} the cost is ${number(cost)}, and ${number(expected)} was expected: data loss ${number(dataLoss)} plus ½λΣw².`;
      return outcome('fail', path, message, { ...evidence, threshold: TOLERANCE });
    }
    if (penalty > DOMINATES * own.last.dataLoss) {
      const message = `The penalties of this config cost ${number(penalty)} at the start, more than the data (${number(own.last.dataLoss)}): training will shrink weights before it learns anything. Weaken them.`;
      const lower = rounded(config.regularization.l2 / 100);
      const edits = [{ path: ['regularization', 'l2'], value: lower }];
      const fixes = lower > 0 ? [{ title: `Set l2 to ${lower}`, edits }] : [];
      return outcome('warn', path, message, { ...evidence, threshold: DOMINATES }, fixes);
    }
    const message = `With λ = ${STRENGTH} the cost rises from ${number(dataLoss)} to ${number(cost)}, by ½λΣw².${penalty > 0 ? ` The penalties of this config add ${number(penalty)}.` : ''}`;
    return outcome('pass', path, message, evidence);
  },
};
