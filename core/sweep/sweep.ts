import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Config, parseConfig, type SweepConfig } from '../config/index.ts';
import type {
  RangesNow,
  StageEvent,
  SweepEvent,
  SweepFinishedEvent,
  SweepStartedEvent,
  TrialEvent,
  TrialStartedEvent,
} from '../events/sweep-event.ts';
import { SWEEP_FORMAT_VERSION } from '../events/sweep-event.ts';
import { UserError } from '../events/user-error.ts';
import { hasLiveOwner } from '../runs/owner.ts';
import { runName } from '../session/started.ts';
import { bestOf, ranking } from './best.ts';
import type { Executor, RunningTrial, TrialOutcome } from './executor.ts';
import { findingsOf } from './findings/index.ts';
import { SweepLog, TRIALS_FOLDER } from './log.ts';
import { inParallel } from './pool.ts';
import { recover } from './recover.ts';
import { roundSize, SAMPLERS, trialCount } from './samplers/index.ts';
import type { KnownPoint } from './samplers/sampler.ts';
import { compareTrials, scoreOf } from './score.ts';
import { type Dimension, rangesOf, spaceOf, unitOf, valuesAt, withRanges } from './space.ts';
import { narrow, type Stage, stagesOf } from './stages.ts';
import { SweepState, scoresOf } from './state.ts';
import { rungsOf, survivors } from './stopping.ts';
import { TrialConfigs } from './trial.ts';

/** How many of the best are trained on other seeds in the end. */
export const CONFIRMED = 3;

export interface SweepRequest {
  /** Absolute path of the config; relative paths in it are relative to its folder. */
  configFile: string;
  /** Its text, with any override already applied. */
  configText: string;
  /** Absolute path of the folder that receives the sweep's folder, e.g. `…/.trainscope/sweeps`. */
  sweepsFolder: string;
  /** Absolute path of the folder of an earlier sweep that is to go on; its own config counts then. */
  resume: string | null;
}

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
  /** Hears of all events in order, and of which folder; of a sweep that goes on also those of before. */
  tell(event: SweepEvent, folder: string): void;
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
  const { log, events, started } = open(request);
  try {
    return await new Sweep(request.configFile, log, events, started, host).run();
  } finally {
    await host.executor.dispose();
    log.close();
  }
}

function open({ configFile, configText, sweepsFolder, resume }: SweepRequest): {
  log: SweepLog;
  events: SweepEvent[];
  started: SweepStartedEvent;
} {
  if (resume !== null) {
    const { log, events } = SweepLog.reopen(resume);
    const [started] = events;
    if (started?.type !== 'sweepStarted') throw new Error('The log was not read to its start.');
    return { log, events, started };
  }
  const { config } = sweepConfigOf(configText, configFile);
  const started: SweepStartedEvent = {
    type: 'sweepStarted',
    formatVersion: SWEEP_FORMAT_VERSION,
    startedAt: Date.now(),
    name: runName(configFile),
    config: basename(configFile),
    configText,
    seed: config.training.seed,
  };
  return { log: SweepLog.create(sweepsFolder, started), events: [started], started };
}

/** Throws UserError where the text is no config with a sweep. */
export function sweepConfigOf(
  text: string,
  configFile: string,
): { config: Config; sweep: SweepConfig; space: Dimension[] } {
  const { config, problems, valueAt } = parseConfig(text, basename(configFile));
  const [problem] = problems;
  if (!config || problem)
    throw new UserError(problem?.message ?? 'This config cannot be used.', {
      file: configFile,
      path: problem?.path ?? [],
      ...(problem && {
        line: problem.range.start.line + 1,
        column: problem.range.start.character + 1,
      }),
    });
  const { sweep } = config;
  if (!sweep)
    throw new UserError(
      'This config says nothing about a search. Add for example\nsweep:\n  parameters:\n    optimizer.learningRate: { log: [1e-6, 1] }',
      { file: configFile, path: [] },
    );
  return { config, sweep, space: spaceOf(sweep, valueAt([])) };
}

class Sweep {
  readonly #configFile: string;
  readonly #log: SweepLog;
  readonly #host: SweepHost;
  readonly #started: SweepStartedEvent;
  readonly #sweep: SweepConfig;
  readonly #stages: Stage[];
  readonly #configs: TrialConfigs;
  /** As the config has it. */
  readonly #space: Dimension[];
  readonly #state = new SweepState();
  readonly #running = new Set<RunningTrial>();
  /** By an earlier process. */
  readonly #wasBegun: boolean;
  /** What keeps the sweep from going on: a full disk, say. */
  #failure: unknown = null;

  constructor(
    configFile: string,
    log: SweepLog,
    events: readonly SweepEvent[],
    started: SweepStartedEvent,
    host: SweepHost,
  ) {
    const { config, sweep, space } = sweepConfigOf(started.configText, configFile);
    this.#configFile = configFile;
    this.#log = log;
    this.#started = started;
    this.#host = host;
    this.#sweep = sweep;
    this.#configs = new TrialConfigs(started.configText, configFile, space);
    this.#stages = stagesOf(config, sweep);
    this.#space = space;
    for (const event of events) this.#hear(event);
    this.#wasBegun = events.length > 1;
  }

  async run(): Promise<SweepResult> {
    const { signal } = this.#host;
    if (this.#state.finished) return this.#result(true);
    if (this.#wasBegun) await this.#removeOrphans();
    const stop = () => this.#stopAll();
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
      this.#emit(finished);
      return { ...finished, complete };
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  #stopAll(): void {
    for (const trial of this.#running) trial.stop();
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
    this.#emit(event);
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
    const specs: TrialStartedEvent[] = [];
    const spec = (index: number, parameters: TrialStartedEvent['parameters']) => ({
      type: 'trialStarted' as const,
      number: firstTrial + index,
      stage,
      parameters,
      seed: this.#started.seed,
      epochs,
    });
    for (let first = 0; first < total; first += round) {
      const points = SAMPLERS[this.#sweep.sampler]({
        space,
        seed: this.#started.seed,
        stage,
        first,
        count: Math.min(round, total - first),
        total,
        known: this.#known(stage, space),
      });
      const cohort = points.map((point, i) => spec(again + first + i, valuesAt(space, point)));
      if (first === 0 && again === 1)
        cohort.unshift(spec(0, best?.parameters ?? cohort[0]!.parameters));
      specs.push(...cohort);
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
      await this.#advanceAll(alive, rung);
      if (rung === null || this.#host.signal.aborted) return;
      const waiting = alive.filter(({ number }) => this.#record(number).waits >= rung);
      const goOn = survivors(
        stopping,
        waiting.map(({ number }) => ({
          number,
          scores: scoresOf(this.#record(number), rung),
        })),
      );
      for (const trial of waiting) if (!goOn.has(trial.number)) this.#giveUp(trial, rung);
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
          seed: this.#started.seed + k + 1,
          epochs: last.epochs,
          repeats: trial.number,
        }),
      ),
    );
    await this.#advanceAll(repetitions, null);
  }

  /** All of them up to a rung, or to their end; nothing is left running where one cannot be kept. */
  async #advanceAll(trials: readonly TrialStartedEvent[], until: number | null): Promise<void> {
    const { executor, signal } = this.#host;
    await inParallel(trials, executor.parallel, signal, async (trial) => {
      try {
        await this.#advance(trial, until);
        if (this.#failure) throw this.#failure;
      } catch (error) {
        this.#stopAll();
        throw error;
      }
    });
  }

  /** Trains a trial up to a rung, or to its end, if it is not there yet. */
  async #advance(spec: TrialStartedEvent, until: number | null): Promise<void> {
    const { number } = spec;
    if (!this.#state.trials.has(number)) this.#emit(spec);
    const record = this.#record(number);
    if (record.ended || (until !== null && record.waits >= until)) return;
    let resume: string | null = null;
    if (record.run !== null) {
      const folder = join(this.#log.folder, record.run);
      // On a cluster it may have gone on without us.
      if (hasLiveOwner(folder)) return this.#settle(spec, await this.#run(spec, until, folder));
      const left = await recover(folder, until, (epoch) => this.#epoch(number, epoch));
      if (left.how === 'over') return this.#settle(spec, left.outcome);
      if (left.how === 'continue') resume = folder;
      else await rm(folder, { recursive: true, force: true });
    }
    const outcome = await this.#run(spec, until, resume);
    // What cannot go on, for whatever reason, is trained from its beginning.
    const isLost = resume !== null && outcome.state === 'failed';
    if (!isLost || resume === null) return this.#settle(spec, outcome);
    await rm(resume, { recursive: true, force: true });
    this.#settle(spec, await this.#run(spec, until, null));
  }

  async #run(
    spec: TrialStartedEvent,
    until: number | null,
    resume: string | null,
  ): Promise<TrialOutcome> {
    const { number, repeats, seed } = spec;
    let configText: string;
    try {
      configText = this.#configs.of(spec);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { state: 'failed', message: error.message, epochs: 0, train: null, validation: null };
    }
    const of = repeats === undefined ? `${number}` : `${repeats} seed ${seed}`;
    const trial = this.#host.executor.run(
      {
        number,
        name: `${this.#started.name} trial ${of}`,
        configFile: this.#configFile,
        configText,
        runsFolder: join(this.#log.folder, TRIALS_FOLDER),
        resume,
        until,
      },
      {
        opened: (run) => this.#keep(() => this.#opened(number, run)),
        epoch: (epoch) => this.#keep(() => this.#epoch(number, epoch)),
      },
    );
    this.#running.add(trial);
    try {
      return await trial.done;
    } finally {
      this.#running.delete(trial);
    }
  }

  /** What an executor tells comes from nowhere: nobody would catch what is thrown there. */
  #keep(work: () => void): void {
    try {
      if (!this.#failure) work();
    } catch (error) {
      this.#failure = error;
      this.#stopAll();
    }
  }

  #opened(number: number, folder: string): void {
    const run = `${TRIALS_FOLDER}/${basename(folder)}`;
    if (this.#record(number).run !== run) this.#emit({ type: 'trialRun', number, run });
  }

  #epoch(number: number, epoch: Parameters<Parameters<Executor['run']>[1]['epoch']>[0]): void {
    if (this.#record(number).epochs[epoch.epoch - 1]) return;
    this.#emit({ type: 'trialEpoch', number, ...epoch });
  }

  #settle(spec: TrialStartedEvent, outcome: TrialOutcome): void {
    const { state, message, requeues, epochs, train, validation } = outcome;
    if (state === 'waits') this.#emit({ type: 'trialWaits', number: spec.number, epochs });
    else if (state === 'stopped') return;
    else if (state === 'diverged')
      // What it was before its cost exploded says nothing about it.
      this.#end(spec, {
        ...{ state: 'stopped' as const, message, requeues, epochs },
        ...{ train: null, validation: null },
      });
    else this.#end(spec, { state, message, requeues, epochs, train, validation });
  }

  #giveUp(spec: TrialStartedEvent, rung: number): void {
    const { epochs, ended } = this.#record(spec.number);
    if (ended) return;
    const last = epochs[rung - 1];
    this.#end(spec, {
      state: 'stopped',
      message: `Others did better after ${rung} of ${spec.epochs} epochs (${this.#sweep.stopping}).`,
      epochs: rung,
      train: last?.train ?? null,
      validation: last?.validation ?? null,
    });
  }

  #end(
    { number, stage, parameters, seed, repeats }: TrialStartedEvent,
    told: Pick<TrialEvent, 'state' | 'message' | 'requeues' | 'epochs' | 'train' | 'validation'>,
  ): void {
    const { run } = this.#record(number);
    this.#emit({
      type: 'trial',
      number,
      stage,
      parameters,
      seed,
      ...(repeats !== undefined && { repeats }),
      ...told,
      run,
    });
  }

  #result(complete: boolean): SweepResult {
    const ended = [...this.#state.trials.values()].filter(({ ended }) => ended);
    return {
      type: 'sweep',
      best: bestOf(this.#state),
      trials: ended.length,
      findings: findingsOf(
        this.#started.configText,
        this.#configFile,
        this.#state,
        ranking(this.#state),
      ),
      run: this.#log.folder,
      complete,
    };
  }

  /** Runs that a dying process had begun without having told of them. */
  async #removeOrphans(): Promise<void> {
    const runs = join(this.#log.folder, TRIALS_FOLDER);
    const known = new Set([...this.#state.trials.values()].map(({ run }) => run));
    const others = (await this.#host.executor.begunMeanwhile?.(runs)) ?? [];
    for (const run of others) known.add(`${TRIALS_FOLDER}/${basename(run)}`);
    const names = existsSync(runs) ? await readdir(runs) : [];
    for (const name of names)
      if (!known.has(`${TRIALS_FOLDER}/${name}`))
        await rm(join(runs, name), { recursive: true, force: true });
  }

  #record(number: number) {
    const record = this.#state.trials.get(number);
    if (!record) throw new Error(`Trial ${number} has not begun.`);
    return record;
  }

  #hear(event: SweepEvent): void {
    this.#state.see(event);
    this.#host.tell(event, this.#log.folder);
  }

  #emit(event: SweepEvent): void {
    this.#log.append(event);
    this.#hear(event);
  }
}
