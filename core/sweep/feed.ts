import type { Config, SweepConfig } from '../config/index.ts';
import { briefly } from '../config/index.ts';
import type { Json } from '../events/finding.ts';
import type { SweepEvent } from '../events/sweep-event.ts';
import { bestOf } from './best.ts';
import {
  type SearchedKey,
  type SearchFacts,
  TRIAL_NUMBERS,
  TRIAL_STATES,
  type TrialCurves,
  type TrialNumber,
  type TrialPhase,
  type TrialRows,
} from './facts.ts';
import { importanceOf } from './importance.ts';
import { sweepConfigOf } from './open.ts';
import { trialCount } from './samplers/index.ts';
import { scoreOf } from './score.ts';
import { type Dimension, isSame, withRanges } from './space.ts';
import { stagesOf } from './stages.ts';
import { SweepState, type TrialRecord } from './state.ts';
import { CONFIRMED } from './sweep.ts';

/** Of fewer trials nothing is said about the importance of keys: it would be chance. */
const LEAST_TRIALS = 12;

/** A sweep as its log tells it, for views: what they lack is told as it comes. */
export class SweepFeed {
  readonly state = new SweepState();
  readonly space: Dimension[];
  readonly #config: Config;
  readonly #sweep: SweepConfig;
  readonly #news = new Set<number>();

  /** `configFile` for its name. Throws UserError where the config of the sweep cannot be read any more. */
  constructor(configText: string, configFile: string) {
    const { config, sweep, space } = sweepConfigOf(configText, configFile);
    this.#config = config;
    this.#sweep = sweep;
    this.space = space;
  }

  see(event: SweepEvent): void {
    this.state.see(event);
    if ('number' in event) this.#news.add(event.number);
  }

  facts(): SearchFacts {
    const { state } = this;
    const { task } = this.#config.data;
    const told = [...state.trials.values()].flatMap(({ epochs }) => epochs.at(-1) ?? []);
    const isR2 = told.some(({ train }) => train.r2 !== null) || task === 'regression';
    const best = bestOf(state);
    return {
      quality: isR2 ? 'R²' : 'accuracy',
      measured: told.some(({ validation }) => validation === null) ? 'train' : 'validation',
      sampler: this.#sweep.sampler,
      keys: this.space.map(searchedKey),
      stages: state.stages.map(({ stage, trials, epochs, ranges }) => ({
        stage,
        trials,
        epochs,
        ranges,
      })),
      planned: this.#planned(),
      importance: this.#importance(),
      best: best && { place: best.number - 1, seeds: best.seeds ?? null },
    };
  }

  /** The trials that have changed since they were asked for. */
  news(): TrialRows {
    const numbers = [...this.#news].filter((number) => this.state.trials.has(number));
    this.#news.clear();
    return this.#rows(numbers);
  }

  /** All of them. */
  everything(): TrialRows {
    this.#news.clear();
    return this.#rows([...this.state.trials.keys()]);
  }

  curves(places: readonly number[]): TrialCurves {
    const records = places.map((place) => this.state.trials.get(place + 1));
    const losses = records.map((record) =>
      (record?.epochs ?? []).map(({ validation, train }) => validation?.loss ?? train.dataLoss),
    );
    const offsets = [0];
    for (const { length } of losses) offsets.push(offsets.at(-1)! + length);
    return {
      places: Uint32Array.from(places),
      offsets: Uint32Array.from(offsets),
      loss: Float64Array.from(losses.flat()),
    };
  }

  #planned(): number {
    const { sampler, seeds } = this.#sweep;
    const begun = this.state.stages;
    const ahead = stagesOf(this.#config, this.#sweep).slice(begun.length);
    const first = begun.length === 0 ? this.space : withRanges(this.space, begun.at(-1)!.ranges);
    // From the second stage on, one of its trials is the best of the stage before.
    const coming = ahead.map(({ trials }, i) =>
      begun.length + i === 0
        ? trialCount(sampler, first, trials)
        : 1 + trialCount(sampler, first, Math.max(1, trials - 1)),
    );
    const again = seeds > 1 ? CONFIRMED * (seeds - 1) : 0;
    return [...begun.map(({ trials }) => trials), ...coming].reduce((a, b) => a + b, 0) + again;
  }

  /** Of the first stage: it covers the whole ranges. */
  #importance(): SearchFacts['importance'] {
    const ended = this.state.endedOf(1);
    return ended.length < LEAST_TRIALS ? [] : importanceOf(this.space, ended);
  }

  #rows(numbers: readonly number[]): TrialRows {
    const records = numbers.map((number) => this.state.trials.get(number)!);
    return {
      places: Uint32Array.from(numbers, (number) => number - 1),
      values: Float64Array.from(
        records.flatMap(({ started }) =>
          this.space.map(({ key, range }) => numberOf(range, started.parameters[key])),
        ),
      ),
      numbers: Float64Array.from(
        records.flatMap((record) => {
          const named = numbersOf(record);
          return TRIAL_NUMBERS.map((name) => named[name]);
        }),
      ),
      phases: Uint8Array.from(records, (record) => TRIAL_STATES.indexOf(phaseOf(record))),
      messages: records.map(({ ended }) => ended?.message ?? ''),
    };
  }
}

/** A key as a view draws its axis. */
export function searchedKey({ key, range }: Dimension): SearchedKey {
  if (range.kind !== 'choice') return { key, ...range, choices: [] };
  const { kind, values } = range;
  return { key, kind, low: 0, high: values.length - 1, choices: values.map(briefly) };
}

function numberOf(range: Dimension['range'], value: Json | undefined): number {
  if (range.kind === 'choice') return range.values.findIndex((one) => isSame(one, value));
  return typeof value === 'number' ? value : Number.NaN;
}

function numbersOf(record: TrialRecord): { [name in TrialNumber]: number } {
  const { started, epochs, ended } = record;
  const last = epochs.at(-1);
  const told = ended ?? last ?? { train: null, validation: null };
  return {
    score: scoreOf({ ...told, number: started.number }),
    loss: told.validation?.loss ?? told.train?.dataLoss ?? Number.NaN,
    epoch: Math.max(epochs.length, ended?.epochs ?? 0),
    epochs: started.epochs,
    stage: started.stage,
    repeats: started.repeats ?? Number.NaN,
  };
}

function phaseOf({ ended, waits, epochs }: TrialRecord): TrialPhase {
  if (ended) return ended.state;
  return waits > 0 && epochs.length <= waits ? 'waiting' : 'running';
}
