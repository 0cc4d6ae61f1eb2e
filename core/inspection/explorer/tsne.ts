import { instantiateKernels, type Kernels, supportedVariant } from '../../kernels/kernels.ts';
import { ArenaLayout } from '../../network/layout.ts';
import { allocateArena, floats } from '../../training/arena.ts';
import type { Report } from './exploration.ts';

/** Bisection for a point's bandwidth: until the perplexity is met to this part of its logarithm. */
const ENTROPY_TOLERANCE = 1e-5;
const MOST_HALVINGS = 100;
/** At first, attraction is made stronger, so that clusters form that can still move as a whole. */
const EXAGGERATION = 12;
const EXAGGERATED_STEPS = 250;
const STEPS = 750;
const SPREAD_AT_START = 1e-4;
const LEAST_GAIN = 0.01;
/** Squares of it are finite in float32, and one by them is nothing. */
const FAR_AWAY = 1e15;

/**
 * Points in the plane that have the same neighbours as in a space of many dimensions (van der Maaten and
 * Hinton 2008), exactly, without trees. pᵢⱼ are Gaussian neighbourhoods, each as wide as `perplexity`
 * neighbours ask; qᵢⱼ ∝ 1 / (1 + ‖yᵢ − yⱼ‖²); it goes down the gradient of KL(P ‖ Q). It begins with the
 * principal components, so that nothing is left to chance and large distances mean something (Kobak and
 * Berens 2019), and takes steps of n / 12 (Belkina et al. 2019).
 *
 * `squares`: squared distances [n × n]. `start`: [n × 2], of any scale.
 */
export function tsne(
  squares: Float64Array,
  start: Float64Array,
  perplexity: number,
  report: Report,
  poll: () => void,
): { points: Float64Array; divergence: number } {
  const n = start.length / 2;
  const p = neighbourhoods(squares, n, perplexity, poll);
  const forces = new Forces(p, n);
  const points = scaled(start);
  const rate = Math.max(50, n / EXAGGERATION / 4);
  const gains = new Float64Array(2 * n).fill(1);
  const speed = new Float64Array(2 * n);
  const slope = new Float64Array(2 * n);
  for (let step = 0; step < STEPS; step++) {
    const early = step < EXAGGERATED_STEPS;
    forces.gradient(points, early ? EXAGGERATION : 1, slope);
    for (let i = 0; i < slope.length; i++) {
      const turned = slope[i] > 0 === speed[i] > 0;
      gains[i] = Math.max(LEAST_GAIN, turned ? gains[i] * 0.8 : gains[i] + 0.2);
      speed[i] = (early ? 0.5 : 0.8) * speed[i] - rate * gains[i] * slope[i];
      points[i] += speed[i];
    }
    report((step + 1) / STEPS);
    poll();
  }
  return { points, divergence: divergence(p, points) };
}

/**
 * pᵢⱼ = (p_j|i + p_i|j) / 2n, where p_j|i ∝ exp(−βᵢ dᵢⱼ²) and βᵢ is such that 2^entropy is the
 * perplexity.
 */
export function neighbourhoods(
  squares: Float64Array,
  n: number,
  perplexity: number,
  poll: () => void,
): Float64Array {
  const conditional = new Float64Array(n * n);
  const wanted = Math.log(perplexity);
  for (let i = 0; i < n; i++) {
    const row = squares.subarray(i * n, (i + 1) * n);
    const to = conditional.subarray(i * n, (i + 1) * n);
    let low = 0;
    let high = Number.POSITIVE_INFINITY;
    let beta = 1 / (meanOf(row) || 1);
    for (let k = 0; k < MOST_HALVINGS; k++) {
      const excess = gaussian(row, i, beta, to) - wanted;
      if (Math.abs(excess) < ENTROPY_TOLERANCE) break;
      if (excess > 0) low = beta;
      else high = beta;
      beta = high === Number.POSITIVE_INFINITY ? beta * 2 : (low + high) / 2;
    }
    if (i % 64 === 0) poll();
  }
  const p = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++)
      p[i * n + j] = (conditional[i * n + j] + conditional[j * n + i]) / (2 * n);
  }
  return p;
}

/** Writes the shares of all others; gives their entropy in nats. */
function gaussian(squares: Float64Array, self: number, beta: number, to: Float64Array): number {
  // The nearest has weight 1: else all might vanish.
  let nearest = Number.POSITIVE_INFINITY;
  for (let j = 0; j < squares.length; j++) if (j !== self) nearest = Math.min(nearest, squares[j]);
  let sum = 0;
  let weighted = 0;
  for (let j = 0; j < squares.length; j++) {
    const farther = squares[j] - nearest;
    const weight = j === self ? 0 : Math.exp(-beta * farther);
    to[j] = weight;
    sum += weight;
    if (weight > 0) weighted += weight * farther;
  }
  for (let j = 0; j < squares.length; j++) to[j] /= sum;
  return Math.log(sum) + (beta * weighted) / sum;
}

/** Pairs in the plane, in a memory of its own. */
export class Forces {
  readonly #n: number;
  readonly #stride: number;
  readonly #kernels: Kernels;
  readonly #p: number;
  readonly #points: Float32Array;
  readonly #attraction: Float32Array;
  readonly #repulsion: Float32Array;

  constructor(p: Float64Array, n: number) {
    const layout = new ArenaLayout();
    const stride = Math.ceil(n / 4) * 4;
    const tensors = [n, 2, 2, 2].map((rows) => layout.tensor(rows * stride));
    const memory = allocateArena(layout.bytes);
    const [shares, ...others] = tensors.map(({ offset, size }) => floats(memory, offset, size));
    for (let i = 0; i < n; i++) shares.set(p.subarray(i * n, (i + 1) * n), i * stride);
    this.#n = n;
    this.#stride = stride;
    this.#kernels = instantiateKernels(memory, supportedVariant());
    this.#p = shares.byteOffset;
    [this.#points, this.#attraction, this.#repulsion] = others;
    this.#points.fill(FAR_AWAY);
  }

  /**
   * ∂KL/∂yᵢ = 4 Σⱼ (pᵢⱼ − qᵢⱼ) wᵢⱼ (yᵢ − yⱼ), q = w / Σ w. With `exaggeration` all p are so many times as
   * large.
   */
  gradient(points: Float64Array, exaggeration: number, to: Float64Array): void {
    const place = (k: number) => (k % 2) * this.#stride + (k >> 1);
    for (let k = 0; k < points.length; k++) this.#points[place(k)] = points[k];
    const offsets = [this.#points, this.#attraction, this.#repulsion].map((a) => a.byteOffset);
    const [from, pull, push] = offsets;
    const sum = this.#kernels.neighbourForces(this.#n, this.#stride, this.#p, from, pull, push);
    for (let k = 0; k < to.length; k++) {
      const at = place(k);
      to[k] = 4 * (exaggeration * this.#attraction[at] - this.#repulsion[at] / sum);
    }
  }
}

/** KL(P ‖ Q) = Σ pᵢⱼ log(pᵢⱼ / qᵢⱼ) */
export function divergence(p: Float64Array, points: Float64Array): number {
  const n = points.length / 2;
  const sum = sumOfWeights(points);
  let total = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const share = p[i * n + j];
      if (i !== j && share > 0) total += share * Math.log((share * sum) / weightOf(points, i, j));
    }
  }
  return total;
}

/** Over all pairs, in both directions. */
function sumOfWeights(points: Float64Array): number {
  const n = points.length / 2;
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) sum += 2 * weightOf(points, i, j);
  return sum;
}

function weightOf(points: Float64Array, i: number, j: number): number {
  const x = points[2 * i] - points[2 * j];
  const y = points[2 * i + 1] - points[2 * j + 1];
  return 1 / (1 + x * x + y * y);
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** With a tiny spread. Points that coincide, or lie on a line, would stay so: they are moved apart. */
function scaled(start: Float64Array): Float64Array {
  let squares = 0;
  for (let i = 0; i < start.length; i += 2) squares += start[i] * start[i];
  const std = Math.sqrt((2 * squares) / start.length);
  return start.map((value, i) => {
    const apart = 1e-3 * Math.sin(12.9898 * (i + 1));
    return SPREAD_AT_START * ((std > 0 ? value / std : 0) + apart);
  });
}
