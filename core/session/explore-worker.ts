import type { MessagePort } from 'node:worker_threads';
import { UserError } from '../events/user-error.ts';
import type { Explorer } from '../inspection/explorer/explorer.ts';
import type { Query } from '../inspection/explorer/protocol.ts';
import { buffersOf } from './buffers.ts';
import { openExplorer } from './explore.ts';
import type { ExploreStart, FromExplorer, Outcome, ToExplorer } from './explore-protocol.ts';

/** Progress is told this often at most. */
const PROGRESS_MS = 50;

class Abandoned extends Error {}

/** Answers the questions of `launchExplorer`, one after another, in a worker thread. */
export async function explore(port: MessagePort, start: ExploreStart): Promise<void> {
  const { abandoned } = start;
  const post = (message: FromExplorer, transfer: ArrayBuffer[] = []) =>
    port.postMessage(message, transfer);
  let asked = 0;
  let granted: ((refusal: string | null) => void) | null = null;
  let explorer: Explorer | null = null;
  port.on('message', (message: ToExplorer) => {
    if (message.type === 'reserved') {
      granted?.(message.refusal);
    } else if (explorer) {
      const { id, query } = message;
      asked = id;
      const outcome = answerOf(explorer, query, (share) => post({ type: 'progress', id, share }));
      post({ type: 'answer', id, outcome }, buffersOf(outcome));
    }
  });
  try {
    const opened = await openExplorer(start.request, {
      reserve: (bytes) =>
        new Promise((resolve) => {
          granted = resolve;
          post({ type: 'reserve', bytes });
        }),
      poll: () => {
        if (asked > 0 && Atomics.load(abandoned, 0) === asked) throw new Abandoned();
      },
    });
    const { checkpoint, checkpoints } = opened;
    explorer = opened.explorer;
    post({ type: 'opened', facts: explorer.facts, checkpoint, checkpoints });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    post({ type: 'refused', message: error.message, place: error.place });
    port.close();
  }
}

function answerOf(explorer: Explorer, query: Query, report: (share: number) => void): Outcome {
  let told = performance.now();
  try {
    const answer = explorer.answer(query, (share) => {
      const now = performance.now();
      if (now - told < PROGRESS_MS) return;
      told = now;
      report(share);
    });
    return { ok: true, answer };
  } catch (error) {
    if (error instanceof Abandoned) return { ok: false, refusal: null };
    if (!(error instanceof UserError)) throw error;
    return { ok: false, refusal: { message: error.message, place: error.place } };
  }
}
