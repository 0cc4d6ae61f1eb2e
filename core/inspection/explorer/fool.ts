import { UserError } from '../../events/user-error.ts';
import { checkOutput, type Exploration, type Report, verdictOf } from './exploration.ts';
import type { FoolAnswer, Queries, Verdict } from './protocol.ts';
import { softmax } from './reading.ts';

/** What is tried in search of the smallest ε, as shares of the range: a ratio of 1.41 apart … */
const COARSE = Array.from({ length: 25 }, (_, i) => 2 ** ((i - 24) / 2));
/** … and then so many steps between the last that was too small and the first that was enough. */
const FINE = 32;
/** Iterated steps may turn back: together they go this much further than ε (Madry et al. 2018). */
const REACH = 2.5;

/** What is to be fooled. */
interface Victim {
  raw: Float32Array;
  /** The class that was predicted. */
  from: number;
  target: number | null;
  steps: number;
}

/** An image that was changed, and what the network says of it. */
interface Attempt extends Verdict {
  /** Of its ε among those that were tried. */
  place: number;
  input: Float32Array;
  fooled: boolean;
}

/**
 * Adds to an image what changes the network's mind: ε · sign(∂L/∂x), in one step (Goodfellow et al. 2015:
 * FGSM) or in small ones that stay within ε (Kurakin et al. 2017; Madry et al. 2018: PGD from the image
 * itself), and within the range of the data. L is the cross-entropy of the predicted class, or minus
 * that of a target, of the scores, whatever loss the network was trained with.
 */
export function fool(exploration: Exploration, query: Queries['fool'], report: Report): FoolAnswer {
  const { model, book } = exploration;
  const { example, target, steps, epsilon } = query;
  if (target !== null) checkOutput(exploration, target);
  book.put(example.part, [example.index], model.inputs(1));
  model.forward(1, model.last);
  const before = verdictOf(exploration, 0);
  const from = before.predicted!;
  refuse(exploration, from, target);
  const victim = { raw: book.raw(example), from, target, steps };
  const { low, high } = book.range;
  const [found, { place: _, ...attempt }] =
    epsilon === 'smallest'
      ? smallest(exploration, victim, high - low, report)
      : [epsilon, attack(exploration, victim, [epsilon])];
  return {
    ...attempt,
    epsilon: found,
    difference: attempt.input.map((value, i) => value - victim.raw[i]),
    before,
  };
}

function refuse({ book }: Exploration, from: number, target: number | null): void {
  if (from < 0)
    throw new UserError('The network gives NaN for this example: there is nothing to fool.');
  if (from === target) {
    const { classes } = book.dataset;
    throw new UserError(
      `The network takes this example for ${classes?.[target] ?? target} already. Choose another class.`,
    );
  }
}

/** The first ε that is enough, on a grid that is refined once: what is enough need not stay enough. */
function smallest(
  exploration: Exploration,
  victim: Victim,
  range: number,
  report: Report,
): [number | null, Attempt] {
  const coarse = COARSE.map((share) => share * range);
  const rough = attack(exploration, victim, coarse);
  report(0.5);
  if (!rough.fooled) return [null, rough];
  const high = coarse[rough.place];
  const low = coarse[rough.place - 1] ?? 0;
  const fine = Array.from({ length: FINE }, (_, i) =>
    i === FINE - 1 ? high : low + ((i + 1) * (high - low)) / FINE,
  );
  const attempt = attack(exploration, victim, fine);
  return [fine[attempt.place], attempt];
}

/** With each ε, from the smallest on: the first attempt that fools the network, or the last. */
function attack(exploration: Exploration, victim: Victim, epsilons: readonly number[]): Attempt {
  const { capacity } = exploration.model;
  for (let from = 0; ; from += capacity) {
    const batch = epsilons.slice(from, from + capacity);
    const attempt = attackAtOnce(exploration, victim, batch);
    if (attempt.fooled || from + capacity >= epsilons.length)
      return { ...attempt, place: from + attempt.place };
  }
}

function attackAtOnce(
  exploration: Exploration,
  { raw, from, target, steps }: Victim,
  epsilons: readonly number[],
): Attempt {
  const { model, book, reading } = exploration;
  const size = raw.length;
  const { low, high } = book.range;
  const changed = Float32Array.from({ length: epsilons.length * size }, (_, i) => raw[i % size]);
  const width = model.width(reading.scoreLayer);
  const isFooled = ({ predicted }: Verdict) =>
    target === null ? predicted !== from : predicted === target;
  let verdicts: Verdict[] = [];
  let rows = epsilons.length;
  const judge = () => {
    const inputs = model.inputs(rows);
    inputs.set(changed.subarray(0, inputs.length));
    book.toNetwork(inputs);
    model.forward(rows, model.last);
    verdicts = Array.from({ length: rows }, (_, row) => verdictOf(exploration, row));
    // Of those that fool the network none but the first counts, nor what comes behind it.
    const first = verdicts.findIndex(isFooled);
    if (first >= 0) rows = first + 1;
  };
  judge();
  for (let step = 0; step < steps; step++) {
    const values = model.values(reading.scoreLayer, rows);
    const gradient = model.backward(rows, reading.scoreLayer, (to) => {
      for (let row = 0; row < rows; row++) {
        const own = (all: Float32Array) => all.subarray(row * width, (row + 1) * width);
        const up = ascent(reading.scores(own(values)), target ?? from, target !== null);
        reading.putGradient(up, own(to));
      }
    });
    for (let row = 0; row < rows; row++) {
      // What fools the network is not changed further.
      if (isFooled(verdicts[row])) continue;
      const epsilon = epsilons[row];
      const stride = steps === 1 ? epsilon : Math.min(epsilon, (REACH * epsilon) / steps);
      for (let j = 0; j < size; j++) {
        const i = row * size + j;
        const moved = changed[i] + stride * Math.sign(gradient[i]);
        // A value outside of the range may stay there.
        const least = Math.max(raw[j] - epsilon, Math.min(low, raw[j]));
        const most = Math.min(raw[j] + epsilon, Math.max(high, raw[j]));
        changed[i] = Math.min(most, Math.max(least, moved));
      }
    }
    judge();
  }
  const place = rows - 1;
  return {
    ...verdicts[place],
    place,
    input: changed.slice(place * size, (place + 1) * size),
    fooled: isFooled(verdicts[place]),
  };
}

/**
 * ∂/∂scores of the cross-entropy of a class, or of minus that (`towards`), up to a positive factor which
 * the sign does not see: −1 at the class, and at the others their softmax among themselves. The gradient
 * itself, softmax − onehot, is 0 in float32 where the network is sure.
 */
function ascent(scores: Float32Array, of: number, towards: boolean): Float32Array {
  const others = softmax(scores.map((score, k) => (k === of ? Number.NEGATIVE_INFINITY : score)));
  return others.map((share, k) => (towards ? -1 : 1) * (k === of ? -1 : share));
}
