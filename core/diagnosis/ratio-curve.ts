/** ‖update‖ / ‖W‖ of every parameter set, epoch by epoch. */
export class RatioCurve {
  /** Of each epoch that had steps measured: the geometric mean of each parameter set's; NaN where it had none. */
  readonly epochs: Float64Array[] = [];
  /** Of the first measured step; null before it. */
  first: Float32Array | null = null;
  /** Of the last measured step. */
  latest: Float32Array | null = null;
  readonly #stepsPerEpoch: number;
  #counts = new Uint32Array(0);
  #logs = new Float64Array(0);

  constructor(stepsPerEpoch: number) {
    this.#stepsPerEpoch = Math.max(1, stepsPerEpoch);
  }

  add(step: number, ratios: Float32Array): void {
    const epoch = Math.floor((step - 1) / this.#stepsPerEpoch);
    while (this.epochs.length <= epoch) {
      this.epochs.push(new Float64Array(ratios.length).fill(Number.NaN));
      this.#counts = new Uint32Array(ratios.length);
      this.#logs = new Float64Array(ratios.length);
    }
    this.latest = ratios.slice();
    this.first ??= this.latest;
    const means = this.epochs[epoch]!;
    for (const [i, ratio] of ratios.entries()) {
      // 0 is an update of nothing, infinite one of weights that were all 0.
      if (!(ratio > 0 && ratio < Number.POSITIVE_INFINITY)) continue;
      this.#counts[i]!++;
      this.#logs[i]! += Math.log(ratio);
      means[i] = Math.exp(this.#logs[i]! / this.#counts[i]!);
    }
  }
}
