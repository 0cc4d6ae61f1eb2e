import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Diagnosis } from '../../../core/diagnosis/diagnosis.ts';
import { ALL_RULES } from '../../../core/diagnosis/rules/index.ts';
import type { Finding } from '../../../core/events/finding.ts';
import type { FinishedEvent, RunEvent } from '../../../core/events/run-event.ts';
import type { Trial } from '../../../core/session/protocol.ts';
import { runSession } from '../../../core/session/session.ts';

/** A config trained for real in this thread: all that it told, and how it ended. */
export async function train(
  configText: string,
  trial?: Trial,
  files: { [name: string]: string } = {},
): Promise<{ events: RunEvent[]; finished: FinishedEvent }> {
  const folder = await mkdtemp(join(tmpdir(), 'trainscope judged-'));
  try {
    const configFile = join(folder, 'judged.train.yaml');
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    await writeFile(configFile, configText);
    const events: RunEvent[] = [];
    const finished = await runSession(
      { configFile, configText, runsFolder: join(folder, 'runs'), readableRoots: null, trial },
      {
        control: { take: () => null, wait: () => {} },
        threads: null,
        reserve: async () => null,
        opened: () => {},
        send: (batch) => events.push(...batch),
      },
    );
    return { events, finished };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the rules say of events afterwards. */
export function judge(events: readonly RunEvent[]): Finding[] {
  const diagnosis = new Diagnosis(ALL_RULES);
  for (const event of events) diagnosis.see(event);
  return diagnosis.findings;
}
