import {
  closeSync,
  fdatasyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { decodeSweepEvent, encodeEvent } from '../events/codec.ts';
import type { SweepEvent, SweepStartedEvent } from '../events/sweep-event.ts';
import { UserError } from '../events/user-error.ts';
import { diskError } from '../runs/disk-error.ts';
import { hasLiveOwner, holdFolder, takeOwnership } from '../runs/owner.ts';
import { CONFIG_FILE, createFolder, runFolderName } from '../runs/run-folder.ts';
import { frame, unframe } from '../runs/tfrecord.ts';

/** The events of a sweep, framed as those of a run. */
export const SWEEP_LOG_FILE = 'sweep.log';
/** The runs of its trials: ordinary runs. */
export const TRIALS_FOLDER = 'runs';

/** After these the disk is asked to keep what it has: a trial that has ended is never trained again. */
const KEPT: ReadonlySet<SweepEvent['type']> = new Set(['sweepStarted', 'stage', 'trial', 'sweep']);

/** Where the sweeps of the configs in a folder are kept. */
export function sweepsBeside(folder: string): string {
  return join(folder, '.trainscope', 'sweeps');
}

/**
 * The folder of a sweep, owned by this process, and its log, which only grows. A process that is killed at any
 * byte leaves whole records behind; the rest of a broken one is cut off by whoever goes on.
 */
export class SweepLog {
  readonly folder: string;
  readonly #file: string;
  readonly #fd: number;
  readonly #release: () => void;
  /** The end of the last whole record. */
  #size: number;
  #closed = false;

  private constructor(folder: string, size: number) {
    this.folder = folder;
    this.#file = join(folder, SWEEP_LOG_FILE);
    this.#fd = openSync(this.#file, 'r+');
    this.#size = size;
    ftruncateSync(this.#fd, size);
    this.#release = holdFolder(folder);
  }

  /** A new sweep among `sweepsFolder`. Throws UserError where the disk does not take it. */
  static create(sweepsFolder: string, started: SweepStartedEvent): SweepLog {
    const first = frame(encodeEvent(started));
    try {
      const name = runFolderName(started.startedAt, started.name);
      const folder = createFolder(sweepsFolder, name, (unfinished) => {
        mkdirSync(join(unfinished, TRIALS_FOLDER));
        writeFileSync(join(unfinished, CONFIG_FILE), started.configText);
        writeFileSync(join(unfinished, SWEEP_LOG_FILE), first, { flush: true });
      });
      return new SweepLog(folder, first.length);
    } catch (error) {
      throw diskError(error, sweepsFolder);
    }
  }

  /** An earlier sweep that goes on. Throws UserError where it is none, or another process has it. */
  static reopen(folder: string): { log: SweepLog; events: SweepEvent[] } {
    if (hasLiveOwner(folder))
      throw new UserError(
        `The sweep ${basename(folder)} is going on in another process. Wait for it, or stop it first.`,
        { file: folder },
      );
    const { events, bytes } = readSweep(folder);
    try {
      takeOwnership(folder);
      return { log: new SweepLog(folder, bytes), events };
    } catch (error) {
      throw diskError(error, join(folder, SWEEP_LOG_FILE));
    }
  }

  append(event: SweepEvent): void {
    const bytes = frame(encodeEvent(event));
    try {
      try {
        for (let done = 0; done < bytes.length; )
          done += writeSync(this.#fd, bytes, done, bytes.length - done, this.#size + done);
        if (KEPT.has(event.type)) fdatasyncSync(this.#fd);
      } catch (error) {
        // A full disk may have taken a part.
        ftruncateSync(this.#fd, this.#size);
        throw error;
      }
    } catch (error) {
      throw diskError(error, this.#file);
    }
    this.#size += bytes.length;
  }

  /** Gives the folder free. To be called whatever happened. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#fd);
    this.#release();
  }
}

/**
 * What the log in the folder of a sweep tells, up to its last whole record. Throws UserError where the folder
 * holds no sweep.
 */
export function readSweep(folder: string): { events: SweepEvent[]; bytes: number } {
  let log: Uint8Array;
  try {
    log = readFileSync(join(folder, SWEEP_LOG_FILE));
  } catch (error) {
    const isMissing =
      error instanceof Error &&
      'code' in error &&
      (error.code === 'ENOENT' || error.code === 'ENOTDIR');
    if (!isMissing) throw error;
    throw new UserError(
      `${basename(folder)} is not the folder of a sweep: it holds no ${SWEEP_LOG_FILE}.`,
      { file: folder },
    );
  }
  const events: SweepEvent[] = [];
  let bytes = 0;
  for (;;) {
    const record = unframe(log, bytes);
    if (record.state !== 'record') break;
    const event = decodeSweepEvent(record.data);
    if (event) events.push(event);
    bytes = record.end;
  }
  if (events[0]?.type !== 'sweepStarted')
    throw new UserError(`The log of ${basename(folder)} does not tell how its sweep began.`, {
      file: folder,
    });
  return { events, bytes };
}
