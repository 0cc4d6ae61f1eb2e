import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SlurmConfig } from '../../config/schema/sweep.ts';
import { UserError } from '../../events/user-error.ts';
import { Deferred } from '../../session/deferred.ts';
import type { Executor, RunningTrial, TrialOutcome, TrialReports, TrialTask } from '../executor.ts';
import {
  cancel,
  type Environment,
  isAlive,
  type JobId,
  jobsNamed,
  type QueuedJob,
  submit,
} from './queue.ts';
import { type Report, ReportReader } from './reports.ts';
import { type JobArray, script, submission } from './script.ts';

/** The usual MaxArraySize. */
const LARGEST_ARRAY = 1000;
/** Trials that are asked for one after the other go into one array. */
const GATHER_MS = 50;
const LOOK_MS = 1000;
/** Looks at the reports between two questions to Slurm. */
const LOOKS_PER_QUESTION = 3;
/** A job that has left the queue without a last word may have said it on a slow file system. */
const QUESTIONS_BEFORE_LOST = 3;

export const TASK_FILE = 'task.json';
export const REPORT_FILE = 'report.jsonl';

export interface SlurmOptions {
  executor: SlurmConfig;
  /** What each task runs: Node, and the bundle of the command line. */
  node: string;
  cli: string;
  env: Environment;
}

/**
 * Trials as jobs of Slurm: those that are asked for together are one job array, and each job runs the same
 * command line. It writes its run, and a file of reports that is read here: nothing of ours has to run on
 * the cluster. What an owner has submitted that was killed since is found again by its name, and followed.
 */
export class SlurmExecutor implements Executor {
  readonly parallel = LARGEST_ARRAY;
  readonly #options: SlurmOptions;
  readonly #trials = new Set<Trial>();
  #gathered: Trial[] = [];
  #gathering: NodeJS.Timeout | null = null;
  #looking: NodeJS.Timeout | null = null;
  #looks = 0;
  #disposed = false;

  constructor(options: SlurmOptions) {
    this.#options = options;
  }

  run(task: TrialTask, reports: TrialReports): RunningTrial {
    const trial = new Trial(task, reports);
    this.#trials.add(trial);
    this.#gathered.push(trial);
    this.#gathering ??= setTimeout(() => void this.#submitGathered(), GATHER_MS);
    return {
      done: trial.done.promise,
      stop: () => {
        trial.stopping = true;
        if (trial.job) void this.#cancel([trial]);
      },
    };
  }

  async begunMeanwhile(runsFolder: string): Promise<string[]> {
    const folder = folderBeside(runsFolder);
    const tasks = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const told = tasks
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => new ReportReader(join(folder, name, REPORT_FILE)).read());
    return (await Promise.all(told))
      .flat()
      .flatMap((one) => (one.type === 'opened' ? one.run : []));
  }

  /** Cancels all jobs; resolves when the last of them has told its end, or is not heard of any more. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    if (this.#gathering) clearTimeout(this.#gathering);
    for (const trial of this.#gathered) trial.end(stopped(trial));
    this.#gathered = [];
    await this.#cancel([...this.#trials]);
    await Promise.allSettled([...this.#trials].map(({ done }) => done.promise));
    if (this.#looking) clearTimeout(this.#looking);
  }

  async #submitGathered(): Promise<void> {
    const trials = this.#gathered;
    this.#gathered = [];
    this.#gathering = null;
    try {
      const fresh: Trial[] = [];
      for (const trial of trials) if (!(await this.#adopt(trial))) fresh.push(trial);
      for (let from = 0; from < fresh.length; from += LARGEST_ARRAY)
        await this.#submit(fresh.slice(from, from + LARGEST_ARRAY));
    } catch (error) {
      for (const trial of trials) if (!trial.job) this.#fail(trial, error);
    }
    this.#lookSoon();
  }

  /** Whether an owner before this one has submitted it: then it is only followed. */
  async #adopt(trial: Trial): Promise<boolean> {
    const place = await readPlace(trial.folder);
    if (!place) return false;
    const told = await trial.reader.read();
    const end = told.findLast((one) => one.type === 'ended' || one.type === 'broken');
    const isOver = end?.type === 'ended' && end.outcome.state !== 'stopped';
    const jobs = isOver || end ? [] : await jobsNamed(place.array, this.#options.env);
    const job = jobs?.find((one) => one.index === place.index);
    if (!isOver && !(job && isAlive(job))) {
      // Its run folder, and what it told, are known to the sweep already.
      await rm(trial.folder, { recursive: true, force: true });
      trial.reader = new ReportReader(join(trial.folder, REPORT_FILE));
      return false;
    }
    trial.array = place.array;
    trial.index = place.index;
    trial.job = job?.id ?? place.array;
    this.#hear(trial, told);
    return true;
  }

  async #submit(trials: Trial[]): Promise<void> {
    const [first] = trials;
    if (!first || this.#disposed) return;
    const { executor, node, cli, env } = this.#options;
    const folder = folderBeside(first.task.runsFolder);
    await mkdir(folder, { recursive: true });
    const name = await nextName(folder);
    const list = join(folder, `${name}.list`);
    const array: JobArray = { name, tasks: trials.length, list, folder, executor };
    await writeFile(list, trials.map(({ folder }) => `${folder}\n`).join(''));
    for (const [index, trial] of trials.entries()) {
      await mkdir(trial.folder, { recursive: true });
      // Told before it is submitted: whoever comes after us finds the jobs by the array's name.
      await writeFile(join(trial.folder, PLACE_FILE), JSON.stringify({ array: name, index }));
      await writeFile(join(trial.folder, TASK_FILE), JSON.stringify(trial.task));
    }
    const file = join(folder, `${name}.sh`);
    await writeFile(`${file}.new`, script(array, node, cli), { mode: 0o755 });
    await rename(`${file}.new`, file);
    const id = await submit([...submission(array), file], env);
    for (const [index, trial] of trials.entries()) {
      trial.array = name;
      trial.index = index;
      trial.job = `${id}_${index}`;
    }
    const unwanted = trials.filter(({ stopping }) => stopping);
    await this.#cancel(this.#disposed ? trials : unwanted);
  }

  async #cancel(trials: readonly Trial[]): Promise<void> {
    const ids = trials.flatMap(({ job }) => job ?? []);
    for (const trial of trials) trial.stopping = true;
    await cancel(ids, this.#options.env).catch(() => {});
  }

  #lookSoon(): void {
    if (this.#looking || this.#trials.size === 0) return;
    this.#looking = setTimeout(() => {
      void this.#look().finally(() => {
        this.#looking = null;
        this.#lookSoon();
      });
    }, LOOK_MS);
  }

  async #look(): Promise<void> {
    const ask = this.#looks++ % LOOKS_PER_QUESTION === 0;
    if (ask) await this.#askSlurm();
    for (const trial of this.#trials) {
      if (!trial.job || trial.isWaiting) continue;
      try {
        this.#hear(trial, await trial.reader.read());
      } catch (error) {
        this.#fail(trial, error);
      }
    }
  }

  /** Finds out who still waits, and who has gone without a word. */
  async #askSlurm(): Promise<void> {
    const arrays = new Set([...this.#trials].flatMap(({ job, array }) => (job ? array : [])));
    for (const array of arrays) {
      const jobs = await jobsNamed(array, this.#options.env).catch(() => null);
      if (!jobs) continue;
      const known = new Map(jobs.map((job) => [job.index, job]));
      for (const trial of this.#trials) {
        if (trial.array !== array) continue;
        const job = known.get(trial.index);
        if (job) trial.job = job.id;
        trial.isWaiting = job?.state === 'PENDING';
        if (job && isAlive(job)) trial.missed = 0;
        else if (++trial.missed >= (trial.stopping ? 1 : QUESTIONS_BEFORE_LOST))
          await this.#lost(trial, job);
      }
    }
  }

  async #lost(trial: Trial, job: QueuedJob | undefined): Promise<void> {
    this.#hear(trial, await trial.reader.read().catch(() => []));
    if (!this.#trials.has(trial)) return;
    if (trial.stopping) this.#end(trial, stopped(trial));
    else this.#end(trial, { ...stopped(trial), state: 'failed', message: whyLost(job?.state) });
  }

  #hear(trial: Trial, told: readonly Report[]): void {
    for (const report of told) {
      switch (report.type) {
        case 'begun':
          trial.isWaiting = false;
          trial.requeues = report.restarts;
          break;
        case 'opened':
          trial.reports.opened(report.run);
          break;
        case 'epoch': {
          const { epoch, train, validation } = report;
          trial.latest = { epochs: epoch, train, validation };
          trial.reports.epoch({ epoch, train, validation });
          break;
        }
        case 'ended':
          // Told to stop, but not by us: Slurm says why, and may put it back into the queue.
          if (report.outcome.state === 'stopped' && !trial.stopping) break;
          this.#end(trial, report.outcome);
          return;
        case 'broken':
          this.#fail(trial, new UserError(report.message));
          return;
      }
    }
  }

  #end(trial: Trial, outcome: TrialOutcome): void {
    this.#trials.delete(trial);
    trial.end(outcome);
  }

  #fail(trial: Trial, error: unknown): void {
    this.#trials.delete(trial);
    trial.done.reject(error instanceof Error ? error : new Error(String(error)));
  }
}

class Trial {
  readonly task: TrialTask;
  readonly reports: TrialReports;
  readonly folder: string;
  readonly done = new Deferred<TrialOutcome>();
  reader: ReportReader;
  /** The name of its array, and its index there. */
  array = '';
  index = 0;
  job: JobId | null = null;
  isWaiting = true;
  stopping = false;
  /** Questions to Slurm since it was last heard of there. */
  missed = 0;
  /** How often Slurm has put it back into its queue. */
  requeues = 0;
  latest: Pick<TrialOutcome, 'epochs' | 'train' | 'validation'> = {
    epochs: 0,
    train: null,
    validation: null,
  };

  constructor(task: TrialTask, reports: TrialReports) {
    this.task = task;
    this.reports = reports;
    const name = `${task.number}-${task.until ?? 'end'}`;
    this.folder = join(folderBeside(task.runsFolder), name);
    this.reader = new ReportReader(join(this.folder, REPORT_FILE));
  }

  end(outcome: TrialOutcome): void {
    const { requeues } = this;
    this.done.resolve(requeues > 0 ? { ...outcome, requeues } : outcome);
  }
}

function stopped({ latest }: Trial): TrialOutcome {
  return { state: 'stopped', ...latest };
}

function whyLost(state: string | undefined): string {
  switch (state) {
    case 'TIMEOUT':
    case 'DEADLINE':
      return 'Slurm ended it after its time limit: give it more by sweep.executor.time, or train fewer epochs.';
    case 'OUT_OF_MEMORY':
      return 'It needed more memory than Slurm gave it: ask for more by sweep.executor.memory.';
    case 'CANCELLED':
    case 'REVOKED':
      return 'Its job was cancelled by somebody else.';
    case 'NODE_FAIL':
    case 'BOOT_FAIL':
      return 'Its node was lost, and Slurm did not put it back into the queue.';
    default:
      return `Its job ended without a word${state ? ` (${state})` : ''}: what it printed is in the folder “slurm” of the sweep.`;
  }
}

const PLACE_FILE = 'place.json';

async function readPlace(folder: string): Promise<{ array: string; index: number } | null> {
  try {
    return JSON.parse(await readFile(join(folder, PLACE_FILE), 'utf8')) as {
      array: string;
      index: number;
    };
  } catch {
    return null;
  }
}

/** In the folder of the sweep. */
function folderBeside(runsFolder: string): string {
  return join(dirname(runsFolder), 'slurm');
}

/** By its name an array of this sweep is told from all others of this user. */
async function nextName(folder: string): Promise<string> {
  const numbers = (await readdir(folder)).map((name) =>
    Number(/-(\d+)\.list$/.exec(name)?.[1] ?? 0),
  );
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 8);
  return `trainscope-${hash}-${Math.max(0, ...numbers) + 1}`;
}
