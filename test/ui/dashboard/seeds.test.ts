import { describe, expect, it } from 'vitest';
import { type SpreadColors, seedRuns, spreadOf } from '../../../webview/curves/seeds.ts';
import type { SeriesId } from '../../../webview/protocol.ts';
import type { Model, Run } from '../../../webview/store.ts';

const colors: SpreadColors = { line: [255, 128, 0], between: [40, 20, 0], edge: 0.4 };

function run(name: string, x: number[], y: number[], id: SeriesId = 'validationLoss'): Run {
  const series = { id, label: 'validation', x: Float64Array.from(x), y: Float64Array.from(y) };
  return {
    header: { id: name, name: `${name} · 10:00:00` },
    series: new Map([[id, series]]),
  } as unknown as Run;
}

function modelOf(runs: Run[], hidden: string[] = []): Model {
  return {
    runs: new Map(runs.map((one) => [one.header.id, one])),
    focus: runs[0]!.header.id,
    settings: { hidden },
  } as unknown as Model;
}

const names = (runs: Run[]) => runs.map(({ header }) => header.id).sort();

describe('runs over several seeds', () => {
  const [a, b, c] = [1, 2, 3].map((seed) => run(`digits seed ${seed}`, [1, 2], [seed, 2 * seed]));

  it('are those that differ by the seed alone, and are shown', () => {
    const others = [run('moons seed 1', [1], [1]), run('digits', [1], [1])];
    expect(names(seedRuns(modelOf([a!, b!, c!, ...others])))).toEqual(names([a!, b!, c!]));
    expect(names(seedRuns(modelOf([a!, b!, c!], ['digits seed 3'])))).toEqual(names([a!, b!]));
    expect(seedRuns(modelOf([a!, ...others]))).toEqual([]);
    expect(seedRuns(modelOf([others[1]!, a!, b!]))).toEqual([]);
  });

  it('have a mean, and a band of one deviation of the sample', () => {
    const { lines, gaps } = spreadOf([a!, b!, c!], ['validationLoss'], colors, String);
    const [low, high, mean] = lines;
    expect([...mean!.y]).toEqual([2, 4]);
    expect([...low!.y]).toEqual([1, 2]);
    expect([...high!.y]).toEqual([3, 6]);
    expect(mean!.label).toBe('mean of 3 seeds 4 ± 2');
    expect(gaps[0]!.between).toEqual([low, high]);
  });

  it('are compared as far as all of them have come, and not over time', () => {
    const longer = run('digits seed 4', [1, 2, 3], [4, 8, 12]);
    const { lines } = spreadOf([a!, longer], ['validationLoss'], colors, String);
    expect([...lines[2]!.x]).toEqual([1, 2]);
    const timed = run('digits seed 5', [1.1, 2.3], [4, 8]);
    expect(spreadOf([a!, timed], ['validationLoss'], colors, String).lines).toEqual([]);
  });

  it('without validation are those of the training; NaN stays NaN', () => {
    const train = [1, 2].map((seed) =>
      run(`t seed ${seed}`, [1, 2], [seed, Number.NaN], 'smoothLoss'),
    );
    const { lines } = spreadOf(train, ['validationLoss', 'smoothLoss'], colors, String);
    expect([...lines[2]!.y]).toEqual([1.5, Number.NaN]);
  });
});
