import { describe, expect, test } from 'vitest';
import type { PlanSummary, RunEvent } from '../../../core/events/run-event.ts';
import { RunHistory } from '../../../core/runs/history.ts';
import { WeightsFeed } from '../../../core/runs/weights-feed.ts';
import { distributions, resumed, started, steps, weights } from './events.ts';

/** Two dense layers with biases: weights are the parameter sets 0 and 2. */
const plan: PlanSummary = {
  ...started().plan,
  inputShape: [2, 2, 1],
  layers: [
    ['dense 1', 0, 3],
    ['dense 2', 1, 2],
  ].map(([label, index, units]) => ({
    path: ['model', 'layers', Number(index)],
    label: String(label),
    kind: 'dense',
    outputShape: [Number(units)],
    parameters: [
      { id: `${index} w`, name: 'weights', shape: [index === 0 ? 4 : 3, Number(units)] },
      { id: `${index} b`, name: 'biases', shape: [Number(units)] },
    ],
  })),
};
const first = (step: number) =>
  weights(step, { parameter: 0, codes: new Int16Array(12).fill(step) });
const second = (step: number) =>
  weights(step, { parameter: 2, codes: new Int16Array(6).fill(step) });

function feedOf(...events: RunEvent[]) {
  const history = new RunHistory();
  history.push([started({ plan }), ...events]);
  return { history, feed: new WeightsFeed(history) };
}

describe('what there is to be seen', () => {
  test('sets, shapes and moments', () => {
    const { feed } = feedOf(first(0), second(0), first(10), second(10));
    expect(feed.news()).toMatchObject({
      first: { parameter: 0, layout: { height: 2, width: 2, channels: 1, units: 3 } },
      sets: [
        { parameter: 0, layer: 'dense 1', shape: [4, 3] },
        { parameter: 2, layer: 'dense 2', shape: [3, 2] },
      ],
      tooLarge: [],
      inspected: false,
      steps: Float64Array.of(0, 10),
      epochs: Float64Array.of(0, 1),
    });
  });

  test('a moment whose last sets were cut off is none', () => {
    const { feed } = feedOf(first(0), second(0), first(10));
    expect(feed.news()!.steps).toEqual(Float64Array.of(0));
  });

  test('sets that were too large are named', () => {
    const { feed } = feedOf(first(0));
    expect(feed.news()).toMatchObject({ tooLarge: ['dense 2'], steps: Float64Array.of(0) });
  });

  test.each([
    ['not inspected', [], false],
    ['inspected, but no weights', [distributions(0, {}, plan)], true],
  ])('%s', (_, events, inspected) => {
    const news = feedOf(...events).feed.news()!;
    expect(news).toMatchObject({ sets: [], tooLarge: [], inspected });
    expect(news.steps).toHaveLength(0);
  });

  test('nothing is known before the run has started', () => {
    expect(new WeightsFeed(new RunHistory()).news()).toBeNull();
  });

  test('is told once, and again when it has changed', () => {
    const { history, feed } = feedOf(first(0), second(0));
    expect(feed.news()!.steps).toHaveLength(1);
    expect(feed.news()).toBeNull();
    history.push([steps(1, Array(10).fill(1)), first(10), second(10)]);
    expect(feed.news()!.steps).toHaveLength(2);
    history.push([resumed({ step: 0, epoch: 0 })]);
    expect(feed.news()!.steps).toHaveLength(1);
    // The same number of moments, but other weights.
    history.push([steps(1, Array(10).fill(1)), first(10), second(10)]);
    expect(feed.news()!.steps).toHaveLength(2);
    expect(feed.news()).toBeNull();
    feed.reset();
    expect(feed.news()!.steps).toHaveLength(2);
  });
});

describe('values', () => {
  test('are given as they were kept', () => {
    const { feed } = feedOf(first(0), second(0), first(10), second(10));
    const [values, ...others] = feed.values([{ parameter: 2, step: 10 }]);
    expect(others).toEqual([]);
    expect(values).toEqual({ parameter: 2, step: 10, scale: 1, codes: second(10).codes });
  });

  test.each([
    ['a moment that was not kept', { parameter: 0, step: 5 }],
    ['a later one', { parameter: 0, step: 99 }],
    ['a set that is not kept', { parameter: 1, step: 0 }],
    ['no set', { parameter: 9, step: 0 }],
    ['nonsense', { parameter: -1, step: Number.NaN }],
  ])('%s is left out', (_, wanted) => {
    const { feed } = feedOf(first(0), second(0));
    expect(feed.values([wanted, { parameter: 0, step: 0 }])).toHaveLength(1);
  });
});
