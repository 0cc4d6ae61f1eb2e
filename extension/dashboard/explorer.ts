import type { CheckpointFile } from '../../core/runs/index.ts';
import type { Opened } from '../../core/session/explore-protocol.ts';
import type { ExplorerHandle } from '../../core/session/launch-explorer.ts';
import type { ExplorerState, Query, ToView } from '../../webview/protocol.ts';
import { Throttle } from '../throttle.ts';

/** How long an explorer that nobody sees is kept, and how often new checkpoints are looked for. Milliseconds. */
export const LINGER = 60_000;
export const LOOK_EVERY = 1000;

interface ExploredRun {
  id: string;
  folder: string;
}

/** What an exploration needs of the extension. */
export interface ExplorationHost<R extends ExploredRun> {
  post(message: ToView): void;
  /** `leave` is called when the memory is needed elsewhere. */
  launch(run: R, leave: () => void): ExplorerHandle;
  checkpoints(folder: string): Promise<CheckpointFile[]>;
  /** As messages can carry it. */
  box(answer: unknown): unknown;
}

/** An explorer and what is known of it. */
interface Exploring<R> {
  run: R;
  handle: ExplorerHandle;
  session: number;
  state: ExplorerState;
  opened: Opened | null;
  /** The run's latest checkpoint when it was last looked; null: none, or not looked yet. */
  latest: string | null;
}

/**
 * The host's side of what asks a trained network questions: one explorer, of the run in focus, from when
 * it is first shown until it has not been seen for a while.
 */
export class Exploration<R extends ExploredRun> {
  readonly #host: ExplorationHost<R>;
  readonly #questions = new Map<number, AbortController>();
  #current: Exploring<R> | null = null;
  #sessions = 0;
  #isSeen = false;
  #linger: NodeJS.Timeout | undefined;
  readonly #lookSoon = new Throttle(LOOK_EVERY, () => void this.#look());

  constructor(host: ExplorationHost<R>) {
    this.#host = host;
  }

  /** The exploration that questions are to be about; 0: none. */
  get session(): number {
    return this.#current?.session ?? 0;
  }

  /** This run is before the user's eyes; null: none is. */
  show(run: R | null): void {
    this.#isSeen = run !== null;
    clearTimeout(this.#linger);
    if (!run) {
      if (this.#current) this.#linger = setTimeout(() => void this.#close(), LINGER).unref();
      return;
    }
    if (this.#current?.run !== run) {
      this.open(run);
      return;
    }
    this.#tell();
    this.look();
  }

  /** Takes up the latest checkpoint of a run. */
  open(run: R): void {
    void this.#close();
    const session = ++this.#sessions;
    const leave = () => {
      void handle.dispose();
      this.#end(session, 'A training needed the memory of this exploration.');
    };
    const handle = this.#host.launch(run, leave);
    const state: ExplorerState = { state: 'opening' };
    this.#current = { run, handle, session, state, opened: null, latest: null };
    this.#tell();
    handle.opened.then(
      (opened) => this.#opened(session, opened),
      () => {},
    );
    void handle.closed.then((reason) => this.#end(session, reason.message));
  }

  /** Something was written: there may be a newer checkpoint, or a first one. */
  look(): void {
    if (this.#isSeen) this.#lookSoon.request();
  }

  ask(session: number, id: number, query: Query): void {
    const current = this.#current;
    const { post, box } = this.#host;
    if (!current || current.session !== session) {
      post({ type: 'explored', id, ok: false, message: 'This exploration is closed.' });
      return;
    }
    const question = new AbortController();
    this.#questions.set(id, question);
    const { signal } = question;
    const onProgress = (share: number) => {
      if (!signal.aborted) post({ type: 'exploring', id, share });
    };
    current.handle
      .ask(query, { signal, onProgress })
      .then(
        (answer) => post({ type: 'explored', id, ok: true, answer: box(answer) }),
        (error: unknown) => {
          if (signal.aborted) return;
          const message = error instanceof Error ? error.message : String(error);
          post({ type: 'explored', id, ok: false, message });
        },
      )
      .finally(() => {
        // A new page counts from 1 again.
        if (this.#questions.get(id) === question) this.#questions.delete(id);
      });
  }

  /** The answer is not wanted any more. */
  cancel(id: number): void {
    this.#questions.get(id)?.abort();
  }

  /** The page is gone, and with it all who waited for answers. */
  forget(): void {
    for (const question of this.#questions.values()) question.abort();
  }

  /** Resolves when the thread is gone. */
  async dispose(): Promise<void> {
    this.#isSeen = false;
    clearTimeout(this.#linger);
    this.#lookSoon.dispose();
    this.forget();
    await this.#close();
  }

  async #look(): Promise<void> {
    const current = this.#current;
    if (!current) return;
    const newest = (await this.#host.checkpoints(current.run.folder)).at(-1);
    if (this.#current !== current || !newest || newest.name === current.latest) return;
    const { state, opened } = current;
    current.latest = newest.name;
    if (state.state === 'closed') {
      this.open(current.run);
    } else if (opened && state.state === 'open' && newest.name !== opened.checkpoint.name) {
      current.state = { ...state, newer: newest };
      this.#tell();
    }
  }

  #opened(session: number, opened: Opened): void {
    if (this.#current?.session !== session) return;
    const { facts, checkpoint } = opened;
    this.#current.opened = opened;
    this.#current.latest ??= checkpoint.name;
    const { box } = this.#host;
    this.#current.state = {
      state: 'open',
      facts: box(facts),
      checkpoint: box(checkpoint),
      newer: null,
    };
    this.#tell();
  }

  #end(session: number, message: string): void {
    if (this.#current?.session !== session || this.#current.state.state === 'closed') return;
    this.#current.state = { state: 'closed', message };
    this.#tell();
  }

  async #close(): Promise<void> {
    const handle = this.#current?.handle;
    this.#current = null;
    await handle?.dispose();
  }

  #tell(): void {
    if (!this.#isSeen || !this.#current) return;
    const { run, session, state } = this.#current;
    this.#host.post({ type: 'explorer', run: run.id, session, ...state });
  }
}
