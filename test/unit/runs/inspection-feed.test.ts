import { describe, expect, it } from 'vitest';
import { LAYER_NUMBERS, type LayerNumber } from '../../../core/inspection/layer-table.ts';
import { RunHistory } from '../../../core/runs/history.ts';
import { InspectionFeed } from '../../../core/runs/inspection-feed.ts';
import type { LayerMoments } from '../../../core/runs/layer-moments.ts';
import { distributions, resumed, started, steps } from './events.ts';

function historyOf(...at: number[]): RunHistory {
  const history = new RunHistory();
  history.push([started(), ...at.map((step) => distributions(step))]);
  return history;
}

const numberOf = ({ numbers, layers }: LayerMoments, moment: number, name: LayerNumber) =>
  numbers[(moment * (layers.length + 1) + 1) * LAYER_NUMBERS.length + LAYER_NUMBERS.indexOf(name)];

describe('what is told of the inside of a run', () => {
  it('is the numbers of all moments, and the pictures that are wanted', async () => {
    const feed = new InspectionFeed(historyOf(0, 10));
    feed.want([1, 3]);
    const moments = feed.news()!;
    expect([...moments.steps]).toEqual([0, 10]);
    expect([...moments.onProbe]).toEqual([1, 1]);
    expect(moments.layers).toEqual([
      { label: 'dense 1', outputShape: [10], parameterCount: 650, depth: 0 },
    ]);
    expect(moments.maybeSmall).toBe(false);
    expect(moments.tensors[3]).toEqual({ kind: 'parameter', layer: 0, parameter: 'weights' });
    expect(numberOf(moments, 1, 'mean')).toBe(0.5);
    expect(numberOf(moments, 1, 'ratio')).toBe(1);
    expect(numberOf(moments, 1, 'dead')).toBeNaN();
    const pictures = await feed.pictures();
    expect(pictures.map(({ tensor }) => tensor)).toEqual([1, 3]);
    expect(pictures[0]!.picture!.density).toHaveLength(2 * 96);
  });

  it('is told once, and again with what is new', async () => {
    const history = historyOf(0);
    const feed = new InspectionFeed(history);
    feed.want([1]);
    feed.news();
    expect(feed.news()).toBeNull();
    expect(await feed.pictures()).toMatchObject([{ tensor: 1 }]);
    feed.want([1, 2]);
    expect(feed.news()).toBeNull();
    expect(await feed.pictures()).toMatchObject([{ tensor: 2 }]);
    expect(await feed.pictures()).toEqual([]);
    history.push([distributions(10)]);
    expect([...feed.news()!.steps]).toEqual([0, 10]);
    expect((await feed.pictures()).map(({ tensor }) => tensor)).toEqual([1, 2]);
    feed.reset();
    expect(feed.news()?.steps).toHaveLength(2);
  });

  it('counts dead units of the epoch before', () => {
    const history = historyOf(0, 10);
    history.push([
      {
        type: 'activity',
        step: 10,
        epoch: 1,
        time: 100,
        layers: Uint32Array.of(0),
        units: Uint32Array.of(10),
        active: Uint8Array.of(0, 0, 1, 2, 3, 4, 5, 6, 7, 255),
      },
    ]);
    const moments = new InspectionFeed(history).news()!;
    expect(numberOf(moments, 0, 'dead')).toBeNaN();
    expect(numberOf(moments, 1, 'dead')).toBe(0.2);
  });

  it('forgets what a resumption made void', () => {
    const history = historyOf(0);
    history.push([steps(1, Array(20).fill(1)), distributions(10), distributions(20)]);
    const feed = new InspectionFeed(history);
    feed.news();
    history.push([resumed({ step: 10, epoch: 1 })]);
    expect([...feed.news()!.steps]).toEqual([0, 10]);
  });

  it('is nothing before the run has begun', () => {
    expect(new InspectionFeed(new RunHistory()).news()).toBeNull();
  });
});
