import type { JudgedTrace } from '../rule.ts';
import { THRESHOLDS } from '../thresholds.ts';

/** Costs are not told apart below it. */
const SMALLEST = 1e-12;

/**
 * Whether the cost has left for good: above three times the first one, for so long that it is no
 * spike, and not coming down. Asked once after each step.
 */
class Explosion {
  /** Running averages of the cost's logarithm over some steps, and over a quarter of that: one spike of 1e20 is soon forgotten. */
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
    // A resumed run's first costs are not those of its beginning.
    if (trace.resumed || !Number.isFinite(trace.last.loss)) return this.#holds;
    const cost = Math.log(Math.max(trace.last.loss, SMALLEST));
    const limit = Math.log(Math.max(explosion.factor * firstCost, SMALLEST));
    const steps = Math.min(
      explosion.mostSteps,
      Math.max(explosion.leastSteps, trace.started.stepsPerEpoch * explosion.epochs),
    );
    this.#slow = average(this.#slow, cost, steps);
    this.#fast = average(this.#fast, cost, steps / 4);
    this.#above = this.#slow > limit ? this.#above + 1 : 0;
    // Once it has, only a cost that came down again tells otherwise.
    if (this.#above < steps) this.#holds = this.#holds && this.#above > 0;
    else if (this.#fast > this.#slow + Math.log(explosion.recovering)) this.#holds = true;
    return this.#holds;
  }
}

/** Many rules ask: one for each run. */
const EXPLOSIONS = new WeakMap<JudgedTrace, Explosion>();

/** Whether the cost of a run has left for good; to be asked after each step. */
export function hasExploded(trace: JudgedTrace): boolean {
  let explosion = EXPLOSIONS.get(trace);
  if (!explosion) {
    explosion = new Explosion();
    EXPLOSIONS.set(trace, explosion);
  }
  return explosion.see(trace);
}

function average(before: number, value: number, steps: number): number {
  return Number.isNaN(before) ? value : before + (value - before) * (2 / (steps + 1));
}
