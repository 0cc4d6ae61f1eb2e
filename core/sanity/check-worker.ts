import type { MessagePort } from 'node:worker_threads';
import { UserError } from '../events/user-error.ts';
import { located, prepare } from '../session/prepare.ts';
import { doWork } from '../session/work.ts';
import type { Checked, CheckStart } from './check-protocol.ts';
import { ALL_CHECKS } from './checks/index.ts';
import { runChecks } from './run-checks.ts';

/** Progress is told this often at most. */
const PROGRESS_MS = 50;
/** A network, and a copy of how it started. */
const COPIES = 2;

/** Does the checks of `launchChecks` in a worker thread, and ends. */
export function check(port: MessagePort, { request }: CheckStart): Promise<void> {
  return doWork<Checked>(port, async ({ tell, reserve }) => {
    const prepared = await prepare(request);
    await located(prepared.parsed, request.configFile, async () => {
      const refusal = await reserve(COPIES * prepared.plan.summary.arenaBytes);
      if (refusal !== null) throw new UserError(refusal, { path: ['model', 'layers'] });
      let done = 0;
      let toldAt = Number.NEGATIVE_INFINITY;
      const onProgress = (share: number) => {
        const now = performance.now();
        if (now - toldAt < PROGRESS_MS) return;
        toldAt = now;
        tell({ type: 'progress', share, title: ALL_CHECKS[done]?.title ?? '' });
      };
      for (const result of runChecks(prepared, { onProgress })) {
        done++;
        tell({ type: 'result', result });
      }
    });
  });
}
