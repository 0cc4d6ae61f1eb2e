import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { encodeEvent } from '../events/codec.ts';
import type { RunEvent, StartedEvent } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';
import { diskError } from './disk-error.ts';
import {
  HEARTBEAT_MS,
  hasLiveOwner,
  releaseOwnership,
  renewOwnership,
  takeOwnership,
} from './owner.ts';
import {
  CONFIG_FILE,
  createRunFolder,
  LOG_FILE,
  replaceFile,
  runFolderName,
  TENSORBOARD_FOLDER,
} from './run-folder.ts';
import { TensorBoardWriter } from './tensorboard.ts';
import { frame } from './tfrecord.ts';

/** A run on disk that is to go on. */
export interface EarlierRun {
  folder: string;
  started: StartedEvent;
  /** Where the last whole record of its log ends. */
  logBytes: number;
}

/** What a killed process loses at most. */
const FLUSH_EVERY_MS = 1000;
const FLUSH_BYTES = 2 ** 20;

/**
 * Writes a run's folder. Writes are synchronous (it lives in a worker thread, whose loop they hold
 * for some microseconds); only the wait for the disk happens in the background. Every method throws
 * UserError when the disk does not take the run; what was written before stays whole.
 */
export class RunLogWriter {
  readonly #runsFolder: string;
  readonly #configText: string;
  #folder = '';
  #fd: number | null = null;
  /** The end of the last whole record on disk. */
  #size = 0;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #flushedAt = 0;
  #beatAt = 0;
  #timer: NodeJS.Timeout | null = null;
  #failure: unknown = null;
  #tensorBoard: TensorBoardWriter | null = null;

  /** A run that goes on: the first event is `resumed`. */
  readonly #earlier: EarlierRun | null;

  /** `configText` is kept as `config.yaml`. Nothing is written before the first `append`. */
  constructor(runsFolder: string, configText: string, earlier: EarlierRun | null = null) {
    this.#runsFolder = runsFolder;
    this.#configText = configText;
    this.#earlier = earlier;
  }

  /** Absolute once the first event, `started`, is written; '' before. */
  get folder(): string {
    return this.#folder;
  }

  /** Takes the event; it is on disk within a second, the first one at once. */
  append(event: RunEvent): void {
    if (this.#failure) throw this.#failure;
    const record = frame(encodeEvent(event));
    if (this.#fd === null) {
      if (this.#earlier) this.#reopen(this.#earlier, event, record);
      else this.#create(event, record);
      return;
    }
    this.#pending.push(record);
    this.#pendingBytes += record.length;
    this.#tensorBoard?.add(event);
    const due = performance.now() - this.#flushedAt >= FLUSH_EVERY_MS;
    if (due || this.#pendingBytes >= FLUSH_BYTES) this.flush();
    else this.#flushSoon();
  }

  /** Writes what is pending, and asks the disk to keep it. Call it while paused, too. */
  flush(): void {
    if (this.#failure) throw this.#failure;
    this.#clearTimer();
    const now = performance.now();
    this.#flushedAt = now;
    if (this.#fd === null) return;
    if (now - this.#beatAt >= HEARTBEAT_MS) {
      this.#beatAt = now;
      renewOwnership(this.#folder);
    }
    if (this.#pendingBytes === 0) return;
    this.#write(this.#fd);
    this.#guard(() => this.#tensorBoard?.flush());
    fdatasync(this.#fd, (error) => {
      // EBADF: closed meanwhile, which has synchronized it.
      if (error && error.code !== 'EBADF') this.#failure ??= diskError(error, this.#logFile);
    });
  }

  /** Writes the rest and gives the folder free. To be called whatever happened. */
  close(): void {
    this.#clearTimer();
    const fd = this.#fd;
    this.#fd = null;
    if (fd === null) {
      if (this.#folder) releaseOwnership(this.#folder);
      return;
    }
    try {
      if (!this.#failure) {
        this.#write(fd);
        this.#guard(() => fdatasyncSync(fd));
        this.#guard(() => this.#tensorBoard?.flush());
      }
    } finally {
      this.#tensorBoard?.close();
      closeSync(fd);
      releaseOwnership(this.#folder);
    }
  }

  get #logFile(): string {
    return join(this.#folder || this.#runsFolder, LOG_FILE);
  }

  #create(event: RunEvent, record: Uint8Array): void {
    if (event.type !== 'started') throw new Error('The first event of a log must be “started”.');
    this.#guard(() => {
      const name = runFolderName(event.startedAt, event.name);
      this.#folder = createRunFolder(this.#runsFolder, name, this.#configText, record);
      this.#fd = openSync(this.#logFile, 'r+');
      this.#size = record.length;
      this.#flushedAt = this.#beatAt = performance.now();
      this.#tensorBoard = new TensorBoardWriter(join(this.#folder, TENSORBOARD_FOLDER), event);
    });
  }

  #reopen({ folder, started, logBytes }: EarlierRun, event: RunEvent, record: Uint8Array): void {
    if (event.type !== 'resumed') throw new Error('A log goes on with “resumed”.');
    this.#guard(() => {
      if (hasLiveOwner(folder))
        throw new UserError(`${basename(folder)} is being trained already.`);
      this.#folder = folder;
      takeOwnership(folder);
      replaceFile(join(folder, CONFIG_FILE), this.#configText);
      this.#fd = openSync(this.#logFile, 'r+');
      // What a dying process left behind the last whole record.
      ftruncateSync(this.#fd, logBytes);
      this.#size = logBytes;
      this.#flushedAt = this.#beatAt = performance.now();
      this.#tensorBoard = new TensorBoardWriter(join(folder, TENSORBOARD_FOLDER), started, event);
      this.#pending.push(record);
      this.#write(this.#fd);
      // Others look again when the folder of runs has changed.
      const now = new Date();
      utimesSync(this.#runsFolder, now, now);
    });
  }

  #write(fd: number): void {
    const bytes = Buffer.concat(this.#pending);
    this.#guard(() => {
      try {
        for (let done = 0; done < bytes.length; )
          done += writeSync(fd, bytes, done, bytes.length - done, this.#size + done);
      } catch (error) {
        // A full disk may have taken a part.
        ftruncateSync(fd, this.#size);
        throw error;
      }
    });
    this.#size += bytes.length;
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  /** After a failure nothing more is written: a log with a gap would be worse than a short one. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failure = diskError(error, this.#logFile);
      throw this.#failure;
    }
  }

  /** For events that nothing follows for a while. */
  #flushSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      try {
        this.flush();
      } catch {
        // Kept: the next call throws it.
      }
    }, FLUSH_EVERY_MS).unref();
  }

  #clearTimer(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
