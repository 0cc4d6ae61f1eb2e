import type { Pass } from '../../network/op.ts';
import type { Program } from '../program.ts';

/** Runs the ops of a program, alone or with others. */
export interface Runner {
  /** How many threads share the work. */
  readonly threads: number;
  /**
   * Runs these ops in order. `poll` is called between parts; when it returns true, what is under way is
   * finished, the rest is not begun, and the answer is false.
   */
  run(list: keyof Program, pass: Pass, poll: () => boolean): boolean;
  dispose(): Promise<void>;
}

/** All of the work in this thread. */
export class Alone implements Runner {
  readonly threads = 1;
  readonly #program: Program;

  constructor(program: Program) {
    this.#program = program;
  }

  run(list: keyof Program, pass: Pass, poll: () => boolean): boolean {
    for (const op of this.#program[list]) {
      for (let part = 0; part < op.parts; part++) {
        op.run(part, pass);
        if (poll()) return false;
      }
    }
    return true;
  }

  async dispose(): Promise<void> {}
}
