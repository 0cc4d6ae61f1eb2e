import { expect, it } from 'vitest';
import { Moments } from '../../../core/inspection/moments.ts';

const moments = (
  cadence: { everyEpochs?: number; everySteps?: number },
  spe: number,
  epochs: number,
) => {
  const of = new Moments(cadence, spe, epochs);
  return Array.from({ length: spe * epochs + 1 }, (_, step) => step).filter((step) =>
    of.includes(step),
  );
};

it('looks before training, at the first steps and at the end of each epoch', () => {
  expect(moments({ everyEpochs: 1 }, 10, 3)).toEqual([0, 1, 2, 4, 8, 10, 20, 30]);
});

it('looks at the last epoch whatever the cadence', () => {
  expect(moments({ everyEpochs: 2 }, 3, 5)).toEqual([0, 1, 2, 6, 12, 15]);
});

it('looks after so many steps', () => {
  expect(moments({ everySteps: 4 }, 5, 2)).toEqual([0, 4, 8]);
});

it('looks at most about a thousand times at the ends of epochs', () => {
  const ends = moments({ everyEpochs: 1 }, 1, 7001);
  expect(ends.length).toBeLessThan(1010);
  expect(ends.at(-1)).toBe(7001);
});
