import { Worker } from 'node:worker_threads';
import { UserError } from '../events/user-error.ts';
import type { Answers, Query, QueryType } from '../inspection/explorer/protocol.ts';
import { Deferred } from './deferred.ts';
import type {
  ExploreRequest,
  ExploreStart,
  FromExplorer,
  Opened,
  ToExplorer,
} from './explore-protocol.ts';
import type { Reservations } from './memory-budget.ts';

export interface AskOptions {
  /** Ends the question: it rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Hears which share of the work is done. */
  onProgress?: (share: number) => void;
}

/** A trained network in a worker thread that answers questions about it. */
export interface ExplorerHandle {
  /** Rejects with UserError where there is nothing to explore. */
  readonly opened: Promise<Opened>;
  /**
   * Answers come one after another, in the order of the questions. Rejects with UserError for what cannot
   * be asked.
   */
  ask<Q extends Query>(query: Q, options?: AskOptions): Promise<Answers[Q['type']]>;
  /** Resolves with the reason once nothing is answered any more; the memory is free then. */
  readonly closed: Promise<Error>;
  /** Ends the thread, whatever it does; open questions reject. Resolves when its memory is free. */
  dispose(): Promise<void>;
}

/** Data are outside of the JavaScript heap, and so is the network; this is for the reading of data. */
const HEAP_MEGABYTES = 512;
const CLOSED = 'This exploration is closed.';

export interface ExplorerOptions {
  /** The bundle of core/worker.ts. */
  workerFile: string;
  budget: Reservations;
}

export function launchExplorer(request: ExploreRequest, options: ExplorerOptions): ExplorerHandle {
  return new WorkerExplorer(request, options);
}

interface Question {
  id: number;
  query: Query;
  onProgress: AskOptions['onProgress'];
  resolve(answer: Answers[QueryType]): void;
  reject(reason: unknown): void;
}

class WorkerExplorer implements ExplorerHandle {
  readonly #budget: Reservations;
  readonly #worker: Worker;
  readonly #abandoned = new Int32Array(new SharedArrayBuffer(4));
  readonly #opened = new Deferred<Opened>();
  readonly #exited = new Deferred<Error>();
  /** The first of them is with the worker, once that is open. */
  readonly #questions: Question[] = [];
  #isOpen = false;
  #asked = 0;
  #reserved = 0;
  /** Why nothing is answered any more. */
  #end: Error | null = null;

  constructor(request: ExploreRequest, { workerFile, budget }: ExplorerOptions) {
    this.#budget = budget;
    const explore: ExploreStart = { request, abandoned: this.#abandoned };
    this.#worker = new Worker(workerFile, {
      execArgv: [],
      workerData: { explore },
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
    });
    this.#worker.on('message', (message: FromExplorer) => this.#receive(message));
    this.#worker.on('error', (error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      this.#end ??= new Error(`Exploring this run broke down: ${why}`);
    });
    this.#worker.on('exit', () => {
      this.#budget.release(this.#reserved);
      const end = this.#end ?? new Error(CLOSED);
      this.#end = end;
      this.#opened.reject(end);
      for (const { reject } of this.#questions.splice(0)) reject(end);
      this.#exited.resolve(end);
    });
  }

  get opened(): Promise<Opened> {
    return this.#opened.promise;
  }

  get closed(): Promise<Error> {
    return this.#exited.promise;
  }

  ask<Q extends Query>(
    query: Q,
    { signal, onProgress }: AskOptions = {},
  ): Promise<Answers[Q['type']]> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#end) return Promise.reject(this.#end);
    const id = ++this.#asked;
    const answer = new Promise<Answers[Q['type']]>((resolve, reject) => {
      // The worker answers what was asked.
      const resolveAsked = (found: Answers[QueryType]) => resolve(found as Answers[Q['type']]);
      this.#questions.push({ id, query, onProgress, resolve: resolveAsked, reject });
    });
    if (this.#isOpen && this.#questions.length === 1) this.#askNext();
    const leave = () => this.#abandon(id, signal?.reason);
    signal?.addEventListener('abort', leave, { once: true });
    return answer.finally(() => signal?.removeEventListener('abort', leave));
  }

  async dispose(): Promise<void> {
    this.#end ??= new Error(CLOSED);
    await this.#worker.terminate();
    await this.#exited.promise;
  }

  #post(message: ToExplorer): void {
    this.#worker.postMessage(message);
  }

  #askNext(): void {
    const [next] = this.#questions;
    if (next) this.#post({ type: 'ask', id: next.id, query: next.query });
  }

  /** Who asked hears at once; the worker, if it is at it, at its next look. */
  #abandon(id: number, reason: unknown): void {
    const place = this.#questions.findIndex((question) => question.id === id);
    if (place < 0) return;
    this.#questions[place].reject(reason);
    if (place === 0 && this.#isOpen) Atomics.store(this.#abandoned, 0, id);
    else this.#questions.splice(place, 1);
  }

  #receive(message: FromExplorer): void {
    switch (message.type) {
      case 'reserve': {
        const refusal = this.#budget.reserve(message.bytes);
        if (refusal === null) this.#reserved += message.bytes;
        this.#post({ type: 'reserved', refusal });
        break;
      }
      case 'opened': {
        const { facts, checkpoint, checkpoints } = message;
        this.#isOpen = true;
        this.#opened.resolve({ facts, checkpoint, checkpoints });
        this.#askNext();
        break;
      }
      case 'refused':
        this.#end = new UserError(message.message, message.place);
        break;
      case 'progress':
        this.#questions[0]?.onProgress?.(message.share);
        break;
      case 'answer': {
        const question = this.#questions.shift();
        const { outcome } = message;
        if (outcome.ok) question?.resolve(outcome.answer);
        else if (outcome.refusal)
          question?.reject(new UserError(outcome.refusal.message, outcome.refusal.place));
        this.#askNext();
        break;
      }
    }
  }
}
