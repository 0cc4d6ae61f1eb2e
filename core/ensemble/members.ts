import { join } from 'node:path';
import type { FinishReason } from '../events/run-event.ts';
import { type Place, UserError } from '../events/user-error.ts';
import { listRun, listRuns } from '../runs/list.ts';
import type { MemoryBudget } from '../session/memory-budget.ts';
import { runName } from '../session/started.ts';
import type { RunningTrial, TrialOutcome, TrialReports } from '../sweep/executor.ts';
import { inParallel } from '../sweep/pool.ts';
import { ThreadExecutor } from '../sweep/threads.ts';
import { trainOn } from '../sweep/train-on.ts';
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
  /** Those that an earlier process has trained. */
  ended: readonly MemberTrained[];
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
    const { workerFile, workers, readableRoots, budget, signal, ended } = facts;
    this.#facts = facts;
    for (const { number, epochs } of ended) this.#epochs.set(number, epochs);
    this.#executor = new ThreadExecutor({
      workerFile,
      maxParallel: workers,
      readableRoots,
      budget,
    });
    signal.addEventListener('abort', this.#stop);
  }

  /**
   * In the order of their numbers, of which the first is given. A member that fails takes no other with it. Throws
   * UserError where all are refused, and where none can be kept.
   */
  async train(trainings: readonly Training[], first: number): Promise<MemberTrained[]> {
    const { ended, signal, tell } = this.#facts;
    const members: MemberTrained[] = [];
    for (const i of trainings.keys()) {
      const known = ended.find(({ number }) => number === first + i);
      if (known) members[i] = known;
    }
    const left = await this.#left();
    const wanted = [...trainings.entries()].filter(([i]) => !members[i]);
    await inParallel(wanted, this.#executor.parallel, signal, async ([i, training]) => {
      try {
        members[i] = await this.#train(training, first + i, left);
        if (members[i].run !== null) tell(members[i]);
      } catch (error) {
        // Nothing is left running where one cannot be kept.
        this.#stopAll();
        throw error;
      }
    });
    signal.throwIfAborted();
    const refused = members.filter(({ run }) => run === null);
    if (refused[0] && refused.length === members.length) {
      const { number, message = '' } = refused[0];
      throw new UserError(message, this.#places.get(number));
    }
    for (const member of refused) tell(member);
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

  /** The runs that an earlier process has begun, by their names. */
  async #left(): Promise<ReadonlyMap<string, string>> {
    const runs = await listRuns(join(this.#facts.folder, MEMBERS_FOLDER));
    return new Map(runs.reverse().map(({ name, folder }) => [name, folder]));
  }

  async #train(
    training: Training,
    number: number,
    left: ReadonlyMap<string, string>,
  ): Promise<MemberTrained> {
    const { runs, signal, tell, configFile } = this.#facts;
    const { seed, bootstrap, distilled } = training;
    const who = { number, seed, bootstrap, ...(distilled && { distilled }) };
    const name = `${runName(configFile)} ${training.name}`;
    let run = left.get(name) ?? null;
    const opened = (folder: string) => {
      run = folder;
    };
    const member = (
      reason: FinishReason,
      { message, epochs, validation }: Pick<TrialOutcome, 'message' | 'epochs' | 'validation'>,
      findings: string[],
    ): MemberTrained => ({
      ...{ type: 'member', ...who, of: runs, reason },
      ...(message !== undefined && { message }),
      ...{ epochs, validation, findings, run },
    });
    const report: TrialReports['epoch'] = ({ epoch, validation }) => {
      this.#epochs.set(number, epoch);
      const share = this.#share();
      tell({ type: 'progress', share, ...who, epoch, validation });
    };
    let outcome: TrialOutcome;
    try {
      outcome = await trainOn(run, null, report, (resume) => {
        run = resume;
        return this.#run({ ...training, name }, number, resume, { opened, epoch: report });
      });
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
    { name, configText, keep }: Training,
    number: number,
    resume: string | null,
    reports: TrialReports,
  ): Promise<TrialOutcome> {
    const { configFile, folder, signal } = this.#facts;
    signal.throwIfAborted();
    const runsFolder = join(folder, MEMBERS_FOLDER);
    const run = this.#executor.run(
      { number, name, configFile, configText, runsFolder, resume, until: null, keep, whole: true },
      reports,
    );
    this.#running.add(run);
    try {
      return await run.done;
    } finally {
      this.#running.delete(run);
    }
  }

  /** Of all epochs of all runs, what has been trained. */
  #share(): number {
    const { runs, epochs } = this.#facts;
    return [...this.#epochs.values()].reduce((sum, one) => sum + one, 0) / (runs * epochs);
  }
}

/** Of the findings that hold in the end. */
async function rulesOf(run: string): Promise<string[]> {
  const last = (await listRun(run))?.outline.findLast(({ type }) => type === 'finished');
  return last?.type === 'finished' ? last.findings.map(({ rule }) => rule) : [];
}
