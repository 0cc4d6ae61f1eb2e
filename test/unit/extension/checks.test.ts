import { describe, expect, it } from 'vitest';
import { detailsOf } from '../../../extension/checks/details.ts';
import { sizeOfWork } from '../../../extension/checks/work.ts';

describe('what stands beneath a check', () => {
  it('is what may help, and a line for each row of a table', () => {
    const evidence = {
      steps: 100,
      layers: [
        { layer: 'relu 1', kind: 'relu', mean: 0.194876, std: 1e-7, saturated: null },
        { layer: 'dense 2', kind: 'dense', mean: Number.NaN, std: 2, saturated: null },
      ],
    };
    const fixes = [{ title: 'Use the init he', edits: [] }];
    const result = {
      check: 'gradient-flow',
      title: '',
      status: 'warn',
      message: '',
      path: [],
    } as const;
    expect(detailsOf({ ...result, evidence, fixes })).toEqual([
      { label: '→', text: 'Use the init he' },
      { label: 'relu 1', text: 'kind relu · mean 0.195 · std 1e-7 · saturated –' },
      { label: 'dense 2', text: 'kind dense · mean NaN · std 2 · saturated –' },
    ]);
  });
});

describe('how long a training may take', () => {
  it('grows with the places of an image that a filter is used at', () => {
    const dense = [{ outputShape: [10], parameterCount: 1000 }];
    const filter = [{ outputShape: [8, 4, 10], parameterCount: 1000 }];
    expect(sizeOfWork(filter)).toBeCloseTo(32 * sizeOfWork(dense));
    expect(sizeOfWork([])).toBe(0);
  });

  it('is seconds for the digits, and many minutes for 100 epochs of a large network', () => {
    const digits = [{ outputShape: [10], parameterCount: 7510 }];
    expect(sizeOfWork(digits) * 1438 * 40 * 60).toBeLessThan(1);
    const large = [{ outputShape: [10], parameterCount: 5e6 }];
    expect(sizeOfWork(large) * 60_000 * 100).toBeGreaterThan(60);
  });
});
