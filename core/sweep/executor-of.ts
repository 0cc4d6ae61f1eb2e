import type { SweepConfig } from '../config/index.ts';
import type { Executor } from './executor.ts';
import { SlurmExecutor } from './slurm/executor.ts';
import { ThreadExecutor } from './threads.ts';

export interface ExecutorFiles {
  /** The bundles of core/worker.ts and of core/cli.ts. */
  workerFile: string;
  cli: string;
  /** In an untrusted workspace: data is read only inside these folders. null: anywhere. */
  readableRoots?: string[] | null;
}

/** Where a config wants its trials to be trained. */
export function executorOf(executor: SweepConfig['executor'], files: ExecutorFiles): Executor {
  const { workerFile, cli, readableRoots } = files;
  if (executor.type === 'threads')
    return new ThreadExecutor({ workerFile, maxParallel: executor.maxParallel, readableRoots });
  return new SlurmExecutor({ executor, node: process.execPath, cli, env: process.env });
}
