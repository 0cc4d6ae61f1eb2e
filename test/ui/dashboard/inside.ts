import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunHistory } from '../../../core/runs/history.ts';
import { runSession } from '../../../core/session/session.ts';

const samples = join(import.meta.dirname, '../../../extension/samples');

/** What a real run of a sample tells; `change` alters the text of its config. */
export async function trained(
  name: string,
  change: (text: string) => string = (text) => text,
): Promise<RunHistory> {
  const folder = await mkdtemp(join(tmpdir(), 'trainscope-inside-'));
  const history = new RunHistory();
  const configFile = join(samples, `${name}.train.yaml`);
  try {
    await runSession(
      {
        configFile,
        configText: change(await readFile(configFile, 'utf8')),
        runsFolder: folder,
        readableRoots: null,
      },
      {
        control: { take: () => null, wait: () => {} },
        threads: null,
        reserve: async () => null,
        opened: () => {},
        send: (events) => history.push(events),
      },
    );
  } finally {
    await rm(folder, { recursive: true });
  }
  return history;
}
