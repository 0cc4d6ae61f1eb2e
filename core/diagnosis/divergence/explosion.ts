import type { JudgedTrace } from '../rule.ts';
import { THRESHOLDS } from '../thresholds.ts';

/**
 * Whether the cost has left for good: above three times the first one, for so long that it is no
 * spike, and not coming down. Asked once after each step.
 */
export class Explosion {
  /** The cost's running averages over some steps, and over a quarter of that. */
  #slow = Number.NaN;
  #fast = Number.NaN;
  #above = 0;
  #step = 0;
  #holds = false;

  see(trace: JudgedTrace): boolean {
    if (trace.step === this.#step) return this.#holds;
    this.#step = trace.step;
    const { explosion } = THRESHOLDS;
    const { firstCost } = trace.losses;
    const cost = trace.last.loss;
    // A resumed run's first costs are not those of its beginning.
    if (trace.resumed || !Number.isFinite(cost)) return this.#holds;
    const steps = Math.min(
      explosion.mostSteps,
      Math.max(explosion.leastSteps, trace.started.stepsPerEpoch * explosion.epochs),
    );
    this.#slow = average(this.#slow, cost, steps);
    this.#fast = average(this.#fast, cost, steps / 4);
    this.#above = this.#slow > explosion.factor * Math.abs(firstCost) ? this.#above + 1 : 0;
    // Once it has, only a cost that came down again tells otherwise.
    if (this.#above < steps) this.#holds = this.#holds && this.#above > 0;
    else if (this.#fast > explosion.recovering * this.#slow) this.#holds = true;
    return this.#holds;
  }
}

function average(before: number, value: number, steps: number): number {
  return Number.isNaN(before) ? value : before + (value - before) * (2 / (steps + 1));
}
