import type { SweepConfig } from '../config/index.ts';
import { UserError } from '../events/user-error.ts';
import type { MemoryBudget } from '../session/memory-budget.ts';
import type { Executor } from './executor.ts';
import { SlurmExecutor } from './slurm/executor.ts';
import { ThreadExecutor } from './threads.ts';

export interface ExecutorFiles {
  /** The bundles of core/worker.ts and of core/cli.ts. */
  workerFile: string;
  cli: string;
  /** In an untrusted workspace: data is read only inside these folders. null: anywhere. */
  readableRoots?: string[] | null;
  /** How many trials are trained at a time here, and what they may use together; by default all there is. */
  cores?: number;
  budget?: MemoryBudget;
}

/** Where a config wants its trials to be trained. */
export function executorOf(executor: SweepConfig['executor'], files: ExecutorFiles): Executor {
  const { workerFile, cli, readableRoots, cores, budget } = files;
  if (executor.type === 'threads') {
    const maxParallel = executor.maxParallel ?? cores;
    return new ThreadExecutor({ workerFile, maxParallel, readableRoots, budget });
  }
  if (readableRoots)
    throw new UserError(
      'A workspace that is not trusted submits nothing to a cluster. Trust it, or search with threads.',
      { path: ['sweep', 'executor'] },
    );
  return new SlurmExecutor({ executor, node: nodeOfThisMachine(), cli, env: process.env });
}

/** What the nodes of a cluster are to start; in desktop VS Code this process is not Node itself. */
function nodeOfThisMachine(): string {
  return process.versions.electron === undefined ? process.execPath : 'node';
}
