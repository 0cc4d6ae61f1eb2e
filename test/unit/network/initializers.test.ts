import { describe, expect, it } from 'vitest';
import type { LayerConfig } from '../../reference/config.ts';
import { distributionOf, type Init, momentsOf } from '../../reference/initializers.ts';
import { sequence } from '../../reference/network.ts';
import { sizeOf } from '../../reference/tensor.ts';
import { configOf, datasetOf, parametersOf, trainerOf } from '../training/fixtures.ts';

const inits: Init[] = [
  'zeros',
  'xavier',
  'glorot',
  'glorotUniform',
  'lecun',
  'he',
  'heUniform',
  { constant: 0.25 },
  { normal: 0.03 },
  { uniform: 0.2 },
];

interface Network {
  layers: LayerConfig[];
  inputShape: number[];
  /** Of the first layer: inputs of a unit, and units that an input feeds. */
  fans: [number, number];
}

const networks: Record<string, Network> = {
  dense: { layers: [{ dense: 300 }], inputShape: [200], fans: [200, 300] },
  conv2d: {
    layers: [{ conv2d: { channels: 60, kernel: [3, 5], padding: 'valid' } }, { dense: 2 }],
    inputShape: [3, 6, 40],
    fans: [3 * 5 * 40, 3 * 5 * 60],
  },
  maxout: { layers: [{ maxout: { units: 100, pieces: 3 } }], inputShape: [200], fans: [200, 300] },
};

interface Case<Start = Init | 'orthogonal'> {
  name: string;
  network: Network;
  init: Start;
}

function casesOf<Start>(starts: Start[]): Case<Start>[] {
  return Object.entries(networks).flatMap(([name, network]) =>
    starts.map((init) => ({ name: `${name}, ${JSON.stringify(init)}`, network, init })),
  );
}

const random = casesOf(inits);
const orthogonal = casesOf(['orthogonal' as const]);
function configParts({ network, init }: Case) {
  return { model: { layers: network.layers, init, biasInit: 0.1 } };
}

function startOf(row: Case, seed: number) {
  const { layers, inputShape } = row.network;
  const [outputs] = sequence(layers).outputShape(inputShape);
  const dataset = datasetOf({
    inputs: new Float32Array(sizeOf(inputShape)),
    shape: inputShape,
    labels: [0],
    outputs,
  });
  return parametersOf(trainerOf(configOf({ ...configParts(row), training: { seed } }), dataset));
}

describe('weights start from the distribution of their init', () => {
  it.each(random)('$name', (row) => {
    const [weights, biases] = startOf(row, 1);
    const expected = distributionOf(row.init, ...row.network.fans);
    const found = momentsOf(weights.value);
    // Four standard errors of each moment of a sample.
    const root = Math.sqrt(weights.value.length);
    const { std, kurtosis } = expected;
    expect(Math.abs(found.mean - expected.mean)).toBeLessThanOrEqual((4 * std) / root + 1e-7);
    expect(Math.abs(found.std - std)).toBeLessThanOrEqual(
      std === 0 ? 0 : ((4 * std) / root) * Math.sqrt((kurtosis - 1) / 4),
    );
    if (std > 0) expect(Math.abs(found.kurtosis - kurtosis)).toBeLessThan((4 * 5) / root);
    if (kurtosis < 3) {
      expect(Math.max(...weights.value.map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(3) * std);
    }
    expect([...biases.value]).toEqual(Array(biases.value.length).fill(Math.fround(0.1)));
  });

  it.each(orthogonal)('$name', (row) => {
    const [{ value }] = startOf(row, 1);
    const [fanIn] = row.network.fans;
    const units = value.length / fanIn;
    // Columns [fanIn] are orthonormal, or rows [units] where these are the shorter side's number.
    const [vectors, along] = units <= fanIn ? [units, fanIn] : [fanIn, units];
    const at = (vector: number, k: number) =>
      units <= fanIn ? value[k * units + vector] : value[vector * units + k];
    for (let i = 0; i < vectors; i += 7) {
      for (let j = 0; j <= i; j++) {
        let dot = 0;
        for (let k = 0; k < along; k++) dot += at(i, k) * at(j, k);
        expect(Math.abs(dot - (i === j ? 1 : 0))).toBeLessThan(1e-5);
      }
    }
    // Spread like normal numbers: an identity would have a kurtosis of its width.
    expect(momentsOf(value).kurtosis).toBeLessThan(6);
  });

  it('other values for another seed', () => {
    const [row] = random.filter(({ name }) => name === 'dense, "he"');
    const [one, again, other] = [1, 1, 2].map((seed) => startOf(row, seed)[0].value);
    expect(one).toEqual(again);
    expect(one).not.toEqual(other);
  });
});
