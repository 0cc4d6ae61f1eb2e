import { describe, expect, test } from 'vitest';
import { applyEdits, parseConfig, replaceAll } from '../../../core/config/index.ts';
import type { TrialEvent } from '../../../core/events/sweep-event.ts';
import { ranking } from '../../../core/sweep/best.ts';
import { borderFindings, chanceOf } from '../../../core/sweep/findings/border.ts';
import { findingsOf } from '../../../core/sweep/findings/index.ts';
import { importanceOf } from '../../../core/sweep/importance.ts';
import { valuesAt } from '../../../core/sweep/space.ts';
import { SweepState } from '../../../core/sweep/state.ts';
import { spaceFrom, trialOf } from './spaces.ts';

const config = (parameters: string, more = '') => `data: { source: spiral }
model: { layers: [dense: 100, relu, dropout: 0.3, dense: 3] }
optimizer: { type: sgd, momentum: 0.9 }
sweep:
  parameters: { ${parameters} }
  stages: [{ trials: 30, epochs: 1 }]
${more}`;

const RATE = 'optimizer.learningRate';

/** The best trials have these values, one better than the next; others of the first stage lie all over the range. */
function found(text: string, key: string, values: number[], others: number[] = []) {
  const all = [...values, ...others];
  return foundOf(
    text,
    all.map((value, i) => trialOf(i + 1, { [key]: value }, 0.9 - 0.05 * i)),
  );
}

function foundOf(text: string, trials: readonly TrialEvent[]) {
  const state = new SweepState();
  for (const trial of trials) {
    const { number, stage, parameters, seed, repeats } = trial;
    state.see({
      type: 'trialStarted',
      number,
      stage,
      parameters,
      seed,
      epochs: 1,
      ...(repeats !== undefined && { repeats }),
    });
    state.see(trial);
  }
  const findings = findingsOf(text, 'a.train.yaml', state, ranking(state));
  for (const { fixes } of findings)
    for (const { edits } of fixes) {
      const fixed = replaceAll(text, applyEdits(text, 'a.train.yaml', edits));
      expect(parseConfig(fixed, 'a.train.yaml').problems).toEqual([]);
    }
  return findings;
}

/** Nine values between those two, evenly spaced by factors, from the middle outwards. */
function between(low: number, high: number): number[] {
  const units = [0.5, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7, 0.45, 0.55];
  return units.map((unit) => low * (high / low) ** unit);
}

describe('sweep-border', () => {
  const UNITS = 'model.layers.0.dense';

  test.each<
    [name: string, parameters: string, key: string, values: number[], rest: number[], to: unknown]
  >([
    [
      'upper end',
      `${RATE}: { log: [1e-6, 1e-2] }`,
      RATE,
      [9e-3, 7e-3, 3e-3, 5e-3],
      between(1e-6, 1e-2),
      [1e-6, 0.1],
    ],
    [
      'lower end',
      `${RATE}: { log: [1e-3, 1] }`,
      RATE,
      [1.1e-3, 2e-3, 3e-3, 4e-3],
      between(1e-3, 1),
      [1e-4, 1],
    ],
    [
      'of whole numbers',
      `${UNITS}: { int: [1, 100] }`,
      UNITS,
      [99, 90, 80, 85],
      [1, 10, 20, 30, 40, 50, 60, 70, 72],
      [1, 1000],
    ],
    // The outermost place of a grid lies within its range.
    [
      'of a grid',
      `${RATE}: { log: [1e-5, 1] }`,
      RATE,
      [0.3162, 0.3162, 0.3162, 0.3162],
      [3.162e-5, 3.162e-4, 3.162e-3, 3.162e-2].flatMap((rate) => [rate, rate, rate, rate]),
      [1e-5, 10],
    ],
  ])('%s', (_name, parameters, key, values, rest, widened) => {
    const findings = found(config(parameters), key, values, rest);
    const kind = parameters.includes('int') ? 'int' : 'log';
    expect(findings).toMatchObject([
      {
        rule: 'sweep-border',
        severity: 'warning',
        path: ['sweep', 'parameters', key, kind],
        evidence: { there: expect.any(Number), asked: expect.any(Number) },
        fixes: [{ edits: [{ path: ['sweep', 'parameters', key, kind], value: widened }] }],
      },
    ]);
    expect(findings[0]!.message).toContain(`The best ${key}, ${values[0]}`);
  });

  test.each<[name: string, parameters: string, key: string, values: number[], rest: number[]]>([
    ['within', `${RATE}: { log: [1e-6, 1] }`, RATE, [1e-3, 1e-2, 1e-1], between(1e-6, 1)],
    [
      'by chance: the others lie elsewhere',
      `${RATE}: { log: [1e-6, 1] }`,
      RATE,
      [0.9, 1e-5, 1e-3],
      between(1e-6, 1),
    ],
    ['very few trials', `${RATE}: { log: [1e-6, 1e-2] }`, RATE, [9e-3, 7e-3, 3e-3], [1e-6, 1e-5]],
    [
      'most trials lie there anyway',
      `${RATE}: { log: [1e-6, 1e-2] }`,
      RATE,
      [9e-3, 7e-3, 3e-3, 5e-3],
      [8e-3, 7e-3, 6e-3, 5e-3, 4e-3, 1e-4],
    ],
    [
      'no value beyond it',
      'model.layers.2.dropout: { uniform: [0, 0.5] }',
      'model.layers.2.dropout',
      [0.01, 0.02, 0.03, 0.04],
      [0.2, 0.22, 0.24, 0.26, 0.28, 0.3, 0.32, 0.34, 0.36],
    ],
  ])('not: %s', (_name, parameters, key, values, rest) => {
    expect(found(config(parameters), key, values, rest)).toEqual([]);
  });

  test('counts for the range in the config, not for a narrowed one', () => {
    const text = config(`${RATE}: { log: [1e-6, 1] }`);
    const first = [1e-3, 2e-3, 3e-3, ...between(1e-6, 1)].map((rate, i) =>
      trialOf(i + 1, { [RATE]: rate }, 0.6 - 0.02 * i),
    );
    const second = [2e-3, 1.9e-3, 1.8e-3].map((rate, i) =>
      trialOf(i + 20, { [RATE]: rate }, 0.9 - 0.1 * i, { stage: 2 }),
    );
    expect(foundOf(text, [...first, ...second])).toEqual([]);
  });

  test('is told of a later stage by what the first one saw', () => {
    const text = config(`${RATE}: { log: [1e-6, 1] }`);
    const last = trialOf(20, { [RATE]: 0.95 }, 0.95, { stage: 2 });
    const seen = (best: number[]) =>
      [...best, ...between(1e-6, 1)].map((rate, i) =>
        trialOf(i + 1, { [RATE]: rate }, 0.6 - 0.02 * i),
      );
    const rules = (best: number[]) => foundOf(text, [...seen(best), last]).map(({ rule }) => rule);
    expect(rules([0.5, 0.3, 0.2, 0.1])).toEqual(['sweep-border']);
    expect(rules([0.5, 1e-3, 1e-4, 1e-5])).toEqual([]);
  });

  test.each([4, 8, 12, 30])('%i trials of a key without influence seldom mislead', (trials) => {
    const space = spaceFrom(`{ ${RATE}: { log: [1e-6, 1] } }`);
    let state = 12345;
    const random = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    const widen = () => ({ title: '', edits: [] });
    const SWEEPS = 3000;
    let told = 0;
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      const ended = Array.from({ length: trials }, (_, i) =>
        trialOf(i + 1, valuesAt(space, [random()]), 0.9 - 0.02 * i),
      );
      told += borderFindings(space, { trial: ended[0]!, seeds: null }, ended, widen).length;
    }
    expect(told / SWEEPS).toBeLessThan(0.02);
    if (trials < 8) expect(told).toBe(0);
  });

  test.each([
    [2, { of: 2, marked: 2, all: 7 }, 1 / 21],
    [3, { of: 5, marked: 7, all: 29 }, 8876 / 118755],
    [0, { of: 3, marked: 0, all: 9 }, 1],
    [1, { of: 3, marked: 0, all: 9 }, 0],
  ])('the chance of %i or more: %o', (many, draw, chance) => {
    expect(chanceOf(many, draw)).toBeCloseTo(chance, 12);
  });

  test('is silent where it is muted', () => {
    const text = config(`${RATE}: { log: [1e-6, 1e-2] }`, 'mute: [sweep-border]\n');
    expect(found(text, RATE, [9e-3, 7e-3, 3e-3, 5e-3], between(1e-6, 1e-2))).toEqual([]);
  });
});

describe('sweep-linear-range', () => {
  test.each<[range: string, log: number[] | null]>([
    ['[0.0001, 1]', [0.0001, 1]],
    ['[0, 0.1]', [1e-6, 0.1]],
    ['[0.1, 0.5]', null],
  ])('%s', (range, log) => {
    const findings = found(
      config(`regularization.l2: { uniform: ${range} }`),
      'regularization.l2',
      [],
    );
    expect(findings.map(({ fixes }) => fixes[0]!.edits[0]!.value)).toEqual(log ? [{ log }] : []);
  });
});

describe('sweep-too-few-trials', () => {
  const few = (parameters: string, trials: number) =>
    found(config(parameters).replace('trials: 30', `trials: ${trials}`), RATE, []).map(
      ({ message }) => message,
    );
  const TWO = `${RATE}: { log: [1e-6, 1] }, regularization.l2: { log: [1e-6, 1] }`;

  test('of one key or of several', () => {
    expect(few(`${RATE}: { log: [1e-6, 1] }`, 9)[0]).toContain('9 trials of one key');
    expect(few(`${RATE}: { log: [1e-6, 1] }`, 10)).toEqual([]);
    expect(few(TWO, 12)[0]).toContain('among the best tenth of all values is 72 %');
    expect(few(TWO, 20)).toEqual([]);
  });

  test('not where all there is has been tried', () => {
    expect(few('model.layers.1: { choice: [relu, tanh, sigmoid] }', 3)).toEqual([]);
  });
});

describe('sweep-unstable', () => {
  const text = config(`${RATE}: { log: [1e-6, 1] }`);
  const trials = (first: number[], second: number[]) =>
    [first, second].flatMap((scores, k) =>
      scores.map((score, i) =>
        trialOf(
          10 * i + k + 1,
          { [RATE]: [1e-3, 2e-3][k]! },
          score,
          i > 0 ? { repeats: k + 1, seed: 1 + i, stage: 2 } : {},
        ),
      ),
    );

  test('on one seed: a small lead may be luck', () => {
    expect(foundOf(text, trials([0.905], [0.9]))).toMatchObject([
      { rule: 'sweep-unstable', severity: 'info', fixes: [{ edits: [{ value: 5 }] }] },
    ]);
    expect(foundOf(text, trials([0.95], [0.9]))).toEqual([]);
  });

  test('on several seeds: the deviation tells', () => {
    const [finding, ...others] = foundOf(text, trials([0.9, 0.94, 0.92], [0.91, 0.93, 0.89]));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ rule: 'sweep-unstable', fixes: [] });
    expect(finding!.message).toContain('trial 1 92.0 ± 2.0, trial 2 91.0 ± 2.0');
    expect(foundOf(text, trials([0.95, 0.952, 0.951], [0.9, 0.901, 0.899]))).toEqual([]);
  });

  test('the best is that with the best mean', () => {
    const state = new SweepState();
    for (const trial of trials([0.97, 0.8, 0.8], [0.9, 0.9, 0.93])) {
      state.see({ ...trial, type: 'trialStarted', epochs: 1 });
      state.see(trial);
    }
    const [best] = ranking(state);
    expect(best!.trial.number).toBe(2);
    expect(best!.seeds).toMatchObject({ seeds: 3, mean: expect.closeTo(0.91) });
    expect(best!.seeds!.deviation).toBeCloseTo(0.01732, 4);
  });
});

describe('importance', () => {
  const space = spaceFrom(
    `{ ${RATE}: { log: [1e-6, 1] }, regularization.l2: { log: [1e-6, 1] }, model.layers.1: { choice: [relu, tanh] } }`,
  );
  const points = Array.from({ length: 80 }, (_, i) => [
    (i * 0.618) % 1,
    (i * 0.414) % 1,
    (i * 0.732) % 1,
  ]);
  const of = (score: (point: number[]) => number) =>
    importanceOf(
      space,
      points.map((point, i) => trialOf(i + 1, valuesAt(space, point), score(point))),
    );

  test('of the key that decides nearly all, of the others nearly none', () => {
    const [first, ...others] = of(([rate]) => 1 - Math.abs(rate! - 0.4));
    expect(first).toMatchObject({ key: RATE });
    expect(first!.share).toBeGreaterThan(0.8);
    for (const { share } of others) expect(share).toBeLessThan(0.1);
  });

  test('trials that exploded count as the worst', () => {
    const [first] = of(([rate]) => (rate! > 0.7 ? Number.NaN : 0.5));
    expect(first).toMatchObject({ key: RATE });
    expect(first!.share).toBeGreaterThan(0.6);
  });

  test('of choices, and of several keys', () => {
    const shares = of(([rate, , choice]) => rate! + (choice! > 0.5 ? 0.5 : 0));
    expect(shares.map(({ key }) => key)).toEqual([RATE, 'model.layers.1', 'regularization.l2']);
    expect(shares[1]!.share).toBeGreaterThan(0.2);
  });

  test('nothing is said of chance', () => {
    const scores = points.map((_, i) => (i * 0.271828) % 1);
    let next = 0;
    for (const { share } of of(() => scores[next++]!)) expect(share).toBeLessThan(0.15);
  });
});
