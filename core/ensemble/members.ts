import { join } from 'node:path';
import { UserError } from '../events/user-error.ts';
import { listRun } from '../runs/list.ts';
import type { MemoryBudget } from '../session/memory-budget.ts';
import { runName } from '../session/started.ts';
import type { RunningTrial, TrialOutcome, TrialReports } from '../sweep/executor.ts';
import { inParallel } from '../sweep/pool.ts';
import { ThreadExecutor } from '../sweep/threads.ts';
import type { MemberProgress, MemberTrained } from './protocol.ts';
import type { Training } from './trainings.ts';

/** Where the runs of an ensemble are kept, in its folder. */
export const MEMBERS_FOLDER = 'members';

interface Facts {
  configFile: string;
  readableRoots: string[] | null;
  /** Of the ensemble, absolute. */
  folder: string;
  /** How many runs there are, the distilled one too, and the epochs of each. */
  runs: number;
  epochs: number;
  workerFile: string;
  budget: MemoryBudget;
  /** Runs at a time, each on one thread. */
  workers: number;
  /** Ends them: they close their logs. */
  signal: AbortSignal;
  tell(event: MemberProgress | MemberTrained): void;
}

/** Trains the runs of an ensemble on the cores of this machine, and tells of each. */
export class Members {
  readonly #facts: Facts;
  readonly #executor: ThreadExecutor;
  readonly #running = new Set<RunningTrial>();
  /** Trained epochs of each run. */
  readonly #epochs = new Map<number, number>();
  readonly #stop = () => this.#stopAll();

  constructor(facts: Facts) {
    const { workerFile, workers, readableRoots, budget, signal } = facts;
    this.#facts = facts;
    this.#executor = new ThreadExecutor({
      workerFile,
      maxParallel: workers,
      readableRoots,
      budget,
    });
    signal.addEventListener('abort', this.#stop);
  }

  /** In the order of their numbers, of which the first is given; nothing is left running where one cannot be kept. */
  async train(trainings: readonly Training[], first: number): Promise<MemberTrained[]> {
    const { signal } = this.#facts;
    const members: MemberTrained[] = [];
    await inParallel(
      [...trainings.entries()],
      this.#executor.parallel,
      signal,
      async ([i, training]) => {
        try {
          members[i] = await this.#train(training, first + i);
        } catch (error) {
          this.#stopAll();
          throw error;
        }
      },
    );
    signal.throwIfAborted();
    return members;
  }

  /** Resolves when nothing runs any more. */
  async dispose(): Promise<void> {
    this.#facts.signal.removeEventListener('abort', this.#stop);
    await this.#executor.dispose();
  }

  #stopAll(): void {
    for (const run of this.#running) run.stop();
  }

  async #train(training: Training, number: number): Promise<MemberTrained> {
    const { runs, signal, tell } = this.#facts;
    const { seed, bootstrap } = training;
    let run: string | null = null;
    const opened = (folder: string) => {
      run = folder;
    };
    const told = (outcome: Pick<TrialOutcome, 'message' | 'epochs' | 'validation'>) => ({
      type: 'member' as const,
      number,
      of: runs,
      seed,
      bootstrap,
      ...(outcome.message !== undefined && { message: outcome.message }),
      epochs: outcome.epochs,
      validation: outcome.validation,
    });
    let outcome: TrialOutcome;
    try {
      outcome = await this.#run(training, number, opened);
    } catch (error) {
      if (run !== null && error instanceof UserError) {
        const { message } = error;
        const left = { message, epochs: this.#epochs.get(number) ?? 0, validation: null };
        tell({ ...told(left), reason: 'failed', findings: [], run });
      }
      throw error;
    }
    signal.throwIfAborted();
    const { state, message, place } = outcome;
    if (run === null) throw new UserError(message ?? 'This member could not be trained.', place);
    const member: MemberTrained = {
      ...told(outcome),
      reason: state === 'waits' ? 'stopped' : state,
      findings: await rulesOf(run),
      run,
    };
    tell(member);
    return member;
  }

  async #run(
    { name, configText, keep, seed, bootstrap }: Training,
    number: number,
    opened: TrialReports['opened'],
  ): Promise<TrialOutcome> {
    const { configFile, folder, signal } = this.#facts;
    signal.throwIfAborted();
    const run = this.#executor.run(
      {
        number,
        name: `${runName(configFile)} ${name}`,
        configFile,
        configText,
        runsFolder: join(folder, MEMBERS_FOLDER),
        resume: null,
        until: null,
        keep,
        whole: true,
      },
      {
        opened,
        epoch: ({ epoch, validation }) => {
          this.#epochs.set(number, epoch);
          const { runs, epochs, tell } = this.#facts;
          const done = [...this.#epochs.values()].reduce((sum, one) => sum + one, 0);
          const share = done / (runs * epochs);
          tell({ type: 'progress', share, number, seed, bootstrap, epoch, validation });
        },
      },
    );
    this.#running.add(run);
    try {
      return await run.done;
    } finally {
      this.#running.delete(run);
    }
  }
}

/** Of the findings that hold in the end. */
async function rulesOf(run: string): Promise<string[]> {
  const last = (await listRun(run))?.outline.findLast(({ type }) => type === 'finished');
  return last?.type === 'finished' ? last.findings.map(({ rule }) => rule) : [];
}
