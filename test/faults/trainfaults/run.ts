import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FinishedEvent, RunEvent } from '../../../core/events/run-event.ts';
import type { Trial } from '../../../core/session/protocol.ts';
import { runSession } from '../../../core/session/session.ts';
import type { Recipe } from './generator/cases.ts';

/** What is left of a run for those who judge it. */
export interface Trained {
  events: RunEvent[];
  finished: FinishedEvent;
  /** Milliseconds that it took. */
  time: number;
}

/** Trains in this thread, in a folder of its own, which is gone afterwards. A trial may end early. */
export async function train(
  { config, files }: Recipe,
  folder: string,
  trial?: Trial,
): Promise<Trained> {
  await mkdir(folder, { recursive: true });
  try {
    const configFile = join(folder, 'case.train.json');
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    await writeFile(configFile, config);
    const events: RunEvent[] = [];
    const began = performance.now();
    const finished = await runSession(
      {
        configFile,
        configText: config,
        runsFolder: join(folder, 'runs'),
        readableRoots: null,
        ...(trial && { trial }),
      },
      {
        control: { take: () => null, wait: () => {} },
        threads: null,
        reserve: async () => null,
        opened: () => {},
        send: (batch) => events.push(...batch.filter(isWanted).map(thin)),
      },
    );
    return { events, finished, time: performance.now() - began };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Judges make their own findings; of weights they look at the first set alone. */
function isWanted(event: RunEvent): boolean {
  if (event.type === 'weights') return event.parameter === 0;
  return event.type !== 'finding' && event.type !== 'withdrawn' && event.type !== 'checkpoint';
}

const NO_COUNTS = new Uint32Array(0);

/** Without histograms, which nobody judges by. */
function thin(event: RunEvent): RunEvent {
  return event.type === 'distributions' ? { ...event, bins: NO_COUNTS, counts: NO_COUNTS } : event;
}
