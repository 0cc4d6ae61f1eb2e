import type { Pass } from '../../network/op.ts';
import type { Program } from '../program.ts';

const LISTS = [
  'gradient',
  'update',
  'evaluate',
  'probe',
  'measuredGradient',
  'measuredUpdate',
  'parameters',
] as const satisfies (keyof Program)[];

/** Words of the board, each on a cache line of its own. */
const LINE = 16;
const REMAINING = 0;
const LIST = LINE;
const OP = LIST + 1;
const DONE = 2 * LINE;
const ASLEEP = 3 * LINE;
const CLOSED = 4 * LINE;
const READY = 5 * LINE;
const FAILED = 6 * LINE;
const PASS_BYTES = 7 * LINE * 4;
const BOARD_BYTES = PASS_BYTES + 4 * 8;

/** How often a thread looks for work before it goes to sleep: a fraction of a millisecond. */
const LOOKS = 20_000;
/** A part of an op takes milliseconds at most: a thread that is silent for longer is gone. */
const PATIENCE_MS = 60_000;

/** Tells the processor that this is a loop that waits. Not in every Node that we run on. */
const { pause = () => {} } = Atomics as { pause?: () => void };

/**
 * The board on which the leading thread writes what is to be done, in memory that all threads share. Of
 * each op its parts are claimed one by one, by whoever is free; a thread that sleeps, or comes late,
 * holds nobody up.
 */
export class Board {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #pass: Float64Array;

  constructor(buffer = new SharedArrayBuffer(BOARD_BYTES)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer, 0, PASS_BYTES / 4);
    this.#pass = new Float64Array(buffer, PASS_BYTES, 4);
  }

  /** Leader: what the ops that follow are run with. */
  writePass({ rows, position, step, learningRate }: Pass): void {
    this.#pass[0] = rows;
    this.#pass[1] = position;
    this.#pass[2] = step;
    this.#pass[3] = learningRate;
  }

  /** Of the op under way. */
  readPass(pass: Pass): void {
    pass.rows = this.#pass[0];
    pass.position = this.#pass[1];
    pass.step = this.#pass[2];
    pass.learningRate = this.#pass[3];
  }

  /** Leader: lets everybody claim parts of this op. All parts of the one before are done. */
  open(list: keyof Program, op: number, parts: number): void {
    this.#words[LIST] = LISTS.indexOf(list);
    this.#words[OP] = op;
    this.#words[DONE] = 0;
    Atomics.store(this.#words, REMAINING, parts);
    if (Atomics.load(this.#words, ASLEEP) > 0) Atomics.notify(this.#words, REMAINING);
  }

  /** Takes one of the remaining parts: how many there were, this one included; 0: none is left. */
  claim(): number {
    for (;;) {
      const remaining = Atomics.load(this.#words, REMAINING);
      if (remaining <= 0) return 0;
      const found = Atomics.compareExchange(this.#words, REMAINING, remaining, remaining - 1);
      if (found === remaining) return remaining;
    }
  }

  /** Valid between a claim and its `done`: until then the leader waits. */
  get list(): keyof Program {
    return LISTS[this.#words[LIST]];
  }

  get op(): number {
    return this.#words[OP];
  }

  done(): void {
    Atomics.add(this.#words, DONE, 1);
  }

  /** Leader: no more parts of this op are begun; how many were not. */
  withdraw(): number {
    return Math.max(0, Atomics.exchange(this.#words, REMAINING, 0));
  }

  /** Leader: until so many parts are done. Throws if a part broke down. */
  awaitDone(parts: number): void {
    let deadline = 0;
    for (let looks = 0; Atomics.load(this.#words, DONE) < parts; looks++) {
      pause();
      if (looks < LOOKS) continue;
      looks = 0;
      const now = performance.now();
      deadline ||= now + PATIENCE_MS;
      if (now > deadline) throw new Error('A thread of this training does not answer.');
    }
    if (Atomics.load(this.#words, FAILED) !== 0) {
      throw new Error('A thread of this training broke down.');
    }
  }

  /** Helper: until there is something to claim; false when the board is closed. */
  awaitWork(): boolean {
    for (;;) {
      for (let looks = 0; looks < LOOKS; looks++) {
        if (Atomics.load(this.#words, CLOSED) !== 0) return false;
        if (Atomics.load(this.#words, REMAINING) > 0) return true;
        pause();
      }
      Atomics.add(this.#words, ASLEEP, 1);
      if (Atomics.load(this.#words, CLOSED) === 0) Atomics.wait(this.#words, REMAINING, 0);
      Atomics.sub(this.#words, ASLEEP, 1);
    }
  }

  /** Helper: it takes part from now on. */
  join(): void {
    Atomics.add(this.#words, READY, 1);
    Atomics.notify(this.#words, READY);
  }

  get joined(): number {
    return Atomics.load(this.#words, READY);
  }

  /** Helper: a part could not be done. */
  fail(): void {
    Atomics.store(this.#words, FAILED, 1);
  }

  /** Ends all helpers. */
  close(): void {
    Atomics.store(this.#words, CLOSED, 1);
    Atomics.notify(this.#words, REMAINING);
  }
}
