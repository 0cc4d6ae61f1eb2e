import type { EpochEvent } from '../events/run-event.ts';
import type { XAxis } from '../events/series.ts';
import type { RunHistory } from './history.ts';
import { MovingAverage } from './smooth.ts';

/** The samples of one curve, as a run's history gives them. */
export interface Source {
  /** The samples that came since the last call. */
  more(): Float64Array;
  /** Where these samples stand on an x axis; time in seconds from the start of the run. */
  places(samples: Float64Array, axis: XAxis): Float64Array;
}

/** Only what the axis asks for: when a step ended has to be searched. */
function placesOf(history: RunHistory, steps: Float64Array, axis: XAxis): Float64Array {
  if (axis === 'steps') return steps;
  return steps.map((step) =>
    axis === 'epochs' ? history.epochOf(step) : history.timeOf(step) / 1000,
  );
}

/** A column with one entry a step. */
export function stepSource(history: RunHistory, column: () => Float64Array): Source {
  let taken = 0;
  return {
    more() {
      const values = column().subarray(taken);
      taken += values.length;
      return values;
    },
    places: (samples, axis) =>
      placesOf(
        history,
        samples.map((sample) => sample + 1),
        axis,
      ),
  };
}

/** The data loss, smoothed with this weight a step, from the first finite loss on. */
export function smoothSource(history: RunHistory, weight: number): Source {
  const average = new MovingAverage(weight);
  let taken = 0;
  /** Steps at the start without a finite loss. */
  let skipped: number | null = null;
  return {
    more() {
      const values = history.dataLoss.subarray(taken);
      const averages = average.append(values);
      if (skipped === null) {
        const first = values.findIndex(Number.isFinite);
        if (first >= 0) skipped = taken + first;
        taken += values.length;
        return first < 0 ? new Float64Array(0) : averages.subarray(first);
      }
      taken += values.length;
      return averages;
    },
    places: (samples, axis) =>
      placesOf(
        history,
        samples.map((sample) => sample + (skipped ?? 0) + 1),
        axis,
      ),
  };
}

/** A metric of the epochs; those that have none give no sample. */
export function epochSource(
  history: RunHistory,
  metric: (event: EpochEvent) => number | null | undefined,
): Source {
  const events: EpochEvent[] = [];
  let taken = 0;
  return {
    more() {
      const values: number[] = [];
      for (; taken < history.epochs.length; taken++) {
        const event = history.epochs[taken]!;
        const value = metric(event);
        if (value === null || value === undefined) continue;
        events.push(event);
        values.push(value);
      }
      return Float64Array.from(values);
    },
    places: (samples, axis) =>
      samples.map((sample) => {
        const { epoch, step, time } = events[sample]!;
        return { epochs: epoch, steps: step, time: time / 1000 }[axis];
      }),
  };
}

/** The update : weight ratio of one parameter set; weights that are all 0 (biases at first) have none. */
export function ratioSource(history: RunHistory, parameter: number): Source {
  /** Of those that have none, which. */
  const left: number[] = [];
  let taken = 0;
  return {
    more() {
      const ratios = history.ratiosOf(parameter).subarray(taken);
      if (!ratios.includes(Number.POSITIVE_INFINITY)) {
        taken += ratios.length;
        return ratios;
      }
      for (const [i, ratio] of ratios.entries())
        if (ratio === Number.POSITIVE_INFINITY) left.push(taken + i);
      taken += ratios.length;
      return ratios.filter((ratio) => ratio !== Number.POSITIVE_INFINITY);
    },
    places(samples, axis) {
      const { ratioSteps } = history;
      const steps = samples.map((sample) => {
        let measured = sample;
        for (let i = 0; i < left.length && left[i]! <= measured; i++) measured++;
        return ratioSteps[measured]!;
      });
      return placesOf(history, steps, axis);
    },
  };
}
