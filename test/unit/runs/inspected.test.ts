import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../../core/events/run-event.ts';
import { UserError } from '../../../core/events/user-error.ts';
import { RunHistory } from '../../../core/runs/index.ts';
import { activity, distributions, resumed, started, steps, weights } from './events.ts';

function history(...events: RunEvent[]): RunHistory {
  const run = new RunHistory();
  run.push([started(), ...events]);
  return run;
}

/** The steps of everything that is remembered. */
function remembered({ inspected }: RunHistory) {
  const stepsOf = ({ events }: { events: readonly { step: number }[] }) =>
    events.map(({ step }) => step);
  return {
    distributions: stepsOf(inspected.distributions),
    activity: stepsOf(inspected.activity),
    weights: inspected.weights.map(stepsOf),
  };
}

const long = steps(
  1,
  Array.from({ length: 40 }, () => 1),
);

test('what was measured is kept as it came, by kind and parameter set', () => {
  const first = distributions(0);
  const of0 = weights(0, { parameter: 0, codes: new Int16Array(640) });
  const run = history(first, weights(0), of0, long, distributions(10), activity(10), weights(10));
  expect(remembered(run)).toEqual({
    distributions: [0, 10],
    activity: [10],
    weights: [[0], [0, 10]],
  });
  // Packed, and no copy.
  expect(run.inspected.distributions.events[0]).toBe(first);
  expect(run.time).toBe(100);
});

test('the latest before a step is found', () => {
  const { distributions: moments } = history(distributions(2), long, distributions(20)).inspected;
  expect([0, 1, 2, 19, 20, 99].map((step) => moments.before(step)?.step ?? null)).toEqual([
    null,
    null,
    2,
    2,
    20,
    20,
  ]);
});

test.each([
  { step: 10, left: [0, 10] },
  { step: 9, left: [0] },
  { step: 20, left: [0, 10, 20] },
  { step: 0, left: [0] },
])('a run that goes on from step $step has forgotten what was measured later', ({ step, left }) => {
  const moments = [0, 10, 20, 30].flatMap((at) => [distributions(at), weights(at), activity(at)]);
  const run = history(long, ...moments, resumed({ step, epoch: 0 }));
  expect(remembered(run)).toEqual({ distributions: left, activity: left, weights: [[], left] });
  run.push([distributions(step + 1)]);
  expect(remembered(run).distributions).toEqual([...left, step + 1]);
});

test('a step that is looked at again after a resumption is there once', () => {
  const again = distributions(10, { time: 500 });
  const run = history(long, distributions(10), resumed({ step: 10 }), again);
  expect(run.inspected.distributions.events).toEqual([again]);
});

describe('what does not fit the network is told', () => {
  const plan = { ...started().plan, layers: [] };
  test.each<[string, RunEvent, RegExp]>([
    [
      'rows of another network',
      distributions(3, {}, plan),
      /damaged: 1 tensors were measured at step 3 of a network that has 9/,
    ],
    [
      'a step that goes back',
      distributions(1),
      /damaged: what was measured at step 1 follows .* 2/,
    ],
    ['weights that go back', weights(1), /at step 1 follows step 2/],
    [
      'units of another layer',
      activity(3, { units: Uint32Array.of(9), active: new Uint8Array(9) }),
      /damaged: at step 3 it tells of 9 units of layer 0, which has 10/,
    ],
    ['a layer that is not there', activity(3, { layers: Uint32Array.of(1) }), /no place/],
    [
      'a parameter set that is not there',
      weights(3, { parameter: 2 }),
      /set 2, which has no place/,
    ],
    [
      'too few weights',
      weights(3, { codes: new Int16Array(9) }),
      /9 values of parameter set 1, which has 10/,
    ],
  ])('%s', (_name, event, message) => {
    const run = history(distributions(2), weights(2));
    expect(() => run.push([event])).toThrow(message);
    expect(() => run.push([event])).toThrow(UserError);
    expect(remembered(run)).toEqual({ distributions: [2], activity: [], weights: [[], [2]] });
  });
});
