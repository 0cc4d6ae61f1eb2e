import type { SlurmConfig } from '../../config/schema/sweep.ts';

/** A job array: job i does the task in the i-th of these folders. */
export interface JobArray {
  /** By which it is found again after its owner was restarted. */
  name: string;
  tasks: number;
  /** A file with the folder of each task, a line each. */
  list: string;
  /** Where what its jobs print goes. */
  folder: string;
  executor: SlurmConfig;
}

/** The arguments of sbatch, before its script. */
export function submission({ name, tasks, folder, executor }: JobArray): string[] {
  const { partition, time, memory, maxParallel } = executor;
  const atOnce = maxParallel === undefined ? '' : `%${maxParallel}`;
  return [
    `--job-name=${name}`,
    `--array=0-${tasks - 1}${atOnce}`,
    '--cpus-per-task=1',
    // A node that is lost gives its trials back to the queue.
    '--requeue',
    '--open-mode=append',
    `--output=${folder}/${name}-%a.out`,
    `--chdir=${folder}`,
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    ...(time === undefined ? [] : [`--time=${time}`]),
    ...(memory === undefined ? [] : [`--mem=${memory}`]),
  ];
}

/** Every task runs the same command line. `exec`: signals are for it, not for the shell. */
export function script({ list }: JobArray, node: string, cli: string): string {
  return `#!/bin/bash
task=$(sed -n "$((SLURM_ARRAY_TASK_ID + 1))p" ${quoted(list)})
exec ${quoted(node)} ${quoted(cli)} trial "$task"
`;
}

/** For the shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
