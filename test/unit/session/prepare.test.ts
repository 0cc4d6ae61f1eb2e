import { describe, expect, it } from 'vitest';
import { featureStatistics } from '../../../core/data/statistics.ts';
import { prepare } from '../../../core/session/prepare.ts';

const request = (preprocess: string) => ({
  configFile: '/none/spiral.train.yaml',
  configText: `data: { source: spiral, preprocess: ${preprocess} }\nmodel: { layers: [dense: 3] }\n`,
  readableRoots: null,
});

describe('a run is prepared', () => {
  it('with inputs on their principal axes where the config says so', async () => {
    const { dataset, plan } = await prepare(request('[standardize, whiten]'));
    const { mean, std } = featureStatistics(dataset.train, 2);
    for (const j of [0, 1]) {
      expect(mean[j]).toBeCloseTo(0, 5);
      expect(std[j]).toBeCloseTo(1, 3);
    }
    expect(plan.train.store.bytes).toBe(false);
    // What is told of the data is still that of the raw inputs.
    expect(dataset.statistics.std[0]).toBeLessThan(0.6);
  });

  it('unless the config does not fit the data', async () => {
    await expect(prepare(request('[perChannel]'))).rejects.toMatchObject({
      message: expect.stringMatching(/perChannel is for images/),
      place: { path: ['data', 'preprocess', 0], line: 1 },
    });
  });
});
