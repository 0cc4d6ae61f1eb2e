import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointEvent } from '../events/run-event.ts';
import { CHECKPOINT_FOLDER, checkpointName, listCheckpoints } from '../runs/checkpoint-folder.ts';
import { diskError } from '../runs/disk-error.ts';
import {
  isUnfinished,
  type NamedTensor,
  writeSafetensors,
} from '../training/checkpoint/safetensors.ts';
import { type CheckpointState, encodeState } from '../training/checkpoint/state.ts';

/** Shorter epochs share a checkpoint: else a tiny network would do nothing but write. */
const AT_LEAST_MS = 1000;

export interface Snapshot {
  tensors: NamedTensor[];
  state: Omit<CheckpointState, 'version'>;
}

export interface CheckpointPolicy {
  /** Epochs. */
  every: number;
  /** Of the latest. */
  keep: number;
  /** Epochs whose checkpoints are written however busy the disk is, and stay. */
  always?: readonly number[];
  stepsPerEpoch: number;
}

/**
 * Writes a run's checkpoints beside its training: the snapshot is copied at once, the disk takes it in
 * the background. The latest ones are kept, and the best.
 */
export class Checkpoints {
  readonly #run: string;
  readonly #policy: CheckpointPolicy;
  readonly #take: () => Snapshot;
  readonly #saved: (event: CheckpointEvent) => void;
  readonly #pauseMs: number;
  #writing: Promise<void> | null = null;
  #wroteAt = Number.NEGATIVE_INFINITY;
  /** While the disk is busy: what must be written, and the best so far. */
  #waiting: Snapshot[] = [];
  #failure: unknown = null;
  /** The step of the latest snapshot that was given to the disk. */
  #step: number;

  /** `take` copies all that a checkpoint holds; `saved` is called when one is on disk. */
  constructor(
    run: string,
    policy: CheckpointPolicy,
    /** Completed updates that are on disk; -1: nothing is. */
    step: number,
    take: () => Snapshot,
    saved: (event: CheckpointEvent) => void,
    pauseMs = AT_LEAST_MS,
  ) {
    this.#run = run;
    this.#policy = policy;
    this.#step = step;
    this.#take = take;
    this.#saved = saved;
    this.#pauseMs = pauseMs;
  }

  /** An epoch is complete. Throws what the disk said to an earlier checkpoint. */
  epochEnded(epoch: number, isBest: boolean): void {
    if (this.#failure) throw this.#failure;
    const due = epoch % this.#policy.every === 0;
    const stays = this.#stays(epoch);
    if (!due && !isBest && !stays && this.#waiting.length === 0) return;
    const busy = this.#writing || performance.now() - this.#wroteAt < this.#pauseMs;
    if (isBest) this.#waiting = this.#waiting.filter(({ state }) => this.#stays(state.epoch));
    if (busy) {
      if (isBest || stays) this.#waiting.push(this.#take());
      return;
    }
    const snapshots = this.#waiting;
    this.#waiting = [];
    if (due || isBest || stays) snapshots.push(this.#take());
    this.#writing = this.#writeAll(snapshots)
      .catch((error: unknown) => {
        this.#failure = error;
      })
      .finally(() => {
        this.#writing = null;
      });
  }

  /** Resolves when the disk has what it was given so far. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  /**
   * Resolves when all is on disk; with `last`, also the state as it is now. Throws what the disk says.
   */
  async finish(last: boolean): Promise<void> {
    await this.settled();
    if (this.#failure) throw this.#failure;
    const snapshots = this.#waiting;
    this.#waiting = [];
    if (last) {
      const now = this.#take();
      const { step } = now.state.position;
      const latest = snapshots.at(-1)?.state.position.step ?? this.#step;
      if (step > latest) snapshots.push(now);
    }
    await this.#writeAll(snapshots);
  }

  async #writeAll(snapshots: Snapshot[]): Promise<void> {
    this.#wroteAt = performance.now();
    for (const snapshot of snapshots) {
      this.#step = snapshot.state.position.step;
      await this.#write(snapshot);
    }
  }

  async #write({ tensors, state }: Snapshot): Promise<void> {
    const { epoch, time, position, validation, best } = state;
    const { step } = position;
    const whole = step === epoch * this.#policy.stepsPerEpoch;
    const score = whole ? (validation?.loss ?? null) : null;
    const folder = join(this.#run, CHECKPOINT_FOLDER);
    const name = checkpointName(epoch, whole ? null : step, score);
    const file = join(folder, name);
    try {
      await mkdir(folder, { recursive: true });
      await writeSafetensors(file, tensors, encodeState(state));
      await this.#prune(folder, best?.epoch ?? null);
    } catch (error) {
      throw diskError(error, file);
    }
    this.#saved({
      type: 'checkpoint',
      file: `${CHECKPOINT_FOLDER}/${name}`,
      epoch,
      step,
      time,
      score,
    });
  }

  #stays(epoch: number): boolean {
    return this.#policy.always?.includes(epoch) ?? false;
  }

  async #prune(folder: string, bestEpoch: number | null): Promise<void> {
    const files = await listCheckpoints(this.#run);
    const old = files.slice(0, -this.#policy.keep);
    const doomed = old.filter(
      ({ epoch, step }) => step !== null || (epoch !== bestEpoch && !this.#stays(epoch)),
    );
    const unfinished = (await readdir(folder)).filter(isUnfinished);
    for (const name of [...doomed.map((file) => file.name), ...unfinished])
      await rm(join(folder, name), { force: true });
  }
}
