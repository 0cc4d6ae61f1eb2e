import { availableParallelism, totalmem } from 'node:os';
import type { FinishedEvent } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';
import { CANNOT_SAVE } from '../runs/disk-error.ts';
import { launchRun, type RunHandle } from '../session/launch.ts';
import { MemoryBudget } from '../session/memory-budget.ts';
import { RunThreads } from '../session/run-threads.ts';
import type { Executor, RunningTrial, TrialOutcome, TrialReports, TrialTask } from './executor.ts';

/** Of the machine's memory; the rest is for data and for others. */
const MEMORY_SHARE = 0.8;

export interface ThreadOptions {
  /** The bundle of core/worker.ts. */
  workerFile: string;
  /** How many at a time; one a core by default. */
  maxParallel?: number;
  /** In an untrusted workspace: data is read only inside these folders. null: anywhere. */
  readableRoots?: string[] | null;
  /** What all trials, and others beside them, may use together; by default most of this machine's memory. */
  budget?: MemoryBudget;
}

/**
 * Trains trials on the cores of this machine, each in a worker thread of its own: one that crashes or runs out of
 * memory takes no other with it. One for which there is no room beside others waits for them: whether it fits does not
 * depend on who they are.
 */
export class ThreadExecutor implements Executor {
  readonly parallel: number;
  readonly #options: ThreadOptions;
  readonly #running = new Set<RunHandle>();
  readonly #threads = new RunThreads();
  readonly #budget: MemoryBudget;

  constructor(options: ThreadOptions) {
    this.#options = options;
    this.parallel = options.maxParallel ?? availableParallelism();
    this.#budget = options.budget ?? new MemoryBudget(MEMORY_SHARE * totalmem());
  }

  run(
    { name, configFile, configText, runsFolder, resume, until, keep, whole }: TrialTask,
    reports: TrialReports,
  ): RunningTrial {
    const { workerFile, readableRoots = null } = this.#options;
    const run = launchRun(
      {
        configFile,
        configText,
        runsFolder,
        readableRoots,
        name,
        ...(resume !== null && { resume }),
        ...(keep && { keep }),
        trial: { thin: !whole, ...(until !== null && { until }) },
      },
      { workerFile, budget: this.#budget, waits: true, threads: 1, pool: this.#threads },
    );
    this.#running.add(run);
    run.folder.then(reports.opened, () => {});
    run.onEvents((events) => {
      for (const event of events)
        if (event.type === 'epoch') {
          const { epoch, train, validation } = event;
          reports.epoch({ epoch, train, validation });
        }
    });
    let stopped = false;
    const done = run.done
      .then((finished) => outcomeOf(finished, until, stopped), failure)
      .finally(() => this.#running.delete(run));
    return {
      done,
      stop: () => {
        stopped = true;
        run.stop().catch(() => {});
      },
    };
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#running].map((run) => run.dispose()));
    await this.#threads.dispose();
  }
}

function outcomeOf(
  { reason, message, epochs, train, validation }: FinishedEvent,
  until: number | null,
  stopped: boolean,
): TrialOutcome {
  if (reason === 'failed' && message?.startsWith(CANNOT_SAVE)) throw new UserError(message);
  const waits = reason === 'stopped' && !stopped && until !== null && epochs >= until;
  const state = waits ? 'waits' : reason;
  return { state, epochs, train, validation, ...(message !== undefined && { message }) };
}

/** Refused, or broken down before its run had a folder. */
function failure(error: unknown): TrialOutcome {
  const message = error instanceof Error ? error.message : String(error);
  if (message.startsWith(CANNOT_SAVE)) throw error;
  const place = error instanceof UserError ? error.place : undefined;
  return { state: 'failed', message, place, epochs: 0, train: null, validation: null };
}
