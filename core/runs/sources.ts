import type { EpochEvent } from '../events/run-event.ts';
import type { RunHistory } from './history.ts';
import { MovingAverage } from './smooth.ts';

/** Where a sample stands, for every x axis. */
export interface Place {
  epoch: number;
  step: number;
  /** Milliseconds from the start of the run. */
  time: number;
}

/** The samples of one curve, as a run's history gives them. */
export interface Source {
  /** The samples that came since the last call. */
  more(): Float64Array;
  place(sample: number): Place;
}

function placeOf(history: RunHistory, step: number): Place {
  return { epoch: history.epochOf(step), step, time: history.timeOf(step) };
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
    place: (sample) => placeOf(history, sample + 1),
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
    place: (sample) => placeOf(history, sample + (skipped ?? 0) + 1),
  };
}

/** A metric of the epochs; those that have none give no sample. */
export function epochSource(
  history: RunHistory,
  metric: (event: EpochEvent) => number | null | undefined,
): Source {
  const places: EpochEvent[] = [];
  let taken = 0;
  return {
    more() {
      const values: number[] = [];
      for (; taken < history.epochs.length; taken++) {
        const event = history.epochs[taken]!;
        const value = metric(event);
        if (value === null || value === undefined) continue;
        places.push(event);
        values.push(value);
      }
      return Float64Array.from(values);
    },
    place: (sample) => places[sample]!,
  };
}

/** The update : weight ratio of one parameter set; weights that are all 0 (biases at first) have none. */
export function ratioSource(history: RunHistory, parameter: number): Source {
  const measured: number[] = [];
  let taken = 0;
  return {
    more() {
      const ratios = history.ratiosOf(parameter);
      const from = measured.length;
      for (; taken < ratios.length; taken++) {
        if (ratios[taken] !== Number.POSITIVE_INFINITY) measured.push(taken);
      }
      const values = new Float64Array(measured.length - from);
      for (let i = 0; i < values.length; i++) values[i] = ratios[measured[from + i]!]!;
      return values;
    },
    place: (sample) => placeOf(history, history.ratioSteps[measured[sample]!]!),
  };
}
