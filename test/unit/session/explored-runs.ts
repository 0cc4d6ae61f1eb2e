import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { FinishedEvent } from '../../../core/events/run-event.ts';
import { openExplorer } from '../../../core/session/explore.ts';
import type { ExploreRequest } from '../../../core/session/explore-protocol.ts';
import { runSession } from '../../../core/session/session.ts';
import { requestOf } from './runs.ts';

/** A run that was trained in this thread; its folder, with these files beside the config, vanishes with the test. */
export async function trained(configText: string, files: { [name: string]: string } = {}) {
  const request = await requestOf(configText);
  for (const [name, text] of Object.entries(files))
    await writeFile(join(dirname(request.configFile), name), text);
  const finished: FinishedEvent = await runSession(request, {
    control: { take: () => null, wait: () => {} },
    threads: null,
    reserve: async () => null,
    opened: () => {},
    send: () => {},
  });
  expect(finished.reason).toBe('completed');
  return { run: finished.run, folder: dirname(request.configFile), finished };
}

export const open = (run: string, request: Partial<ExploreRequest> = {}) =>
  openExplorer(
    { run, checkpoint: 'latest', readableRoots: null, ...request },
    { reserve: async () => null, poll: () => {} },
  );
