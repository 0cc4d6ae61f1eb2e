import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface StepRequest {
  sizes: number[];
  batch: number;
  repetitions: number;
}

export interface PyTorch {
  /** Median microseconds of a training step on one thread. */
  step(request: StepRequest): Promise<number>;
  close(): void;
}

/** Starts the peer in the system's Python; null where that has no torch. */
export async function startPyTorch(): Promise<PyTorch | null> {
  const script = fileURLToPath(new URL('./pytorch-peer.py', import.meta.url));
  for (const python of ['/usr/bin/python3', 'python3']) {
    const probe = spawn(python, ['-c', 'import torch'], { stdio: 'ignore' });
    const ended = await Promise.race([once(probe, 'exit'), once(probe, 'error')]);
    if (ended[0] !== 0) continue;
    // OpenBLAS takes its number of threads from here, not from torch: left alone, it makes a step on
    // one thread twice as slow.
    const env = { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1' };
    const peer = spawn(python, [script], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();
    return {
      async step(request) {
        peer.stdin.write(`${JSON.stringify(request)}\n`);
        const { value } = await lines.next();
        return (JSON.parse(value as string) as { us: number }).us;
      },
      close: () => peer.stdin.end(),
    };
  }
  return null;
}
