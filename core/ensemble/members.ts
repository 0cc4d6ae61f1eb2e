import { join } from 'node:path';
import type { FinishReason } from '../events/run-event.ts';
import { type Place, UserError } from '../events/user-error.ts';
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
  /** Of what a run was refused for. */
  readonly #places = new Map<number, Place>();
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

  /**
   * In the order of their numbers, of which the first is given. A member that fails takes no other with it; one that
   * was refused beside others is tried again when they are done: then it has the memory alone. Throws UserError where
   * all are refused, and where none can be kept.
   */
  async train(trainings: readonly Training[], first: number): Promise<MemberTrained[]> {
    const all = [...trainings.entries()];
    const members: MemberTrained[] = [];
    await this.#each(all, this.#executor.parallel, async ([i, training]) => {
      members[i] = await this.#train(training, first + i);
      if (members[i].run !== null) this.#facts.tell(members[i]);
    });
    const refused = members.filter(({ run }) => run === null);
    if (refused.length === members.length && refused[0]) {
      const { message = '', number } = refused[0];
      throw new UserError(message, this.#places.get(number));
    }
    const again = all.filter(([i]) => members[i].run === null);
    await this.#each(again, 1, async ([i, training]) => {
      members[i] = await this.#train(training, first + i);
      this.#facts.tell(members[i]);
    });
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

  /** Nothing is left running where one cannot be kept. */
  async #each<T>(items: readonly T[], parallel: number, work: (item: T) => Promise<void>) {
    const { signal } = this.#facts;
    await inParallel(items, parallel, signal, async (item) => {
      try {
        await work(item);
      } catch (error) {
        this.#stopAll();
        throw error;
      }
    });
    signal.throwIfAborted();
  }

  async #train(training: Training, number: number): Promise<MemberTrained> {
    const { runs, signal, tell } = this.#facts;
    const { seed, bootstrap } = training;
    let run: string | null = null;
    const opened = (folder: string) => {
      run = folder;
    };
    const member = (
      reason: FinishReason,
      { message, epochs, validation }: Pick<TrialOutcome, 'message' | 'epochs' | 'validation'>,
      findings: string[],
    ): MemberTrained => ({
      ...{ type: 'member', number, of: runs, seed, bootstrap, reason },
      ...(message !== undefined && { message }),
      ...{ epochs, validation, findings, run },
    });
    let outcome: TrialOutcome;
    try {
      outcome = await this.#run(training, number, opened);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const epochs = this.#epochs.get(number) ?? 0;
      tell(member('failed', { message: error.message, epochs, validation: null }, []));
      throw error;
    }
    signal.throwIfAborted();
    const { state, place } = outcome;
    if (place) this.#places.set(number, place);
    return member(state === 'waits' ? 'stopped' : state, outcome, run ? await rulesOf(run) : []);
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
