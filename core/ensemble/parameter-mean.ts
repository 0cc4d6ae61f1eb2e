import type { Exploration } from '../inspection/explorer/exploration.ts';
import { sizeOf } from '../network/layers/layer.ts';
import { floats } from '../training/arena.ts';
import type { Network, Networks } from './networks.ts';
import type { MemberSource } from './protocol.ts';

/**
 * One network with the mean of the parameters of several, which are checkpoints of one run or started from
 * one. The running averages of batch normalization are none of such a network: they are measured anew.
 */
export async function meanOfParameters(
  networks: Networks,
  members: readonly MemberSource[],
): Promise<Network> {
  const sums: Float64Array[] = [];
  const tensors = ({ model: { memory, plan } }: Network) =>
    plan.network.parameters.map(({ value }) => floats(memory, value.offset, value.size));
  for (const member of members) {
    for (const [i, values] of tensors(await networks.at(member)).entries()) {
      sums[i] ??= new Float64Array(values.length);
      for (let k = 0; k < values.length; k++) sums[i][k] += values[k];
    }
  }
  const mean = await networks.at(members[members.length - 1]);
  for (const [i, values] of tensors(mean).entries()) {
    for (let k = 0; k < values.length; k++) values[k] = sums[i][k] / members.length;
  }
  measureMoments(mean, mean.trained, mean.config.model.from?.freeze ?? 0);
  return mean;
}

/**
 * Sets the running mean and variance of each batch normalization to those of its inputs over these training
 * examples at test time, layer after layer, each with the ones below it already right. Izmailov et al. 2018
 * do so after averaging weights.
 */
export function measureMoments(
  { model, book }: Exploration,
  examples: Uint32Array,
  frozen: number,
): void {
  for (const [layer, { shape, states }] of model.plan.network.layers.entries()) {
    if (shape.layer.kind !== 'batchNorm' || Number(shape.path[2]) < frozen) continue;
    const channels = shape.inputShape[shape.inputShape.length - 1];
    const moments = new Moments(channels);
    const width = sizeOf(shape.inputShape);
    for (let from = 0; from < examples.length; from += model.capacity) {
      const batch = examples.subarray(from, from + model.capacity);
      const inputs = model.inputs(batch.length);
      book.put('train', batch, inputs);
      if (layer > 0) model.forward(batch.length, layer - 1);
      const values = layer === 0 ? inputs : model.values(layer - 1, batch.length);
      moments.add(values.subarray(0, batch.length * width));
    }
    const [mean, variance] = states;
    floats(model.memory, mean.offset, channels).set(moments.mean);
    floats(model.memory, variance.offset, channels).set(moments.variance());
  }
}

/** Mean and unbiased variance of each channel, in float64; batches are merged as Chan et al. 1979 do. */
class Moments {
  readonly mean: Float64Array;
  readonly #squares: Float64Array;
  #count = 0;

  constructor(channels: number) {
    this.mean = new Float64Array(channels);
    this.#squares = new Float64Array(channels);
  }

  /** [places × channels] */
  add(values: Float32Array): void {
    const channels = this.mean.length;
    const count = values.length / channels;
    const all = this.#count + count;
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0;
      for (let i = channel; i < values.length; i += channels) sum += values[i];
      const mean = sum / count;
      let squares = 0;
      for (let i = channel; i < values.length; i += channels) squares += (values[i] - mean) ** 2;
      const step = mean - this.mean[channel];
      this.mean[channel] += (step * count) / all;
      this.#squares[channel] += squares + (step * step * this.#count * count) / all;
    }
    this.#count = all;
  }

  variance(): Float64Array {
    return this.#squares.map((squares) => squares / Math.max(1, this.#count - 1));
  }
}
