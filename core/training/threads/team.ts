import { Worker } from 'node:worker_threads';
import type { Pass } from '../../network/op.ts';
import type { Program } from '../program.ts';
import { Board } from './board.ts';
import type { HelperStart } from './helper.ts';
import type { Runner } from './runner.ts';

/** How long helpers may take to start before the training goes on without them. */
const START_MS = 10_000;
/** A helper's own JavaScript is a plan and its closures. */
const HEAP_MEGABYTES = 64;

/** What this thread hands to its helpers, each with a scratch of its own. */
export type TeamStart = Omit<HelperStart, 'board' | 'scratch'>;

/**
 * This thread and helpers, over one memory. An op in one part is done here; parts of the others are
 * claimed by whoever is free. They are the same parts with one thread, so the bits are the same.
 */
export class Team implements Runner {
  readonly #program: Program;
  readonly #board: Board;
  readonly #helpers: Worker[];

  private constructor(program: Program, board: Board, helpers: Worker[]) {
    this.#program = program;
    this.#board = board;
    this.#helpers = helpers;
  }

  /**
   * Starts a helper for each scratch of the plan but the first. `file` is the script of their threads,
   * see `worker.ts`. Rejects when they do not start.
   */
  static async open(program: Program, start: TeamStart, file: string): Promise<Team> {
    const board = new Board();
    const helpers = start.plan.scratch.slice(1).map((scratch) => {
      const help: HelperStart = { ...start, scratch, board: board.buffer };
      return new Worker(file, {
        execArgv: [],
        workerData: { help },
        resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
      });
    });
    const team = new Team(program, board, helpers);
    try {
      await team.#joined();
    } catch (error) {
      await team.dispose();
      throw error;
    }
    for (const helper of helpers) helper.unref();
    return team;
  }

  get threads(): number {
    return this.#helpers.length + 1;
  }

  run(list: keyof Program, pass: Pass, poll: () => boolean): boolean {
    const board = this.#board;
    const ops = this.#program[list];
    board.writePass(pass);
    for (let index = 0; index < ops.length; index++) {
      const op = ops[index];
      if (op.parts === 1) {
        op.run(0, pass);
        if (poll()) return false;
        continue;
      }
      board.open(list, index, op.parts);
      for (let remaining = board.claim(); remaining > 0; remaining = board.claim()) {
        op.run(op.parts - remaining, pass);
        board.done();
        if (!poll()) continue;
        board.awaitDone(op.parts - board.withdraw());
        return false;
      }
      board.awaitDone(op.parts);
    }
    return true;
  }

  async dispose(): Promise<void> {
    this.#board.close();
    await Promise.all(this.#helpers.map((helper) => helper.terminate()));
  }

  #joined(): Promise<void> {
    return new Promise((resolve, reject) => {
      const deadline = performance.now() + START_MS;
      const check = setInterval(() => {
        if (this.#board.joined === this.#helpers.length) end(resolve);
        else if (performance.now() > deadline) end(() => reject(new Error('They did not start.')));
      }, 1);
      const end = (settle: () => void) => {
        clearInterval(check);
        settle();
      };
      for (const helper of this.#helpers) {
        // Later, a breakdown shows on the board.
        helper.on('error', (error: Error) => end(() => reject(error)));
      }
    });
  }
}
