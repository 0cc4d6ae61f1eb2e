import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TrialEvent, TrialStartedEvent } from '../events/sweep-event.ts';
import { UserError } from '../events/user-error.ts';
import type { Executor, RunningTrial, TrialOutcome, TrialReports } from './executor.ts';
import type { Journal } from './journal.ts';
import { TRIALS_FOLDER } from './log.ts';
import { inParallel } from './pool.ts';
import { trainOn } from './train-on.ts';
import type { TrialConfigs } from './trial.ts';

interface Facts {
  /** Absolute path of the sweep's config. */
  configFile: string;
  configs: TrialConfigs;
  executor: Executor;
  /** Ends the sweep; it can go on later. */
  signal: AbortSignal;
}

/** The trials of a sweep, from their first epoch to what became of them: all of it stands in the journal. */
export class TrialLife {
  readonly #journal: Journal;
  readonly #facts: Facts;
  readonly #running = new Set<RunningTrial>();
  /** What keeps the sweep from going on: a full disk, say. */
  #failure: unknown = null;

  constructor(journal: Journal, facts: Facts) {
    this.#journal = journal;
    this.#facts = facts;
  }

  /** All of them up to a rung, or to their end; nothing is left running where one cannot be kept. */
  async advanceAll(trials: readonly TrialStartedEvent[], until: number | null): Promise<void> {
    const { executor, signal } = this.#facts;
    await inParallel(trials, executor.parallel, signal, async (trial) => {
      try {
        await this.#advance(trial, until);
        if (this.#failure) throw this.#failure;
      } catch (error) {
        this.stopAll();
        throw error;
      }
    });
  }

  /** Others did better up to this rung. */
  giveUp(spec: TrialStartedEvent, rung: number, stopping: string): void {
    const { epochs, ended } = this.#journal.recordOf(spec.number);
    if (ended) return;
    const last = epochs[rung - 1];
    this.#end(spec, {
      state: 'stopped',
      message: `Others did better after ${rung} of ${spec.epochs} epochs (${stopping}).`,
      epochs: rung,
      train: last?.train ?? null,
      validation: last?.validation ?? null,
    });
  }

  stopAll(): void {
    for (const trial of this.#running) trial.stop();
  }

  /** Runs that a dying process had begun without having told of them. */
  async removeOrphans(): Promise<void> {
    const { folder, state } = this.#journal;
    const runs = join(folder, TRIALS_FOLDER);
    const known = new Set([...state.trials.values()].map(({ run }) => run));
    const others = (await this.#facts.executor.begunMeanwhile?.(runs)) ?? [];
    for (const run of others) known.add(`${TRIALS_FOLDER}/${basename(run)}`);
    const names = existsSync(runs) ? await readdir(runs) : [];
    for (const name of names)
      if (!known.has(`${TRIALS_FOLDER}/${name}`))
        await rm(join(runs, name), { recursive: true, force: true });
  }

  /** Trains a trial up to a rung, or to its end, if it is not there yet. */
  async #advance(spec: TrialStartedEvent, until: number | null): Promise<void> {
    const { number } = spec;
    if (!this.#journal.state.trials.has(number)) this.#journal.emit(spec);
    const { ended, waits, run } = this.#journal.recordOf(number);
    if (ended || (until !== null && waits >= until)) return;
    const outcome = await trainOn(
      run === null ? null : join(this.#journal.folder, run),
      until,
      (epoch) => this.#epoch(number, epoch),
      (resume) => this.#run(spec, until, resume),
    );
    this.#settle(spec, outcome);
  }

  async #run(
    spec: TrialStartedEvent,
    until: number | null,
    resume: string | null,
  ): Promise<TrialOutcome> {
    const { number, repeats, seed } = spec;
    const { configFile, configs, executor } = this.#facts;
    let configText: string;
    try {
      configText = configs.of(spec);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { state: 'failed', message: error.message, epochs: 0, train: null, validation: null };
    }
    const { folder, started } = this.#journal;
    const of = repeats === undefined ? `${number}` : `${repeats} seed ${seed}`;
    const trial = executor.run(
      {
        number,
        name: `${started.name} trial ${of}`,
        configFile,
        configText,
        runsFolder: join(folder, TRIALS_FOLDER),
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
      this.stopAll();
    }
  }

  #opened(number: number, folder: string): void {
    const run = `${TRIALS_FOLDER}/${basename(folder)}`;
    if (this.#journal.recordOf(number).run !== run)
      this.#journal.emit({ type: 'trialRun', number, run });
  }

  #epoch(number: number, epoch: Parameters<TrialReports['epoch']>[0]): void {
    if (this.#journal.recordOf(number).epochs[epoch.epoch - 1]) return;
    this.#journal.emit({ type: 'trialEpoch', number, ...epoch });
  }

  #settle(spec: TrialStartedEvent, outcome: TrialOutcome): void {
    const { state, message, requeues, epochs, train, validation } = outcome;
    switch (state) {
      case 'waits':
        this.#journal.emit({ type: 'trialWaits', number: spec.number, epochs });
        break;
      case 'stopped':
        break;
      case 'diverged':
        // What it was before its cost exploded says nothing about it.
        this.#end(spec, {
          ...{ state: 'stopped', message, requeues, epochs },
          ...{ train: null, validation: null },
        });
        break;
      default:
        this.#end(spec, { state, message, requeues, epochs, train, validation });
    }
  }

  #end(
    { number, stage, parameters, seed, repeats }: TrialStartedEvent,
    told: Pick<TrialEvent, 'state' | 'message' | 'requeues' | 'epochs' | 'train' | 'validation'>,
  ): void {
    const { run } = this.#journal.recordOf(number);
    this.#journal.emit({
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
}
