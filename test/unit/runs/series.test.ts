import { expect, test } from 'vitest';
import type { SeriesDelta } from '../../../core/events/series.ts';
import { RunHistory, SeriesFeed } from '../../../core/runs/index.ts';
import { epoch, finished, ratios, resumed, started, steps } from './events.ts';

/** A view that draws what it is sent. */
class Client {
  readonly series = new Map<string, { label: string; points: [number, number][] }>();

  take(deltas: SeriesDelta[]): string[] {
    for (const { id, label, keep, x, y } of deltas) {
      const kept = this.series.get(id)?.points.slice(0, keep) ?? [];
      expect(kept).toHaveLength(keep);
      const added = Array.from(x, (value, i): [number, number] => [value, y[i]!]);
      this.series.set(id, { label, points: [...kept, ...added] });
    }
    return deltas.map(({ id }) => id);
  }

  points(id: string): [number, number][] | undefined {
    return this.series.get(id)?.points;
  }
}

function history(): RunHistory {
  const run = new RunHistory();
  run.push([
    started(),
    steps(1, [4, 3, Number.NaN, 2], 1),
    ratios([1, 4], [0.5, Number.NaN, 0.25, 0]),
    epoch(1),
    epoch(2, { validation: null }),
  ]);
  return run;
}

test('all curves of a run, in the unit of each axis', () => {
  const client = new Client();
  client.take(new SeriesFeed(history(), { xAxis: 'steps', smoothing: 0.5 }).deltas());
  expect([...client.series].map(([id, { label }]) => `${id}: ${label}`)).toEqual([
    'batchLoss: batch',
    'smoothLoss: smoothed',
    'trainLoss: train',
    'validationLoss: validation',
    'trainQuality: train',
    'validationQuality: validation',
    'learningRate: learning rate',
    'ratio:model.layers.0.weights: dense 1 weights',
    'ratio:model.layers.0.biases: dense 1 biases',
  ]);
  // Data losses, not costs.
  expect(client.points('batchLoss')).toEqual([
    [1, 4],
    [2, 3],
    [3, Number.NaN],
    [4, 2],
  ]);
  expect(client.points('trainLoss')).toEqual([
    [10, 0.9],
    [20, 0.45],
  ]);
  expect(client.points('validationLoss')).toEqual([[10, 1.1]]);
  expect(client.points('ratio:model.layers.0.biases')).toEqual([
    [1, Number.NaN],
    [4, 0],
  ]);
  const epochs = new Client();
  epochs.take(new SeriesFeed(history(), { xAxis: 'epochs', smoothing: 0 }).deltas());
  expect(epochs.points('batchLoss')?.map(([x]) => x)).toEqual([0.1, 0.2, 0.3, 0.4]);
  expect(epochs.points('trainQuality')).toEqual([
    [1, 0.9],
    [2, 0.9],
  ]);
  expect(epochs.points('smoothLoss')).toBeUndefined();
  const time = new Client();
  time.take(new SeriesFeed(history(), { xAxis: 'time', smoothing: 0 }).deltas());
  expect(time.points('batchLoss')?.map(([x]) => x)).toEqual([0.01, 0.02, 0.03, 0.04]);
  expect(time.points('validationLoss')).toEqual([[0.1, 1.1]]);
});

test('regression draws R²', () => {
  const run = new RunHistory();
  const r2 = { accuracy: null, rmse: 2, r2: 0.7 };
  run.push([started({ task: 'regression' }), epoch(1, { validation: { loss: 1, ...r2 } })]);
  const client = new Client();
  client.take(new SeriesFeed(run, { xAxis: 'steps', smoothing: 0 }).deltas());
  expect(client.points('validationQuality')).toEqual([[10, 0.7]]);
});

test('deltas hold what changed; a client that applied them all has what a new one gets', () => {
  const run = new RunHistory();
  const view = { xAxis: 'epochs', smoothing: 0.6 } as const;
  const feed = new SeriesFeed(run, view);
  const client = new Client();
  expect(client.take(feed.deltas())).toEqual([]);
  run.push([started({ epochs: 1000 })]);
  for (let first = 1; first < 6000; first += 61) {
    run.push([
      steps(
        first,
        Array.from({ length: 61 }, (_, i) => Math.sin(first * i)),
      ),
    ]);
    if (first % 5 === 0) run.push([ratios([first], [0.1, 0.2])]);
    client.take(feed.deltas());
    const fresh = new Client();
    fresh.take(new SeriesFeed(run, view).deltas());
    expect(client.series).toEqual(fresh.series);
  }
  expect(feed.deltas()).toEqual([]);
  run.push([epoch(1)]);
  expect(client.take(feed.deltas())).toEqual([
    'trainLoss',
    'validationLoss',
    'trainQuality',
    'validationQuality',
  ]);
  feed.reset();
  const other = new Client();
  other.take(feed.deltas());
  expect(other.series).toEqual(client.series);
});

test('a change of the smoothing sends that curve only; of the axis, all', () => {
  const feed = new SeriesFeed(history(), { xAxis: 'epochs', smoothing: 0.6 });
  const client = new Client();
  const all = client.take(feed.deltas());
  feed.setView({ xAxis: 'epochs', smoothing: 0.9 });
  expect(client.take(feed.deltas())).toEqual(['smoothLoss']);
  feed.setView({ xAxis: 'epochs', smoothing: 0 });
  expect(client.take(feed.deltas())).toEqual(['smoothLoss']);
  expect(client.points('smoothLoss')).toEqual([]);
  expect(feed.deltas()).toEqual([]);
  feed.setView({ xAxis: 'steps', smoothing: 0.6 });
  expect(client.take(feed.deltas())).toEqual(all);
  expect(client.points('smoothLoss')?.map(([x]) => x)).toEqual([1, 2, 3, 4]);
});

test('the smoothed curve passes over what is not finite, at either end', () => {
  const run = new RunHistory();
  run.push([started(), steps(1, [Number.NaN, Number.POSITIVE_INFINITY])]);
  const feed = new SeriesFeed(run, { xAxis: 'steps', smoothing: 0.5 });
  const client = new Client();
  client.take(feed.deltas());
  expect(client.points('smoothLoss')).toBeUndefined();
  run.push([steps(3, [Number.NaN, 5, 5, Number.NaN])]);
  client.take(feed.deltas());
  expect(client.points('smoothLoss')).toEqual([
    [4, 5],
    [5, 5],
    [6, 5],
  ]);
  expect(client.points('batchLoss')).toHaveLength(6);
});

test('history: state, columns and findings follow the events', () => {
  const run = new RunHistory();
  expect(run.state).toBe('preparing');
  run.push([started()]);
  expect(run.state).toBe('training');
  run.push([
    steps(1, [4, 3]),
    steps(3, [2, 1, 0.5], 0.25),
    { type: 'control', action: 'pause', step: 5, time: 52 },
  ]);
  expect(run.state).toBe('paused');
  expect([run.step, run.epoch, run.time]).toEqual([5, 0.5, 52]);
  expect([...run.dataLoss]).toEqual([4, 3, 2, 1, 0.5]);
  expect([...run.loss]).toEqual([4, 3, 2.25, 1.25, 0.75]);
  expect([1, 2, 3, 4, 5].map((step) => run.timeOf(step))).toEqual([10, 20, 30, 40, 50]);
  const finding = {
    rule: 'r',
    severity: 'info',
    path: ['a', 0],
    message: 'm',
    evidence: {},
    fixes: [],
  } as const;
  run.push([
    { type: 'control', action: 'resume', step: 5, time: 99 },
    { type: 'finding', finding: { ...finding, evidence: {}, fixes: [] } },
    { type: 'finding', finding: { ...finding, path: ['a', 1], evidence: {}, fixes: [] } },
    { type: 'withdrawn', rule: 'r', path: ['a', 0] },
  ]);
  expect(run.state).toBe('training');
  expect(run.findings.map(({ path }) => path)).toEqual([['a', 1]]);
  run.abandon();
  expect(run.state).toBe('interrupted');
  run.push([finished({ reason: 'diverged' })]);
  expect(run.state).toBe('diverged');
});

test('history: steps that are missing and ratios that do not fit are told', () => {
  const run = new RunHistory();
  run.push([started()]);
  expect(() => run.push([steps(3, [1])])).toThrow('step 3 follows step 0');
  expect(() => run.push([ratios([1], [1, 2, 3])])).toThrow(
    '3 ratios for 1 steps of 2 parameter sets',
  );
});

test('a run that goes on from a checkpoint forgets what came after it', () => {
  const run = history();
  const client = new Client();
  const feed = new SeriesFeed(run, { xAxis: 'steps', smoothing: 0.5 });
  run.push([finished()]);
  client.take(feed.deltas());
  run.push([resumed({ step: 2, epoch: 0 })]);
  client.take(feed.deltas());
  expect(run).toMatchObject({ step: 2, state: 'training', finished: null, epochs: [] });
  expect(client.points('batchLoss')).toEqual([
    [1, 4],
    [2, 3],
  ]);
  for (const id of ['trainLoss', 'validationLoss', 'trainQuality']) {
    expect(client.points(id), id).toEqual([]);
  }
  expect(client.points('ratio:model.layers.0.weights')).toEqual([[1, 0.5]]);

  run.push([steps(3, [2.5, 2.25, 2.125], 1), ratios([4], [0.125, 0.5]), epoch(1), finished()]);
  client.take(feed.deltas());
  // As if nothing had been.
  const plain = new RunHistory();
  plain.push([
    started(),
    steps(1, [4, 3], 1),
    steps(3, [2.5, 2.25, 2.125], 1),
    ratios([1, 4], [0.5, Number.NaN, 0.125, 0.5]),
    epoch(1),
    finished(),
  ]);
  const other = new Client();
  other.take(new SeriesFeed(plain, { xAxis: 'steps', smoothing: 0.5 }).deltas());
  expect(client.series).toEqual(other.series);
  expect([1, 2, 3, 4, 5].map((step) => run.timeOf(step))).toEqual(
    [1, 2, 3, 4, 5].map((step) => plain.timeOf(step)),
  );
});

test.each([0, 1, 4])('a run may go on from step %i', (step) => {
  const run = history();
  run.push([resumed({ step, epoch: 0, epochs: 30 }), steps(step + 1, [1, 1], 1)]);
  expect(run.step).toBe(step + 2);
  expect(run.started?.epochs).toBe(30);
  expect(run.timeOf(step + 1)).toBe((step + 1) * 10);
  expect(() => run.push([resumed({ step: 100 })])).toThrow(/goes on from step 100 after/);
});
