import { describe, expect, test } from 'vitest';
import { applyEdits, parseConfig, replaceAll } from '../../../core/config/index.ts';
import type { TrialEvent } from '../../../core/events/sweep-event.ts';
import { ranking } from '../../../core/sweep/best.ts';
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

/** The best three trials have these values and, all the same unless told, these scores. */
function found(text: string, key: string, values: number[], scores = [0.9, 0.8, 0.7]) {
  const trials = values.map((value, i) => trialOf(i + 1, { [key]: value }, scores[i]!));
  return foundOf(text, trials);
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

describe('sweep-border', () => {
  test.each<[name: string, parameters: string, key: string, values: number[], widened: unknown]>([
    ['upper end', `${RATE}: { log: [1e-6, 1e-2] }`, RATE, [9e-3, 7e-3, 1e-3], [1e-6, 0.1]],
    ['lower end', `${RATE}: { log: [1e-3, 1] }`, RATE, [1.1e-3, 2e-3, 3e-3], [1e-4, 1]],
    [
      'as far as the key allows',
      'model.layers.0.dense: { int: [1, 100] }',
      'model.layers.0.dense',
      [99, 90, 80],
      [1, 1000],
    ],
  ])('%s', (_name, parameters, key, values, widened) => {
    const findings = found(config(parameters), key, values);
    const kind = parameters.includes('int') ? 'int' : 'log';
    expect(findings).toMatchObject([
      {
        rule: 'sweep-border',
        severity: 'warning',
        path: ['sweep', 'parameters', key, kind],
        fixes: [{ edits: [{ path: ['sweep', 'parameters', key, kind], value: widened }] }],
      },
    ]);
    expect(findings[0]!.message).toContain(`The best ${key}, ${values[0]}`);
  });

  test.each<[name: string, parameters: string, key: string, values: number[]]>([
    ['within', `${RATE}: { log: [1e-6, 1] }`, RATE, [1e-3, 1e-2, 1e-1]],
    ['by chance: the others lie elsewhere', `${RATE}: { log: [1e-6, 1] }`, RATE, [0.9, 1e-5, 1e-3]],
    [
      'no value beyond it',
      'model.layers.2.dropout: { uniform: [0, 0.5] }',
      'model.layers.2.dropout',
      [0.01, 0.02, 0.03],
    ],
  ])('not: %s', (_name, parameters, key, values) => {
    expect(found(config(parameters), key, values)).toEqual([]);
  });

  test('counts for the range in the config, not for a narrowed one', () => {
    const text = config(`${RATE}: { log: [1e-6, 1] }`);
    const trials = [2e-3, 1.9e-3, 1.8e-3].map((rate, i) =>
      trialOf(i + 1, { [RATE]: rate }, 0.9 - 0.1 * i, { stage: 2 }),
    );
    expect(foundOf(text, trials)).toEqual([]);
  });

  test('is silent where it is muted', () => {
    const text = config(`${RATE}: { log: [1e-6, 1e-2] }`, 'mute: [sweep-border]\n');
    expect(found(text, RATE, [9e-3, 7e-3, 1e-3])).toEqual([]);
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
