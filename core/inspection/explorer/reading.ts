import type { LossConfig } from '../../config/index.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { LayerShape } from '../../network/shapes.ts';
import type { ExplorerFacts } from './protocol.ts';

/** What makes probabilities of the last layer's outputs. */
export type Squash = 'softmax' | 'sigmoid' | 'nothing';

/**
 * How a network's outputs are to be read: which layer gives the scores, what the probabilities are and
 * which class is meant. A network for two classes may have one output, for the second.
 */
export class Reading {
  readonly probabilities: ExplorerFacts['probabilities'];
  /** Whose outputs are the scores: the last, or the one below a softmax or sigmoid at the end. */
  readonly scoreLayer: number;
  /** Classes, or target values. */
  readonly count: number;
  /** One output for two classes. */
  readonly isSingle: boolean;
  /** Of the outputs. */
  readonly squash: Squash;
  readonly #isClassification: boolean;

  constructor(
    shapes: readonly LayerShape[],
    loss: LossConfig,
    width: number,
    { task, outputs }: Dataset,
  ) {
    const { kind } = shapes[shapes.length - 1].layer;
    const squashed = kind === 'softmax' || kind === 'sigmoid' ? kind : null;
    const isInside = squashed !== null && shapes.length > 1;
    this.scoreLayer = shapes.length - (isInside ? 2 : 1);
    this.count = outputs;
    this.isSingle = width === 1 && outputs === 2 && task === 'classification';
    this.#isClassification = task === 'classification';
    const ofLoss = LOSS_SQUASH.get(loss.type);
    this.squash = ofLoss ?? 'nothing';
    this.probabilities = (this.#isClassification && (ofLoss ?? squashed)) || 'none';
  }

  /** The class that is meant; −1 where an output is NaN. */
  predicted(outputs: Float32Array): number {
    if (outputs.some(Number.isNaN)) return -1;
    if (this.isSingle) return outputs[0] > 0 ? 1 : 0;
    return outputs.indexOf(Math.max(...outputs));
  }

  /** Of each class, or null where outputs are no probabilities. */
  probabilitiesOf(outputs: Float32Array): Float32Array | null {
    if (this.probabilities === 'none') return null;
    const values = squash(this.squash, outputs);
    return this.isSingle ? Float32Array.of(1 - values[0], values[0]) : values;
  }

  /** The score of each class, or of each value, from the outputs of the score layer. */
  scores(values: Float32Array): Float32Array {
    return this.isSingle ? Float32Array.of(-values[0], values[0]) : values;
  }

  /** ∂L/∂values of the score layer from ∂L/∂scores. */
  putGradient(scores: ArrayLike<number>, to: Float32Array): void {
    if (this.isSingle) to[0] = scores[1] - scores[0];
    else to.set(scores);
  }
}

/** These losses take logits. */
const LOSS_SQUASH = new Map<LossConfig['type'], 'softmax' | 'sigmoid'>([
  ['softmaxCrossEntropy', 'softmax'],
  ['binaryCrossEntropy', 'sigmoid'],
]);

function squash(how: Squash, outputs: Float32Array): Float32Array {
  switch (how) {
    case 'softmax':
      return softmax(outputs);
    case 'sigmoid':
      return outputs.map((y) => 1 / (1 + Math.exp(-y)));
    case 'nothing':
      return outputs.slice();
  }
}

/** e^zⱼ / Σₖ e^zₖ, from float64 sums. */
export function softmax(z: Float32Array): Float32Array {
  const top = Math.max(...z);
  const powers = Float64Array.from(z, (value) => Math.exp(value - top));
  const sum = powers.reduce((all, power) => all + power, 0);
  return Float32Array.from(powers, (power) => power / sum);
}
