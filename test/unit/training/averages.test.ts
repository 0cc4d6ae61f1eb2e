import { describe, expect, it } from 'vitest';
import { floats } from '../../../core/training/arena.ts';
import { blobs, configOf, parametersOf, statesOf, trainerOf } from './fixtures.ts';

const layers = [{ dense: 20 }, 'relu', { dense: 3 }];

function averagesOf(trainer: ReturnType<typeof trainerOf>): number[][] {
  const { averages, network } = trainer.plan;
  return network.parameters.map(({ value }, i) => [
    ...floats(trainer.memory, averages![i]!, value.size),
  ]);
}

describe('a running average of the parameters', () => {
  it.each([0.05, 0.5, 0.999])('follows a ← d a + (1 − d) w with d %d', (ema) => {
    const trainer = trainerOf(configOf({ model: { layers }, training: { ema } }), blobs());
    const expected = parametersOf(trainer).map(({ value }) => [...value]);
    for (let step = 0; step < 12; step++) {
      expect(averagesOf(trainer)).toEqual(
        expected.map((values) => values.map((value) => expect.closeTo(value, 5))),
      );
      trainer.trainStep();
      const d = Math.min(ema, (1 + step) / (10 + step));
      for (const [i, { value }] of parametersOf(trainer).entries()) {
        for (const [k, w] of value.entries()) expected[i]![k] = d * expected[i]![k]! + (1 - d) * w;
      }
    }
  });

  it('changes nothing in training, and is what is validated', () => {
    const parts = { model: { layers }, optimizer: { learningRate: 0.1 } };
    const [plain, averaged] = [{}, { ema: 0.9 }].map((training) =>
      trainerOf(configOf({ ...parts, training }), blobs()),
    ) as [ReturnType<typeof trainerOf>, ReturnType<typeof trainerOf>];
    const losses = [plain, averaged].map((trainer) =>
      Array.from({ length: 12 }, () => {
        trainer.trainStep();
        return trainer.last.loss;
      }),
    );
    expect(losses[0]).toEqual(losses[1]);
    expect(averaged.evaluate()).not.toEqual(plain.evaluate());
    // The plain network with the averages for weights is judged alike.
    const averages = averagesOf(averaged);
    for (const [i, { value }] of parametersOf(plain).entries()) value.set(averages[i]!);
    expect(averaged.evaluate()).toEqual(plain.evaluate());
  });
});

describe('frozen layers', () => {
  const frozen = { checkpoint: 'unused', freeze: 2 };

  it('stay as they are, while the others learn', () => {
    const config = configOf({ model: { layers, from: frozen }, training: { ema: 0.9 } });
    const trainer = trainerOf(config, blobs());
    const before = parametersOf(trainer).map(({ value }) => value.slice());
    const first = trainer.evaluate()!.loss;
    for (let i = 0; i < 30; i++) trainer.trainStep();
    const after = parametersOf(trainer).map(({ value }) => value);
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(after[2]).not.toEqual(before[2]);
    expect(trainer.evaluate()!.loss).toBeLessThan(first);
    expect([...trainer.ratios.slice(0, 2)]).toEqual([Infinity, Infinity]);
  });

  it('keep their running averages, and drop nothing', () => {
    const below = [{ dense: 20 }, 'batchNorm', 'relu', { dropout: 0.5 }];
    const config = configOf({
      model: { layers: [...below, { dense: 3 }], from: { ...frozen, freeze: 4 } },
      optimizer: { learningRate: 1e-30 },
      training: { batchSize: 'full', shuffle: false },
    });
    const trainer = trainerOf(config, blobs());
    const states = statesOf(trainer).map(({ value }) => value.slice());
    const losses = Array.from({ length: 3 }, () => {
      trainer.trainStep();
      return trainer.last.loss;
    });
    expect(losses[1]).toBe(losses[0]);
    expect(losses[2]).toBe(losses[0]);
    expect(states.length).toBe(2);
    expect(statesOf(trainer).map(({ value }) => value)).toEqual(states);
  });
});
