import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import asc from 'assemblyscript/asc';

/**
 * Fused multiply-adds of 4 lanes on the twelve accumulators of the product's tile, all in registers: the
 * most that 128-bit SIMD gives on this machine.
 */
const CHAINS = Array.from({ length: 12 }, (_, i) => `a${i}`);
const ROUND = CHAINS.map((a, i) => `${a} = f32x4.relaxed_madd(x, b${i % 2}, ${a});`).join('\n');
const SOURCE = `export function peak(rounds: u32, at: usize): void {
  const x = v128.load(at);
  const b0 = v128.load(at, 16);
  const b1 = v128.load(at, 32);
  ${CHAINS.map((a) => `let ${a} = x;`).join('\n')}
  for (let i: u32 = 0; i < rounds; i++) {
    ${ROUND}
    ${ROUND}
  }
  ${CHAINS.map((a, i) => `v128.store(at, ${a}, ${i * 16});`).join('\n')}
}`;
const ROUNDS = 50_000;
const TURN_MS = 60;
const FLOPS = ROUNDS * 2 * CHAINS.length * 4 * 2;

/** What runs in each thread: as many rounds as fit into the time, all threads at once. */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const { peak } = new WebAssembly.Instance(new WebAssembly.Module(workerData)).exports;
peak(${ROUNDS}, 1024);
parentPort.on('message', (ms) => {
  let best = Infinity;
  for (const end = performance.now() + ms; performance.now() < end; ) {
    const start = performance.now();
    peak(${ROUNDS}, 1024);
    best = Math.min(best, performance.now() - start);
  }
  parentPort.postMessage(best);
});`;

/** GFLOP/s of this many threads together. */
export interface Peak {
  measure(threads: number): Promise<number>;
  close(): Promise<void>;
}

export async function openPeak(mostThreads: number): Promise<Peak> {
  const binary = await compile();
  const workers = Array.from(
    { length: mostThreads },
    () => new Worker(THREAD, { eval: true, workerData: binary }),
  );
  const best = async (worker: Worker) => {
    worker.postMessage(TURN_MS);
    // An error of the thread rejects.
    const [ms] = (await once(worker, 'message')) as [number];
    return ms;
  };
  return {
    async measure(threads) {
      const times = await Promise.all(workers.slice(0, threads).map(best));
      return times.reduce((sum, ms) => sum + FLOPS / ms / 1e6, 0);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

async function compile(): Promise<Uint8Array> {
  let binary: Uint8Array | null = null;
  const { error, stderr } = await asc.main(
    [
      'peak.ts',
      '--outFile',
      'peak.wasm',
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--use',
      'abort=',
    ].concat(['--initialMemory', '1', '--enable', 'simd', '--enable', 'relaxed-simd']),
    {
      readFile: (name) => (name === 'peak.ts' ? SOURCE : null),
      writeFile: (_name, contents) => {
        binary = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error || !binary) throw new Error(`The peak does not compile: ${stderr.toString()}`);
  return binary;
}
