import { describe, expect, test } from 'vitest';
import type { SweepEvent } from '../../../core/events/sweep-event.ts';
import { TRIAL_NUMBERS, TRIAL_STATES, type TrialRows } from '../../../core/sweep/facts.ts';
import { SweepFeed } from '../../../core/sweep/feed.ts';
import { compareTrials } from '../../../core/sweep/score.ts';
import { CONFIG, PretendedTrials, requestOf, sweepOf } from './sweeps.ts';

const CHOICES = CONFIG.replace(
  'regularization.l2: { log: [1e-6, 1e-2] }',
  'model.layers.1: { choice: [relu, tanh] }',
);

function feedOf(events: readonly SweepEvent[], config = CONFIG): SweepFeed {
  const feed = new SweepFeed(config, '/a/a.train.yaml');
  for (const event of events) feed.see(event);
  return feed;
}

function numberOf(rows: TrialRows, row: number, name: (typeof TRIAL_NUMBERS)[number]): number {
  return rows.numbers[row * TRIAL_NUMBERS.length + TRIAL_NUMBERS.indexOf(name)]!;
}

describe('what views show of a sweep', () => {
  test('keys with their whole ranges, stages with theirs, the best and how many trials there are', async () => {
    const { events, result, trials } = await sweepOf(await requestOf());
    const facts = feedOf(events).facts();
    expect(facts.keys).toEqual([
      { key: 'optimizer.learningRate', kind: 'log', low: 1e-4, high: 1, choices: [] },
      { key: 'regularization.l2', kind: 'log', low: 1e-6, high: 1e-2, choices: [] },
    ]);
    expect(facts.stages.map(({ stage, trials, epochs }) => [stage, trials, epochs])).toEqual([
      [1, 12, 3],
      [2, 6, 9],
    ]);
    expect(facts.planned).toBe(trials.length);
    expect(facts.best).toEqual({ place: result.best!.number - 1, seeds: null });
    expect([facts.quality, facts.measured, facts.sampler]).toEqual([
      'accuracy',
      'validation',
      'random',
    ]);
    // The pretended score is a function of the rate alone.
    expect(facts.importance[0]!.key).toBe('optimizer.learningRate');
  });

  test.each([
    ['at random', CONFIG],
    ['with seeds', CONFIG.replace('stages:', 'seeds: 3\n  stages:')],
    ['on a grid', CONFIG.replace('stages:', 'sampler: grid\n  stages:')],
  ])('as many trials are planned as there will be, %s', async (_, config) => {
    const planned = () => feed.facts().planned;
    const feed = new SweepFeed(config, '/a/a.train.yaml');
    const before = planned();
    const { events, trials } = await sweepOf(await requestOf(config));
    expect(before).toBe(trials.length);
    for (const event of events) {
      feed.see(event);
      expect(planned()).toBe(trials.length);
    }
  });

  test('rows of trials: values, choices by their index, and how each went', async () => {
    const executor = new PretendedTrials({
      outcomeOf: ({ number }) =>
        number === 2
          ? { state: 'failed', message: 'Too large.' }
          : number === 3
            ? { state: 'diverged' }
            : {},
    });
    const { events, trials } = await sweepOf(await requestOf(CHOICES), executor);
    const rows = feedOf(events, CHOICES).everything();
    expect([...rows.places].sort((a, b) => a - b)).toEqual(trials.map((_, i) => i));
    for (const [row, place] of rows.places.entries()) {
      const { parameters, stage, state, message } = trials[place]!;
      expect(rows.values[2 * row]).toBe(parameters['optimizer.learningRate']);
      expect(rows.values[2 * row + 1]).toBe(
        ['relu', 'tanh'].indexOf(String(parameters['model.layers.1'])),
      );
      expect(numberOf(rows, row, 'stage')).toBe(stage);
      expect(numberOf(rows, row, 'repeats')).toBeNaN();
      expect(TRIAL_STATES[rows.phases[row]!]).toBe(state);
      expect(rows.messages[row]).toBe(message ?? '');
    }
    const exploded = rows.places.indexOf(2);
    expect(numberOf(rows, exploded, 'score')).toBeNaN();
    const best = trials.toSorted(compareTrials)[0]!;
    const row = rows.places.indexOf(best.number - 1);
    expect(numberOf(rows, row, 'score')).toBe(best.validation!.accuracy);
    expect(numberOf(rows, row, 'loss')).toBe(best.validation!.loss);
  });

  test('news are what came since they were asked for; curves have the loss of each epoch', async () => {
    const { events } = await sweepOf(await requestOf());
    const feed = new SweepFeed(CONFIG, '/a/a.train.yaml');
    const end = events.findIndex(({ type }) => type === 'trial') + 1;
    for (const event of events.slice(0, end)) feed.see(event);
    const first = feed.news();
    expect(first.places.length).toBeGreaterThan(0);
    expect(feed.news().places).toHaveLength(0);
    const running = first.phases.filter((phase) => TRIAL_STATES[phase] === 'running');
    expect(running.length).toBe(first.places.length - 1);
    for (const event of events.slice(end)) feed.see(event);
    expect(feed.news().places.length).toBeGreaterThan(0);
    const { offsets, loss } = feed.curves([0, 17]);
    expect([...offsets]).toEqual([0, 3, 12]);
    const told = events.flatMap((event) =>
      event.type === 'trialEpoch' && event.number === 18 ? [event.validation!.loss] : [],
    );
    expect([...loss.slice(3)]).toEqual(told);
  });
});
