import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Workload } from './workloads.ts';

/** Another engine that does the same step, in a process of its own. */
export interface Peer {
  /** Median microseconds of a step. */
  step(workload: Workload, repetitions: number): Promise<number>;
  close(): void;
}

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** PyTorch of the system's Python on so many threads; null where that has none. */
export async function startPyTorch(threads: number): Promise<Peer | null> {
  for (const python of ['/usr/bin/python3', 'python3']) {
    const probe = spawn(python, ['-c', 'import torch'], { stdio: 'ignore' });
    const ended = await Promise.race([once(probe, 'exit'), once(probe, 'error')]);
    if (ended[0] !== 0) continue;
    // OpenBLAS takes its number of threads from here, not from torch: left alone, it makes a step on
    // one thread twice as slow.
    const count = String(threads);
    const env = { ...process.env, OPENBLAS_NUM_THREADS: count, OMP_NUM_THREADS: count };
    return peer(python, [script('./pytorch-peer.py'), count], env);
  }
  return null;
}

/**
 * TensorFlow.js on WebAssembly; null, with a line why, where it cannot be had. It is no dependency of the
 * project: it is fetched into a cache once.
 */
export async function startTensorFlow(): Promise<Peer | null> {
  const cache = join(homedir(), '.cache', 'trainscope-bench', 'tfjs-4.22.0');
  const packages = ['tfjs', 'tfjs-backend-wasm'].map((name) => `@tensorflow/${name}@4.22.0`);
  try {
    if (!existsSync(join(cache, 'node_modules/@tensorflow/tfjs-backend-wasm'))) {
      await mkdir(cache, { recursive: true });
      await writeFile(join(cache, 'package.json'), '{ "private": true }');
      await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', ...packages], {
        cwd: cache,
        timeout: 120_000,
      });
    }
    return peer(process.execPath, [script('./tfjs-peer.mjs'), cache], process.env);
  } catch (error) {
    console.error(`No TensorFlow.js: ${(error as Error).message.split('\n')[0]}`);
    return null;
  }
}

function peer(command: string, args: string[], env: NodeJS.ProcessEnv): Peer {
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async step({ input, layers, classes, batch }, repetitions) {
      child.stdin.write(`${JSON.stringify({ input, layers, classes, batch, repetitions })}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${command} ended.`);
      return (JSON.parse(value as string) as { us: number }).us;
    },
    close: () => child.stdin.end(),
  };
}
