import { Column } from './column.ts';

/** When which steps ended: of each record its last step, and when its first and its last ended. */
export class StepTimes {
  readonly #last = new Column();
  readonly #start = new Column();
  readonly #end = new Column();

  /** A record up to this step. */
  push(lastStep: number, startTime: number, endTime: number): void {
    this.#last.push(lastStep);
    this.#start.push(startTime);
    this.#end.push(endTime);
  }

  /** When a step ended, in milliseconds from the start; interpolated within a record. */
  timeOf(step: number): number {
    const lasts = this.#last.values;
    let low = 0;
    let high = lasts.length - 1;
    if (high < 0) return 0;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (lasts[middle]! < step) low = middle + 1;
      else high = middle;
    }
    const first = low === 0 ? 1 : lasts[low - 1]! + 1;
    const last = lasts[low]!;
    const start = this.#start.values[low]!;
    const end = this.#end.values[low]!;
    return last === first ? end : start + ((end - start) * (step - first)) / (last - first);
  }

  /** Forgets what came after a step. */
  rewind(step: number): void {
    const endOfLast = this.timeOf(step);
    const whole = this.#last.values.findIndex((last) => last >= step);
    const cut = this.#last.values[whole] ?? 0;
    const records = step === 0 ? 0 : whole + 1;
    for (const column of [this.#last, this.#start, this.#end]) column.length = records;
    if (cut > step && records > 0) {
      // The record that the step falls into.
      this.#last.values[whole] = step;
      this.#end.values[whole] = endOfLast;
    }
  }
}
