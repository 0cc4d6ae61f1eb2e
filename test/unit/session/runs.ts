import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RunEvent } from '../../../core/events/run-event.ts';
import { launchRun, type RunHandle } from '../../../core/session/launch.ts';
import { MemoryBudget } from '../../../core/session/memory-budget.ts';
import type { RunRequest } from '../../../core/session/protocol.ts';
import type { RunThreads } from '../../../core/session/run-threads.ts';
import { bundle } from './bundle.ts';

export const workerFile = join(await bundle({ worker: 'core/worker.ts' }), 'worker.js');

/** Two arms, 240 examples to train with: an epoch is 8 steps of some 50 µs. */
export const SPIRAL = `data: { source: spiral, examples: 300, validation: 0.2 }
model:
  layers: [dense: 20, tanh, dense: 3]
optimizer: { type: adam, learningRate: 0.01 }
training: { epochs: 5, batchSize: 32, seed: 3 }
`;

/** A step takes a second or so: commands must be answered within it. */
export const LONG_STEPS = `data: { source: spiral, examples: 4000 }
model:
  layers: [dense: 2000, relu, dense: 2000, relu, dense: 3]
training: { epochs: 50, batchSize: full }
`;

/** A run's request; its folder vanishes with the test. */
export async function requestOf(configText: string, name = 'spiral.train.yaml') {
  const folder = await mkdtemp(join(tmpdir(), 'trainscope session ü-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const configFile = join(folder, name);
  await writeFile(configFile, configText);
  const runsFolder = join(folder, '.trainscope', 'runs');
  return { configFile, configText, runsFolder, readableRoots: null } satisfies RunRequest;
}

/** Starts a run in a real worker; `events` grows as they come. */
export function launch(
  request: RunRequest,
  options: { workerFile?: string; budget?: MemoryBudget; pool?: RunThreads } = {},
): { run: RunHandle; events: RunEvent[] } {
  const run = launchRun(request, { workerFile, budget: new MemoryBudget(2 ** 32), ...options });
  onTestFinished(() => run.dispose());
  const events: RunEvent[] = [];
  run.onEvents((batch) => events.push(...batch));
  return { run, events };
}

/** All losses, step by step, as the bits that they are. */
export function lossBits(events: readonly RunEvent[]): BigUint64Array {
  const losses = events.flatMap((event) => (event.type === 'steps' ? [...event.loss] : []));
  return new BigUint64Array(Float64Array.from(losses).buffer);
}

/** Resolves when `condition` holds; fails the test when it does not for long. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Still waiting for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
