import type { Affine, Dataset, Examples } from '../../data/dataset.ts';
import { wholeRange } from '../../data/preprocess.ts';
import { UserError } from '../../events/user-error.ts';
import { sizeOf } from '../../network/layers/layer.ts';
import type { ExampleId, Part } from './protocol.ts';

/**
 * The data of a run: as they were read, which is what people know, and as the network is given them,
 * x′ = (x − offset) · scale, or turned onto principal axes.
 */
export class ExampleBook {
  readonly dataset: Dataset;
  /** Values of one example. */
  readonly features: number;
  /** Of all inputs, as they were read. */
  readonly range: { low: number; high: number };
  readonly #turned: Dataset;
  readonly #affine: Affine | null;

  /** `turned` is what rotateInputs makes of the data set: the same one where nothing is to be turned. */
  constructor(dataset: Dataset, turned: Dataset) {
    this.dataset = dataset;
    this.features = sizeOf(dataset.shape);
    const isBytes = dataset.train.store.inputs instanceof Uint8Array;
    this.range = isBytes ? { low: 0, high: 255 } : wholeRange(dataset.statistics);
    this.#turned = turned;
    this.#affine = turned.preprocessing;
  }

  /** Inputs are pixels, and the network is given these, each on its own scale. */
  get isTurned(): boolean {
    return this.dataset.rotation !== null;
  }

  /** How many examples a part has. */
  count(part: Part): number {
    return this.dataset[part]?.indices.length ?? 0;
  }

  /** A part. Throws UserError where the run has none. */
  examples(part: Part): Examples {
    const examples = this.dataset[part];
    if (examples && examples.indices.length > 0) return examples;
    throw new UserError(
      `This run has no ${part === 'train' ? 'training' : 'validation'} examples.`,
    );
  }

  /** The example's row in its store. Throws UserError where there is no such example. */
  row({ part, index }: ExampleId): number {
    const { indices } = this.examples(part);
    if (index in indices) return indices[index];
    throw new UserError(
      `There is no ${part} example ${index}: they count from 0 to ${indices.length - 1}.`,
    );
  }

  label(example: ExampleId): number | null {
    return this.examples(example.part).store.labels?.[this.row(example)] ?? null;
  }

  /** As it was read. */
  raw(example: ExampleId): Float32Array {
    const { inputs } = this.examples(example.part).store;
    const row = this.row(example);
    return Float32Array.from(inputs.subarray(row * this.features, (row + 1) * this.features));
  }

  /** Writes examples as the network is given them, [indices × features]. */
  put(part: Part, indices: ArrayLike<number>, to: Float32Array): void {
    const { features } = this;
    const { inputs } = (this.#turned[part] as Examples).store;
    for (let i = 0; i < indices.length; i++) {
      const row = this.row({ part, index: indices[i] });
      to.set(inputs.subarray(row * features, (row + 1) * features), i * features);
    }
    this.toNetwork(to);
  }

  /** From the data's unit to the network's, in place, any number of examples. */
  toNetwork(values: Float32Array): void {
    if (!this.#affine) return;
    const { offset, scale } = this.#affine;
    for (let i = 0; i < values.length; i++) {
      const j = i % this.features;
      values[i] = (values[i] - offset[j]) * scale[j];
    }
  }

  /** ∂/∂x = ∂/∂x′ · scale, for any number of examples. */
  toRawGradient(gradient: Float32Array): Float32Array {
    const scale = this.#affine?.scale;
    return gradient.map((value, i) => (scale ? value * scale[i % this.features] : value));
  }

  /** Writes labels, or targets as they were trained, of these examples. */
  putAnswers(
    part: Part,
    indices: ArrayLike<number>,
    labels: Int32Array,
    targets: Float32Array,
  ): void {
    const { store } = this.examples(part);
    for (let i = 0; i < indices.length; i++) {
      const row = this.row({ part, index: indices[i] });
      if (store.labels) labels[i] = store.labels[row];
      else targets.set(this.#targetsOf(store.targets!, row, true), i * this.dataset.outputs);
    }
  }

  /** In the unit of the data; null for classification. */
  targets(example: ExampleId): Float32Array | null {
    const { targets } = this.examples(example.part).store;
    return targets && this.#targetsOf(targets, this.row(example), false);
  }

  /** Outputs for targets in the unit of the data, [rows × values], in place. */
  toTargetUnit(outputs: Float32Array): void {
    const { targetScaling, outputs: count } = this.dataset;
    if (!targetScaling) return;
    const { offset, scale } = targetScaling;
    for (let i = 0; i < outputs.length; i++) {
      outputs[i] = outputs[i] / scale[i % count] + offset[i % count];
    }
  }

  /** The other way. */
  fromTargetUnit(outputs: Float32Array): void {
    const { targetScaling, outputs: count } = this.dataset;
    if (!targetScaling) return;
    const { offset, scale } = targetScaling;
    for (let i = 0; i < outputs.length; i++) {
      outputs[i] = (outputs[i] - offset[i % count]) * scale[i % count];
    }
  }

  #targetsOf(targets: Float32Array, row: number, scaled: boolean): Float32Array {
    const { targetScaling, outputs } = this.dataset;
    const values = targets.slice(row * outputs, (row + 1) * outputs);
    if (!targetScaling || !scaled) return values;
    const { offset, scale } = targetScaling;
    return values.map((value, k) => (value - offset[k]) * scale[k]);
  }
}
