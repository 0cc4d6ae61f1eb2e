import type { SweepConfig } from '../config/index.ts';
import type {
  RangesNow,
  StageEvent,
  SweepFinishedEvent,
  TrialStartedEvent,
} from '../events/sweep-event.ts';
import { bestOf, ranking } from './best.ts';
import type { Executor } from './executor.ts';
import { findingsOf } from './findings/index.ts';
import { Journal, type Listener } from './journal.ts';
import { type OpenSweep, openSweep, type SweepRequest, sweepConfigOf } from './open.ts';
import { roundSize, SAMPLERS, trialCount } from './samplers/index.ts';
import type { KnownPoint } from './samplers/sampler.ts';
import { compareTrials, scoreOf } from './score.ts';
import { type Dimension, rangesOf, unitOf, valuesAt, withRanges } from './space.ts';
import { narrow, type Stage, stagesOf } from './stages.ts';
import { type SweepState, scoresOf } from './state.ts';
import { rungsOf, survivors } from './stopping.ts';
import { TrialConfigs } from './trial.ts';
import { TrialLife } from './trial-life.ts';

/** How many of the best are trained on other seeds in the end. */
export const CONFIRMED = 3;

/** The next stage, before it begins. */
export interface Proposal {
  /** 1-based. */
  stage: number;
  trials: number;
  epochs: number;
  /** The ranges of the config, or narrowed around the best trials of the stage before. */
  space: Dimension[];
}

/** Whom a sweep works for. */
export interface SweepHost {
  executor: Executor;
  /** Hears of all events in order; of a sweep that goes on also those of before. */
  tell: Listener;
  /** In which ranges the stage is to begin; null: the sweep waits, and can go on later. */
  decide(proposal: Proposal): Promise<RangesNow | null>;
  /** Ends the sweep; it can go on later. */
  signal: AbortSignal;
}

export interface SweepResult extends SweepFinishedEvent {
  /** All stages are done. */
  complete: boolean;
}

/**
 * Searches, stage by stage. Trial n of a stage depends on the seed, the stage, n and the results of the stages (and
 * rounds and rungs) before it, never on timing: the same sweep gives the same trials and results on any number of
 * cores, however often it was interrupted. Throws UserError for bad input, and where the disk is full.
 */
export async function runSweep(request: SweepRequest, host: SweepHost): Promise<SweepResult> {
  const open = openSweep(request);
  try {
    return await new Sweep(request.configFile, open, host).run();
  } finally {
    await host.executor.dispose();
    open.log.close();
  }
}

/** The order of stages, and of the trials within each. */
class Sweep {
  readonly #configFile: string;
  readonly #host: SweepHost;
  readonly #sweep: SweepConfig;
  readonly #stages: Stage[];
  /** As the config has it. */
  readonly #space: Dimension[];
  readonly #journal: Journal;
  readonly #trials: TrialLife;
  /** By an earlier process. */
  readonly #wasBegun: boolean;

  constructor(configFile: string, open: OpenSweep, host: SweepHost) {
    const { configText } = open.started;
    const { config, sweep, space } = sweepConfigOf(configText, configFile);
    const configs = new TrialConfigs(configText, configFile, space);
    const { executor, signal, tell } = host;
    this.#configFile = configFile;
    this.#host = host;
    this.#sweep = sweep;
    this.#stages = stagesOf(config, sweep);
    this.#space = space;
    this.#journal = new Journal(open, tell);
    this.#trials = new TrialLife(this.#journal, { configFile, configs, executor, signal });
    this.#wasBegun = open.events.length > 1;
  }

  async run(): Promise<SweepResult> {
    const { signal } = this.#host;
    if (this.#state.finished) return this.#result(true);
    if (this.#wasBegun) await this.#trials.removeOrphans();
    const stop = () => this.#trials.stopAll();
    signal.addEventListener('abort', stop);
    try {
      let space = this.#space;
      for (const [index, stage] of this.#stages.entries()) {
        const begun = this.#state.stages[index] ?? (await this.#begin(index, stage, space));
        if (!begun) return this.#result(false);
        space = withRanges(this.#space, begun.ranges);
        await this.#train(begun, space);
        if (signal.aborted) return this.#result(false);
      }
      await this.#confirm();
      if (signal.aborted) return this.#result(false);
      const { complete, ...finished } = this.#result(true);
      this.#journal.emit(finished);
      return { ...finished, complete };
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async #begin(
    index: number,
    { trials, epochs }: Stage,
    before: readonly Dimension[],
  ): Promise<StageEvent | null> {
    const stage = index + 1;
    const space = index === 0 ? [...before] : narrow(before, this.#state.endedOf(index));
    const ranges = await this.#host.decide({ stage, trials, epochs, space });
    if (!ranges) return null;
    const last = this.#state.stages.at(-1);
    const decided = withRanges(space, ranges);
    const again = index === 0 ? 0 : 1;
    const event: StageEvent = {
      type: 'stage',
      stage,
      trials: again + trialCount(this.#sweep.sampler, decided, Math.max(1, trials - again)),
      epochs,
      firstTrial: last ? last.firstTrial + last.trials : 1,
      ranges: rangesOf(decided),
    };
    this.#journal.emit(event);
    return event;
  }

  /**
   * The trials of a stage. From the second one on its first trial is the best of the stage before, trained longer:
   * no stage ends worse for bad luck.
   */
  async #train(event: StageEvent, space: Dimension[]): Promise<void> {
    const { stage, trials, epochs, firstTrial } = event;
    const best = stage > 1 ? this.#state.endedOf(stage - 1).sort(compareTrials)[0] : undefined;
    const again = stage > 1 ? 1 : 0;
    const total = trials - again;
    const round = roundSize(this.#sweep.sampler, total);
    const spec = (index: number, parameters: TrialStartedEvent['parameters']) => ({
      type: 'trialStarted' as const,
      number: firstTrial + index,
      stage,
      parameters,
      seed: this.#journal.started.seed,
      epochs,
    });
    for (let first = 0; first < total; first += round) {
      const points = SAMPLERS[this.#sweep.sampler]({
        space,
        seed: this.#journal.started.seed,
        stage,
        first,
        count: Math.min(round, total - first),
        total,
        known: this.#known(stage, space),
      });
      const cohort = points.map((point, i) => spec(again + first + i, valuesAt(space, point)));
      if (first === 0 && again === 1)
        cohort.unshift(spec(0, best?.parameters ?? cohort[0]!.parameters));
      await this.#cohort(cohort);
      if (this.#host.signal.aborted) return;
    }
  }

  #known(stage: number, space: readonly Dimension[]): KnownPoint[] {
    return this.#state
      .endedOf(stage)
      .sort(compareTrials)
      .map(({ parameters }, rank) => ({
        point: space.map((dimension) => unitOf(dimension, parameters[dimension.key])),
        rank,
      }));
  }

  /** Trials that compete: at each rung all of them wait, and only the better ones go on. */
  async #cohort(cohort: readonly TrialStartedEvent[]): Promise<void> {
    const { stopping } = this.#sweep;
    const epochs = cohort[0]?.epochs ?? 1;
    let alive = [...cohort];
    for (const rung of [...rungsOf(stopping, epochs), null]) {
      await this.#trials.advanceAll(alive, rung);
      if (rung === null || this.#host.signal.aborted) return;
      const waiting = alive.filter(({ number }) => this.#journal.recordOf(number).waits >= rung);
      const goOn = survivors(
        stopping,
        waiting.map(({ number }) => ({
          number,
          scores: scoresOf(this.#journal.recordOf(number), rung),
        })),
      );
      for (const trial of waiting)
        if (!goOn.has(trial.number)) this.#trials.giveUp(trial, rung, stopping);
      alive = waiting.filter(({ number }) => goOn.has(number));
    }
  }

  /** The best of the last stage, on other seeds. */
  async #confirm(): Promise<void> {
    const { seeds } = this.#sweep;
    const last = this.#state.stages.at(-1);
    if (seeds < 2 || !last) return;
    const firsts = this.#state.endedOf(last.stage).filter((trial) => !Number.isNaN(scoreOf(trial)));
    const best = firsts.sort(compareTrials).slice(0, CONFIRMED);
    let number = last.firstTrial + last.trials;
    const repetitions = best.flatMap((trial) =>
      Array.from(
        { length: seeds - 1 },
        (_, k): TrialStartedEvent => ({
          type: 'trialStarted',
          number: number++,
          stage: last.stage + 1,
          parameters: trial.parameters,
          seed: this.#journal.started.seed + k + 1,
          epochs: last.epochs,
          repeats: trial.number,
        }),
      ),
    );
    await this.#trials.advanceAll(repetitions, null);
  }

  #result(complete: boolean): SweepResult {
    const ended = [...this.#state.trials.values()].filter(({ ended }) => ended);
    return {
      type: 'sweep',
      best: bestOf(this.#state),
      trials: ended.length,
      findings: findingsOf(
        this.#journal.started.configText,
        this.#configFile,
        this.#state,
        ranking(this.#state),
      ),
      run: this.#journal.folder,
      complete,
    };
  }

  get #state(): SweepState {
    return this.#journal.state;
  }
}
