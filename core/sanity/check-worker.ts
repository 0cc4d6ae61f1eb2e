import type { MessagePort } from 'node:worker_threads';
import { UserError } from '../events/user-error.ts';
import { located, prepare } from '../session/prepare.ts';
import type { CheckStart, FromChecker, ToChecker } from './check-protocol.ts';
import { ALL_CHECKS } from './checks/index.ts';
import { runChecks } from './run-checks.ts';

/** Progress is told this often at most. */
const PROGRESS_MS = 50;
/** A network, and a copy of how it started. */
const COPIES = 2;

/** Does the checks of `launchChecks` in a worker thread, and ends. */
export async function check(port: MessagePort, { request }: CheckStart): Promise<void> {
  const post = (message: FromChecker) => port.postMessage(message);
  try {
    const prepared = await prepare(request);
    await located(prepared.parsed, request.configFile, async () => {
      const refusal = await new Promise<string | null>((resolve) => {
        port.once('message', ({ refusal }: ToChecker) => resolve(refusal));
        post({ type: 'reserve', bytes: COPIES * prepared.plan.summary.arenaBytes });
      });
      if (refusal !== null) throw new UserError(refusal, { path: ['model', 'layers'] });
      let done = 0;
      let toldAt = Number.NEGATIVE_INFINITY;
      const onProgress = (share: number) => {
        const now = performance.now();
        if (now - toldAt < PROGRESS_MS) return;
        toldAt = now;
        post({ type: 'progress', share, title: ALL_CHECKS[done]?.title ?? '' });
      };
      for (const result of runChecks(prepared, { onProgress })) {
        done++;
        post({ type: 'result', result });
      }
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    post({ type: 'refused', message: error.message, place: error.place });
  }
  port.close();
}
