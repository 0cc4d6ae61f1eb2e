import { describe, expect, it } from 'vitest';
import { MeanOutputs } from '../../../core/ensemble/mean-outputs.ts';
import { spreadOf } from '../../../core/ensemble/measure.ts';
import { Votes } from '../../../core/ensemble/votes.ts';

const softmax = (z: ArrayLike<number>) => {
  const top = Math.max(...Array.from(z));
  const powers = Array.from(z, (value) => Math.exp(value - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
};
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const logits = (...p: number[]) => Float32Array.from(p, Math.log);

describe('the mean of what members say', () => {
  it('is that of their probabilities, not of their logits', () => {
    const mean = new MeanOutputs('softmax', 1, 2);
    mean.add(logits(0.9, 0.1));
    mean.add(logits(0.2, 0.8));
    mean.add(logits(0.4, 0.6));
    const [a, b] = softmax(mean.outputs());
    expect(a).toBeCloseTo(0.5, 6);
    expect(b).toBeCloseTo(0.5, 6);
  });

  it('of a sigmoid likewise', () => {
    const mean = new MeanOutputs('sigmoid', 1, 2);
    mean.add(Float32Array.of(Math.log(9), -60));
    mean.add(Float32Array.of(Math.log(1 / 3), 60));
    const [a, b] = mean.outputs();
    expect(sigmoid(a!)).toBeCloseTo((0.9 + 0.25) / 2, 6);
    expect(b).toBeCloseTo(0, 6);
  });

  it('of other outputs, of these', () => {
    const mean = new MeanOutputs('nothing', 2, 1);
    mean.add(Float32Array.of(1, -2));
    mean.add(Float32Array.of(2, 5));
    expect([...mean.outputs()]).toEqual([1.5, 1.5]);
  });

  it.each(['softmax', 'sigmoid', 'nothing'] as const)(
    'of members that are alike is a member: %s',
    (squash) => {
      const outputs = Float32Array.of(0.3, -1, 2, 1000, 7, -900, 0, 0, 0);
      const mean = new MeanOutputs(squash, 3, 3);
      const one = new MeanOutputs(squash, 3, 3);
      one.add(outputs);
      for (let i = 0; i < 7; i++) mean.add(outputs);
      for (const [i, value] of mean.outputs().entries())
        expect(value).toBeCloseTo(one.outputs()[i]!, 4);
      // Logits up to a number that is the same for all classes of an example.
      if (squash === 'softmax')
        for (let row = 0; row < 9; row += 3)
          expect(softmax(one.outputs().subarray(row, row + 2))).toEqual(
            softmax(outputs.subarray(row, row + 2)).map((p) => expect.closeTo(p, 4)),
          );
    },
  );

  it('is finite where each member is certain of another class', () => {
    const mean = new MeanOutputs('softmax', 1, 2);
    mean.add(Float32Array.of(5000, 0));
    mean.add(Float32Array.of(0, 5000));
    expect(softmax(mean.outputs())).toEqual([0.5, 0.5]);
  });

  it('tells of a NaN', () => {
    const mean = new MeanOutputs('softmax', 1, 2);
    mean.add(Float32Array.of(1, 2));
    mean.add(Float32Array.of(Number.NaN, 2));
    expect(mean.outputs().every(Number.isNaN)).toBe(true);
  });
});

describe('votes', () => {
  const votesOf = (...choices: number[]) => {
    const votes = new Votes(1, 3);
    for (const choice of choices) votes.add(Int32Array.of(choice));
    return votes;
  };

  it.each<[string, number[], number[], number]>([
    ['most votes win', [1, 1, 2], [0.1, 0.2, 0.7], 1],
    ['a tie is the more probable one’s', [0, 2], [0.3, 0.1, 0.6], 2],
    ['whoever has no vote is not asked', [0, 2], [0.3, 0.5, 0.2], 0],
    ['a tie in both is the first one’s', [2, 0], [0.4, 0.2, 0.4], 0],
    ['who says NaN does not vote', [-1, -1, 2], [0.9, 0.1, 0], 2],
    ['nobody votes', [-1, -1], [Number.NaN, Number.NaN, Number.NaN], -1],
  ])('%s', (_, choices, scores, winner) => {
    expect([...votesOf(...choices).winners(() => scores)]).toEqual([winner]);
  });

  it.each<[number[], number]>([
    [[1, 1, 1], 0],
    [[0, 1], Math.LN2],
    [[0, 1, 2], Math.log(3)],
    [[0, 0, 0, 1], -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25)],
  ])('entropy of %j', (choices, entropy) => {
    expect(votesOf(...choices).entropy(0)).toBeCloseTo(entropy, 12);
  });
});

describe('mean and standard deviation', () => {
  const metrics = (loss: number, accuracy: number | null) => ({
    loss,
    accuracy,
    rmse: null,
    r2: null,
  });

  it('of several', () => {
    const { loss, accuracy, r2 } = spreadOf([metrics(1, 0.5), metrics(2, 0.7), metrics(3, 0.9)]);
    expect(loss).toEqual({ mean: 2, sd: 1 });
    expect(accuracy!.mean).toBeCloseTo(0.7);
    expect(accuracy!.sd).toBeCloseTo(0.2);
    expect(r2).toBeNull();
  });

  it('of one there is none', () => {
    expect(spreadOf([metrics(1, null)])).toMatchObject({
      loss: { mean: 1, sd: null },
      accuracy: null,
    });
  });
});
