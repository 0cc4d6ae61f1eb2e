import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeEvent } from '../events/codec.ts';
import type { FinishedEvent } from '../events/run-event.ts';
import { LogReader } from '../runs/log-reader.ts';
import { releaseOwnership } from '../runs/owner.ts';
import { LOG_FILE } from '../runs/run-folder.ts';
import { frame } from '../runs/tfrecord.ts';

/**
 * Ends the log of a run whose thread broke down: after its last whole record comes `finished`, and
 * the folder is given free. Throws what the disk says.
 */
export async function closeBrokenLog(folder: string, finished: FinishedEvent): Promise<void> {
  const file = join(folder, LOG_FILE);
  try {
    const reader = new LogReader(file);
    // Only to find where the last whole record ends.
    for await (const _events of reader.read());
    const end = reader.end.bytes;
    const record = frame(encodeEvent(finished));
    const handle = await open(file, 'r+');
    try {
      await handle.truncate(end);
      await handle.write(record, 0, record.length, end);
      await handle.datasync();
    } finally {
      await handle.close();
    }
  } finally {
    releaseOwnership(folder);
  }
}
