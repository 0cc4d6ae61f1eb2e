import { unitOf } from './keys.ts';
import {
  type SearchedKey,
  type SweepFacts,
  type ToSweep,
  TRIAL_NUMBERS,
  TRIAL_STATES,
  type TrialCurves,
  type TrialNumber,
  type TrialPhase,
  type TrialRows,
} from './protocol.ts';

export interface Trial extends Record<TrialNumber, number> {
  /** Its number less one. */
  place: number;
  values: Float64Array;
  /** The same on the axes of the keys. */
  units: Float64Array;
  phase: TrialPhase;
  message: string;
  /** 0 the worst … 1 the best of those that have a score; NaN: it has none. */
  rank: number;
  /** After each epoch. */
  losses: Float64Array;
}

/** Part of an axis, by its ends. */
export type Span = readonly [low: number, high: number];

/** Parts of the axes of the keys, and of the score, which is the last: null: all of it. */
export type Brushes = readonly (Span | null)[];

/** Everything that is drawn of a sweep. */
export class SweepModel {
  facts: SweepFacts | null = null;
  /** Grows with each message. */
  version = 0;
  /** By place. */
  trials: Trial[] = [];
  /** The best first; those without a score last. */
  ranked: Trial[] = [];
  /** Of the scores; the lowest R² that is shown is 0. */
  scores: Span = [0, 1];
  brushes: Brushes = [];
  /** Places that are to be compared, in the order of choice. */
  pinned: number[] = [];
  /** Whose numbers are shown, by place; null: those of the best. */
  picked: number | null = null;

  receive(message: Exclude<ToSweep, { type: 'unreadable' }>): void {
    this.version++;
    if (message.type === 'curves') {
      this.#takeCurves(message.curves);
      return;
    }
    if (message.type === 'hydrate') this.trials = [];
    const { facts } = message;
    this.facts = facts;
    this.#take(facts.keys, message.trials);
    this.#rank();
    const axes = facts.keys.length + 1;
    if (this.brushes.length !== axes) this.brushes = Array.from({ length: axes }, () => null);
    this.pinned = this.pinned.filter((place) => this.trials[place]);
    if (this.picked !== null && !this.trials[this.picked]) this.picked = null;
  }

  /** The one whose numbers are shown. */
  get current(): Trial | null {
    const place = this.picked ?? this.facts?.best?.place ?? this.ranked[0]?.place;
    return place === undefined ? null : (this.trials[place] ?? null);
  }

  get isBrushed(): boolean {
    return this.brushes.some((span) => span !== null);
  }

  /** The place of a trial on the axis of its score; below where it has none. */
  scoreUnit({ score }: Trial): number {
    const [low, high] = this.scores;
    return Number.isNaN(score) ? 0 : Math.max(0, (score - low) / (high - low || 1));
  }

  /** Whether it lies within all brushes. */
  isWithin(trial: Trial): boolean {
    return this.brushes.every((span, axis) => {
      if (!span) return true;
      const unit = axis < trial.units.length ? trial.units[axis]! : this.scoreUnit(trial);
      return unit >= span[0] && unit <= span[1];
    });
  }

  brush(axis: number, span: Span | null): void {
    this.brushes = this.brushes.with(axis, span);
  }

  pin(place: number): void {
    this.pinned = this.pinned.includes(place)
      ? this.pinned.filter((other) => other !== place)
      : [...this.pinned, place];
  }

  /** Those of which an epoch was told that has not come. */
  get withoutCurve(): number[] {
    return this.trials
      .filter(({ epoch, losses }) => epoch > losses.length)
      .map(({ place }) => place);
  }

  #take(keys: readonly SearchedKey[], rows: TrialRows): void {
    const { places, values, numbers, phases, messages } = rows;
    for (const [row, place] of places.entries()) {
      const own = values.subarray(row * keys.length, (row + 1) * keys.length);
      const named = Object.fromEntries(
        TRIAL_NUMBERS.map((name, i) => [name, numbers[row * TRIAL_NUMBERS.length + i]!]),
      ) as Record<TrialNumber, number>;
      this.trials[place] = {
        ...named,
        place,
        values: own,
        units: Float64Array.from(keys, (key, k) => unitOf(key, own[k]!)),
        phase: TRIAL_STATES[phases[row]!]!,
        message: messages[row] ?? '',
        rank: Number.NaN,
        losses: this.trials[place]?.losses ?? new Float64Array(),
      };
    }
  }

  #takeCurves({ places, offsets, loss }: TrialCurves): void {
    for (const [i, place] of places.entries()) {
      const trial = this.trials[place];
      if (trial) trial.losses = loss.slice(offsets[i], offsets[i + 1]);
    }
  }

  #rank(): void {
    const known = this.trials.filter(({ score }) => !Number.isNaN(score));
    known.sort((a, b) => b.score - a.score || lowest(a) - lowest(b) || a.place - b.place);
    for (const trial of this.trials) trial.rank = Number.NaN;
    for (const [i, trial] of known.entries())
      trial.rank = known.length > 1 ? 1 - i / (known.length - 1) : 1;
    this.ranked = [...known, ...this.trials.filter(({ score }) => Number.isNaN(score))];
    const least = known.at(-1)?.score ?? 0;
    const low = this.facts?.quality === 'R²' ? Math.max(0, least) : least;
    this.scores = [Math.min(low, known[0]?.score ?? 1), known[0]?.score ?? 1];
  }
}

const lowest = ({ loss }: Trial): number => (Number.isNaN(loss) ? Number.POSITIVE_INFINITY : loss);

/** "trial 57" as people count. */
export const trialName = ({ place }: Pick<Trial, 'place'>): string => `trial ${place + 1}`;
