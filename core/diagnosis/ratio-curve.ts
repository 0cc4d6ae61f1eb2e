/** ‖update‖ / ‖W‖ of every parameter set, epoch by epoch. */
export class RatioCurve {
  /** Of the first measured step; null before it. */
  first: Float32Array | null = null;
  /** Of the last measured step. */
  latest: Float32Array | null = null;
  readonly #stepsPerEpoch: number;
  /** Of each epoch that had steps measured: how many count, and the sum of their logarithms, of each parameter set. */
  readonly #epochs: { counts: Uint32Array; logs: Float64Array }[] = [];

  constructor(stepsPerEpoch: number) {
    this.#stepsPerEpoch = Math.max(1, stepsPerEpoch);
  }

  add(step: number, ratios: Float32Array): void {
    const epoch = Math.floor((step - 1) / this.#stepsPerEpoch);
    while (this.#epochs.length <= epoch)
      this.#epochs.push({
        counts: new Uint32Array(ratios.length),
        logs: new Float64Array(ratios.length),
      });
    this.first ??= ratios.slice();
    this.latest ??= new Float32Array(ratios.length);
    this.latest.set(ratios);
    const { counts, logs } = this.#epochs[epoch]!;
    for (let i = 0; i < ratios.length; i++) {
      const ratio = ratios[i]!;
      // 0 is an update of nothing, infinite one of weights that were all 0.
      if (!(ratio > 0 && ratio < Number.POSITIVE_INFINITY)) continue;
      counts[i]!++;
      logs[i]! += Math.log(ratio);
    }
  }

  /** The geometric mean of each parameter set's in the epoch at this index, NaN where it had none; null where nothing was measured. */
  meansOf(epoch: number): Float64Array | null {
    const sums = this.#epochs.at(epoch);
    return sums ? sums.logs.map((log, i) => Math.exp(log / sums.counts[i]!)) : null;
  }
}
