import type { Squash } from '../inspection/explorer/reading.ts';

/**
 * The mean of what several networks say, in float64 and a member at a time: of their probabilities where
 * the outputs are logits, else of the outputs. Logits are added as logarithms of probabilities, which
 * neither over- nor underflow: log Σₘ e^(log pₘ) − log M.
 */
export class MeanOutputs {
  readonly #squash: Squash;
  readonly #width: number;
  /** Σ p as its logarithm; of a sigmoid that of p and of 1 − p; of other outputs the sum. */
  readonly #sums: Float64Array;
  readonly #opposite: Float64Array;
  #members = 0;

  constructor(squash: Squash, rows: number, width: number) {
    this.#squash = squash;
    this.#width = width;
    const start = squash === 'nothing' ? 0 : Number.NEGATIVE_INFINITY;
    this.#sums = new Float64Array(rows * width).fill(start);
    this.#opposite = new Float64Array(squash === 'sigmoid' ? rows * width : 0).fill(start);
  }

  /** What one member says, [rows × width]. */
  add(outputs: Float32Array): void {
    this.#members++;
    const sums = this.#sums;
    switch (this.#squash) {
      case 'softmax':
        for (let row = 0; row < outputs.length; row += this.#width) {
          const z = outputs.subarray(row, row + this.#width);
          const whole = logSumExp(z);
          for (let j = 0; j < z.length; j++) sums[row + j] = logAdd(sums[row + j], z[j] - whole);
        }
        break;
      case 'sigmoid':
        for (let i = 0; i < outputs.length; i++) {
          sums[i] = logAdd(sums[i], -softplus(-outputs[i]));
          this.#opposite[i] = logAdd(this.#opposite[i], -softplus(outputs[i]));
        }
        break;
      case 'nothing':
        for (let i = 0; i < outputs.length; i++) sums[i] += outputs[i];
    }
  }

  /** As one network would say it, [rows × width]: logits where these are what a network gives. */
  outputs(): Float32Array {
    const members = this.#members;
    switch (this.#squash) {
      case 'softmax':
        return Float32Array.from(this.#sums, (sum) => sum - Math.log(members));
      case 'sigmoid':
        return Float32Array.from(this.#sums, (sum, i) => sum - this.#opposite[i]);
      case 'nothing':
        return Float32Array.from(this.#sums, (sum) => sum / members);
    }
  }
}

/** log Σ e^z */
function logSumExp(z: Float32Array): number {
  const top = Math.max(...z);
  return top + Math.log(z.reduce((sum, value) => sum + Math.exp(value - top), 0));
}

/** log(eᵃ + eᵇ) */
function logAdd(a: number, b: number): number {
  if (a === Number.NEGATIVE_INFINITY) return b;
  const top = Math.max(a, b);
  return top + Math.log1p(Math.exp(Math.min(a, b) - top));
}

/** log(1 + eˣ) */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
