import type { Config } from '../../config/index.ts';
import type { KernelVariant } from '../../events/run-event.ts';
import { instantiateKernels, type Offset } from '../../kernels/kernels.ts';
import type { Pass } from '../../network/op.ts';
import type { Plan } from '../plan.ts';
import { buildProgram } from '../program.ts';
import { Board } from './board.ts';

/** What a helper needs: plain data, and memory that it shares. */
export interface HelperStart {
  memory: WebAssembly.Memory;
  variant: KernelVariant;
  plan: Plan;
  config: Config;
  scratch: Offset;
  board: SharedArrayBuffer;
}

/** Does parts of ops until the board is closed. Blocks its thread. */
export function help({ memory, variant, plan, config, scratch, board: shared }: HelperStart): void {
  const board = new Board(shared);
  const program = buildProgram(instantiateKernels(memory, variant), plan, config, scratch);
  const pass: Pass = { rows: 0, position: 0, step: 0, learningRate: 0 };
  board.join();
  while (board.awaitWork()) {
    try {
      for (let remaining = board.claim(); remaining > 0; remaining = board.claim()) {
        // The one that was claimed, which need not be that of the claim before.
        const op = program[board.list][board.op];
        board.readPass(pass);
        op.run(op.parts - remaining, pass);
        board.done();
      }
    } catch (error) {
      board.fail();
      board.done();
      throw error;
    }
  }
}
