import type { Worker } from 'node:worker_threads';
import type { FinishedEvent, RunEvent } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';
import { closeBrokenLog } from './broken-log.ts';
import { Deferred } from './deferred.ts';
import type { MemoryBudget } from './memory-budget.ts';
import { Progress } from './progress.ts';
import type { FromWorker, RunCommand, RunRequest, ToWorker } from './protocol.ts';
import { HEAP_MEGABYTES, type RunThreads, startThread } from './run-threads.ts';

/** A run in a worker thread, seen from the thread that started it. */
export interface RunHandle {
  /** The run's folder once it exists. Rejects as `done` does, or when stopped before that. */
  readonly folder: Promise<string>;
  /**
   * How the run ended; its thread has ended too, and its memory is free. Rejects with UserError for
   * bad input, and with Error if the worker broke down before the run had a folder.
   */
  readonly done: Promise<FinishedEvent>;
  /** Hears of all events in order, also of those before the first listener. */
  onEvents(listener: (events: RunEvent[]) => void): () => void;
  /** These resolve when the command has been carried out; they reject when the run is over. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
  setLearningRate(value: number): Promise<void>;
  /** Stops the run, ends its thread whatever it does; resolves when that is gone. */
  dispose(): Promise<void>;
}

export interface LaunchOptions {
  /** The bundle of core/worker.ts. */
  workerFile: string;
  budget: MemoryBudget;
  /** It waits for memory that others have, rather than to be refused. */
  waits?: boolean;
  /** How many threads share a step where the config does not say; one by default. */
  threads?: number;
  /** Runs that follow each other in the same threads; by default each has a new one. */
  pool?: RunThreads;
}

/** How long a stopped run may take to close its log before its thread is ended. */
const GRACE_MS = 1000;

/** Starts a run in a worker thread of its own. Whatever happens there ends this run only. */
export function launchRun(request: RunRequest, options: LaunchOptions): RunHandle {
  return new WorkerRun(request, options);
}

class WorkerRun implements RunHandle {
  readonly #budget: MemoryBudget;
  readonly #waits: boolean;
  readonly #gone = new AbortController();
  readonly #worker: Worker;
  readonly #pool: RunThreads | null;
  readonly #bell = new Int32Array(new SharedArrayBuffer(4));
  readonly #progress = new Progress();
  readonly #answers = new Map<number, (error: string | null) => void>();
  readonly #listeners = new Set<(events: RunEvent[]) => void>();
  readonly #folder = new Deferred<string>();
  readonly #done = new Deferred<FinishedEvent>();
  readonly #exited = new Deferred<void>();
  /** Events before the first listener. */
  #unheard: RunEvent[] | null = [];
  #commands = 0;
  #reserved = 0;
  #opened: string | null = null;
  #finished: FinishedEvent | null = null;
  #refused: UserError | null = null;
  #breakdown: string | null = null;
  #disposed = false;
  #over = false;

  constructor(
    request: RunRequest,
    { workerFile, budget, waits = false, threads = 1, pool }: LaunchOptions,
  ) {
    this.#budget = budget;
    this.#waits = waits;
    this.#pool = pool ?? null;
    this.#worker = pool?.take(workerFile) ?? startThread(workerFile);
    this.#worker.on('message', this.#receive);
    this.#worker.on('error', this.#breakDown);
    this.#worker.on('exit', this.#exit);
    const room = { count: threads, file: workerFile };
    this.#post({
      type: 'start',
      request,
      threads: room,
      keep: pool !== undefined,
      bell: this.#bell,
    });
  }

  get folder(): Promise<string> {
    return this.#folder.promise;
  }

  get done(): Promise<FinishedEvent> {
    return this.#done.promise;
  }

  onEvents(listener: (events: RunEvent[]) => void): () => void {
    this.#listeners.add(listener);
    const unheard = this.#unheard ?? [];
    this.#unheard = null;
    if (unheard.length > 0) listener(unheard);
    return () => this.#listeners.delete(listener);
  }

  pause = () => this.#command({ type: 'pause' });
  resume = () => this.#command({ type: 'resume' });
  stop = () => this.#command({ type: 'stop' });
  setLearningRate = (value: number) => this.#command({ type: 'learningRate', value });

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.stop().catch(() => {});
    const timer = setTimeout(() => void this.#worker.terminate(), GRACE_MS);
    await this.#exited.promise;
    clearTimeout(timer);
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #command(command: RunCommand): Promise<void> {
    if (this.#over) return Promise.reject(new Error(OVER));
    const id = ++this.#commands;
    return new Promise((resolve, reject) => {
      this.#answers.set(id, (error) => (error === null ? resolve() : reject(new Error(error))));
      this.#post({ type: 'command', id, command });
      Atomics.add(this.#bell, 0, 1);
      Atomics.notify(this.#bell, 0);
    });
  }

  readonly #breakDown = (error: unknown) => {
    this.#breakdown = explainBreakdown(error);
  };

  readonly #exit = (code: number) => {
    this.#breakdown ??= `The thread of this run ended unexpectedly (exit code ${code}).`;
    void this.#end(this.#breakdown);
  };

  readonly #receive = (message: FromWorker) => {
    switch (message.type) {
      case 'reserve':
        void this.#reserve(message.bytes);
        break;
      case 'opened':
        this.#opened = message.folder;
        this.#folder.resolve(message.folder);
        break;
      case 'events':
        this.#hear(message.events);
        break;
      case 'answer':
        this.#answers.get(message.id)?.(message.error);
        this.#answers.delete(message.id);
        break;
      case 'refused':
        this.#refused = new UserError(message.message, message.place);
        break;
      case 'ready':
        // Not all listeners: some are Node's own.
        this.#worker.off('message', this.#receive);
        this.#worker.off('error', this.#breakDown);
        this.#worker.off('exit', this.#exit);
        this.#pool?.give(this.#worker);
        void this.#end('The thread of this run has done with it before its end.');
        break;
    }
  };

  async #reserve(bytes: number): Promise<void> {
    const refusal = this.#waits
      ? await this.#budget.wait(bytes, this.#gone.signal)
      : this.#budget.reserve(bytes);
    if (this.#over) {
      // It ended between the grant and this: nobody else gives it back.
      if (refusal === null) this.#budget.release(bytes);
      return;
    }
    if (refusal === null) this.#reserved += bytes;
    this.#post({ type: 'reserved', refusal });
  }

  #hear(events: RunEvent[]): void {
    for (const event of events) {
      this.#progress.see(event);
      if (event.type === 'finished') this.#finished = event;
    }
    this.#unheard?.push(...events);
    for (const listener of this.#listeners) listener(events);
  }

  /** The thread has ended, one way or another: every promise that is open is settled. */
  async #end(breakdown: string): Promise<void> {
    this.#over = true;
    this.#gone.abort();
    this.#budget.release(this.#reserved);
    for (const answer of this.#answers.values()) answer(OVER);
    this.#answers.clear();
    if (!this.#finished && this.#opened !== null) await this.#closeLog(this.#opened, breakdown);
    if (!this.#finished && !this.#refused && this.#disposed)
      this.#hear([this.#progress.finished('stopped', '')]);
    const error = this.#refused ?? new Error(breakdown);
    if (this.#finished) this.#done.resolve(this.#finished);
    else this.#done.reject(error);
    if (this.#opened === null) {
      this.#folder.reject(this.#finished ? new Error('Stopped before the run began.') : error);
    }
    this.#exited.resolve();
  }

  /** What the broken thread could not do any more: the last record of its log. */
  async #closeLog(run: string, breakdown: string): Promise<void> {
    const finished = this.#disposed
      ? this.#progress.finished('stopped', run)
      : this.#progress.finished('failed', run, breakdown);
    try {
      await closeBrokenLog(run, finished);
    } catch (error) {
      finished.reason = 'failed';
      finished.message = `${breakdown} Its log could not be closed either: ${(error as Error).message}`;
    }
    this.#hear([finished]);
  }
}

const OVER = 'This run is over.';

function explainBreakdown(error: unknown): string {
  if (!(error instanceof Error)) return `This run broke down: ${String(error)}`;
  if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return `This run used more than the ${HEAP_MEGABYTES} MiB of working memory that it may have beside its network and data. Use less data, e.g. with \`limit\`.`;
  }
  return `This run broke down: ${error.message}`;
}
