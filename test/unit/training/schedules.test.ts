import { describe, expect, it } from 'vitest';
import { Schedule } from '../../../core/training/schedules/schedule.ts';
import { configOf } from './fixtures.ts';

/** Updates an epoch, and epochs. */
const STEPS = 4;
const EPOCHS = 7;

function scheduleOf(schedule: unknown): Schedule {
  const config = configOf({ model: { layers: [{ dense: 2 }] }, schedule });
  return new Schedule(config.schedule, STEPS, EPOCHS);
}

/** The factor of each update of a training with these validation losses. */
function factors(schedule: unknown, losses: number[] = []): number[] {
  const one = scheduleOf(schedule);
  return Array.from({ length: STEPS * EPOCHS }, (_, step) => {
    if (step > 0 && step % STEPS === 0) one.see(losses[step / STEPS - 1] ?? 1);
    return one.factor(step);
  });
}

const eachFor = (updates: number, values: number[]) =>
  values.flatMap((value) => new Array<number>(updates).fill(value));

const restart = [1, 0.96194, 0.853553, 0.691342, 0.5, 0.308658, 0.146447, 0.0380602];

/** PyTorch 1.13: StepLR, ExponentialLR, LambdaLR, CosineAnnealingLR(28), OneCycleLR(total_steps=28), … */
const PYTORCH: [name: string, schedule: unknown, factors: number[]][] = [
  ['constant', 'constant', eachFor(28, [1])],
  ['step', { type: 'step', every: 2, factor: 0.5 }, eachFor(8, [1, 0.5, 0.25, 0.125]).slice(0, 28)],
  [
    'exponential',
    { type: 'exponential', rate: 0.3 },
    eachFor(4, [1, 0.740818, 0.548812, 0.40657, 0.301194, 0.22313, 0.165299]),
  ],
  [
    'inverse',
    { type: 'inverse', rate: 0.5 },
    eachFor(4, [1, 0.666667, 0.5, 0.4, 0.333333, 0.285714, 0.25]),
  ],
  [
    'cosine',
    'cosine',
    [
      1, 0.996856, 0.987464, 0.971942, 0.950484, 0.923362, 0.890916, 0.853553, 0.811745, 0.766016,
      0.716942, 0.66514, 0.61126, 0.555982, 0.5, 0.444018, 0.38874, 0.33486, 0.283058, 0.233984,
      0.188255, 0.146447, 0.109084, 0.0766379, 0.0495156, 0.0280583, 0.012536, 0.0031439,
    ],
  ],
  [
    'cosineRestarts',
    { type: 'cosineRestarts', period: 2 },
    [...restart, ...restart, ...restart, ...restart].slice(0, 28),
  ],
  [
    'cosineRestarts that grow',
    { type: 'cosineRestarts', period: 2, multiply: 2 },
    [
      ...restart,
      1,
      0.990393,
      0.96194,
      0.915735,
      0.853553,
      0.777785,
      0.691342,
      0.597545,
      0.5,
      0.402455,
      0.308658,
      0.222215,
      0.146447,
      0.0842652,
      0.0380602,
      0.00960736,
      1,
      0.997592,
      0.990393,
      0.97847,
    ],
  ],
  [
    'oneCycle',
    'oneCycle',
    [
      0.04, 0.0826103, 0.202876, 0.379445, 0.580969, 0.771667, 0.917685, 0.993096, 0.99769,
      0.983647, 0.957206, 0.919044, 0.87014, 0.811746, 0.74536, 0.672684, 0.595581, 0.516028,
      0.436064, 0.357739, 0.283061, 0.213945, 0.152162, 0.0992968, 0.0567041, 0.025476, 0.00641308,
      4e-6,
    ],
  ],
];

describe('a schedule', () => {
  it.each(PYTORCH)("%s has PyTorch's rates", (_, schedule, expected) => {
    const found = factors(schedule);
    for (const [step, factor] of expected.entries()) {
      expect(found[step]! / factor, `step ${step}`).toBeCloseTo(1, 5);
    }
  });

  it('cuts on a plateau as ReduceLROnPlateau does', () => {
    const plateau = { type: 'plateau', patience: 1, factor: 0.2 };
    // 0.89999 is no better than 0.9 by one part in 10,000.
    expect(factors(plateau, [1, 0.9, 0.89999, 0.95, 0.85, 0.9, 0.9])).toEqual([
      ...eachFor(16, [1]),
      ...eachFor(12, [0.2]),
    ]);
    expect(factors(plateau, [1, Number.NaN, Number.NaN, 1]).slice(12, 16)).toEqual(
      eachFor(4, [0.2]),
    );
  });

  it('remembers its plateau in its state', () => {
    const plateau = { type: 'plateau', patience: 1, factor: 0.2 };
    const [first, second] = [scheduleOf(plateau), scheduleOf(plateau)];
    for (const loss of [1, 2, 2, 2]) first.see(loss);
    second.state = first.state;
    for (const one of [first, second]) one.see(2);
    expect(second.factor(20)).toBeCloseTo(0.04, 12);
    expect(second.factor(20)).toBe(first.factor(20));
  });

  it('warms up evenly, then begins', () => {
    const found = factors({ type: 'cosine', warmup: 1.25 });
    expect(found.slice(0, 5)).toEqual([1, 2, 3, 4, 5].map((step) => step / 5));
    const after = Array.from({ length: 23 }, (_, t) => (1 + Math.cos(Math.PI * (t / 23))) / 2);
    expect(found.slice(5)).toEqual(after);
    expect(factors({ warmup: 1 }).slice(2, 6)).toEqual([0.75, 1, 1, 1]);
  });
});
