import { instantiateKernels, supportedVariant } from '../../kernels/kernels.ts';
import { buildExploring, type ExploringOps } from '../../network/exploring.ts';
import { sizeOf } from '../../network/layers/layer.ts';
import { lossOp } from '../../network/losses/loss.ts';
import type { Op, Pass } from '../../network/op.ts';
import type { Rectification } from '../../network/rectification.ts';
import { allocateArena, floats } from '../../training/arena.ts';
import type { ExplorationPlan } from './plan.ts';

/**
 * A network at test time, for some examples at a time: what goes in, each layer's values, and the gradient
 * of any of them. `poll` is called between pieces of work of some milliseconds, and may throw to end it.
 */
export class Model {
  readonly plan: ExplorationPlan;
  readonly memory: WebAssembly.Memory;
  /** Values of one example. */
  readonly features: number;
  readonly #poll: () => void;
  readonly #ops: ExploringOps;
  /** Of the example in each row of a pass. */
  readonly #losses: Op[];
  readonly #totals: Float64Array;

  /** Reserves the arena. Parameters are to be placed in it: they are 0. Masks are drawn with the seed. */
  constructor(plan: ExplorationPlan, poll: () => void, seed = 0) {
    this.plan = plan;
    this.features = sizeOf(plan.shapes[0].inputShape);
    this.#poll = poll;
    this.memory = allocateArena(plan.bytes);
    const { buffer } = this.memory;
    this.#totals = new Float64Array(buffer, plan.totals, 4);
    if (plan.classWeights) {
      const { offset, values } = plan.classWeights;
      new Float64Array(buffer, offset, values.length).set(values);
    }
    const kernels = instantiateKernels(this.memory, supportedVariant());
    this.#ops = buildExploring(kernels, plan.network, plan.scratch, seed);
    const { output, outputGradient } = plan.network.layers[this.last];
    this.#losses = Array.from({ length: this.capacity }, (_, row) =>
      lossOp(plan.loss, {
        kernels,
        outputs: plan.outputs,
        y: output.offset + row * plan.outputs * 4,
        dy: outputGradient.offset + row * plan.outputs * 4,
        labels: plan.labels === 0 ? 0 : plan.labels + row * 4,
        targets: plan.targets === 0 ? 0 : plan.targets + row * plan.outputs * 4,
        classWeights: plan.classWeights?.offset ?? 0,
        totals: plan.totals,
      }),
    );
  }

  /** The most examples of a pass. */
  get capacity(): number {
    return this.plan.network.capacity;
  }

  /** Index of the last layer. */
  get last(): number {
    return this.plan.shapes.length - 1;
  }

  /** Values of one example at a layer. */
  width(layer: number): number {
    return sizeOf(this.plan.shapes[layer].outputShape);
  }

  /** To be filled before a pass, [rows × features]. */
  inputs(rows: number): Float32Array {
    return floats(this.memory, this.plan.network.input.offset, rows * this.features);
  }

  forward(rows: number, to: number): void {
    this.#run(this.#ops.forward(to), rows);
  }

  /** The whole network with dropout as in training; `draw` tells one set of masks from the next. */
  forwardMasked(rows: number, draw: number): void {
    this.#run(this.#ops.masked(this.last), rows, draw);
  }

  /** A layer's values after `forward` as far as there, [rows × width]; valid until the next pass. */
  values(layer: number, rows: number): Float32Array {
    const { offset } = this.plan.network.layers[layer].output;
    return floats(this.memory, offset, rows * this.width(layer));
  }

  /**
   * ∂L/∂input [rows × features], from the ∂L/∂output of a layer that `fill` writes, [rows × width], where
   * all is 0. A forward pass at least as far has to come before each. Valid until the next pass.
   */
  backward(
    rows: number,
    from: number,
    fill: (gradient: Float32Array) => void,
    rule: Rectification = 'gradient',
  ): Float32Array {
    const { layers } = this.plan.network;
    const gradient = floats(
      this.memory,
      layers[from].outputGradient.offset,
      rows * this.width(from),
    );
    fill(gradient.fill(0));
    this.#run(this.#ops.backward(from, rule), rows);
    return floats(this.memory, layers[0].inputGradient, rows * this.features);
  }

  /**
   * ∂L/∂input of the network and ∂L/∂output of each layer, of the first row, from the gradient that
   * `losses` has left.
   */
  gradients(): Float32Array[] {
    const { layers } = this.plan.network;
    const gradientOf = (layer: number) =>
      floats(this.memory, layers[layer].outputGradient.offset, this.width(layer)).slice();
    const found: Float32Array[] = [gradientOf(this.last)];
    for (let layer = this.last; layer >= 0; layer--) {
      this.#run(this.#ops.backwardOf(layer), 1);
      this.#run(this.#ops.joins(layer, this.last), 1);
      found.unshift(this.#inputGradient(layer));
    }
    return found;
  }

  /** ∂output/∂input of one layer by itself, [outputs × inputs], for the input of the first row. */
  jacobian(layer: number): Float32Array {
    const { offset } = this.plan.network.layers[layer].outputGradient;
    const outputs = this.width(layer);
    const rows = Array.from({ length: outputs }, (_, output) => {
      // Going backward may write over what a layer has kept of going forward.
      this.forward(1, layer);
      floats(this.memory, offset, outputs).fill(0)[output] = 1;
      this.#run(this.#ops.backwardOf(layer), 1);
      return [...this.#inputGradient(layer)];
    });
    return Float32Array.from(rows.flat());
  }

  #inputGradient(layer: number): Float32Array {
    const { inputGradient, shape } = this.plan.network.layers[layer];
    return floats(this.memory, inputGradient, sizeOf(shape.inputShape)).slice();
  }

  /**
   * The loss of each row after a whole forward pass, as the only example of a batch: 0 where its class has
   * no weight. `answers` writes labels, or targets as they were trained, for all rows.
   */
  losses(rows: number, answers: (labels: Int32Array, targets: Float32Array) => void): Float64Array {
    const { labels, targets, outputs } = this.plan;
    answers(
      new Int32Array(this.memory.buffer, labels, labels === 0 ? 0 : rows),
      floats(this.memory, targets, targets === 0 ? 0 : rows * outputs),
    );
    return Float64Array.from({ length: rows }, (_, row) => {
      this.#totals.fill(0);
      this.#run([this.#losses[row]], 1);
      const [loss, , , weight] = this.#totals;
      return weight === 0 ? 0 : loss / weight;
    });
  }

  #run(ops: readonly Op[], rows: number, step = 0): void {
    const pass: Pass = { rows, position: 0, step, learningRate: 0 };
    for (const op of ops) {
      for (let part = 0; part < op.parts; part++) {
        op.run(part, pass);
        this.#poll();
      }
    }
  }
}
