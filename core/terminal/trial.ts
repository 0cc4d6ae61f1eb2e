import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../events/user-error.ts';
import { releaseOwnership } from '../runs/owner.ts';
import type { TrialOutcome, TrialTask } from '../sweep/executor.ts';
import { REPORT_FILE, TASK_FILE } from '../sweep/slurm/executor.ts';
import { ReportReader, report } from '../sweep/slurm/reports.ts';
import { ThreadExecutor } from '../sweep/threads.ts';
import { INTERRUPTED, onInterrupt } from './interrupt.ts';

/**
 * One trial of a sweep, as a job of a cluster: what to do stands in a folder, and what came of it is
 * reported there. A job that was put back into the queue goes on from its last checkpoint.
 */
export async function trialVerb(folder: string, workerFile: string): Promise<number> {
  const task = await readTask(folder);
  const file = join(folder, REPORT_FILE);
  const earlier = (await new ReportReader(file).read()).findLast(({ type }) => type === 'opened');
  const restarts = Number(process.env.SLURM_RESTART_COUNT ?? 0);
  report(file, { type: 'begun', node: hostname(), restarts });
  const left = earlier?.type === 'opened' ? earlier.run : task.resume;
  // Slurm starts a job again only when it is gone from the node that had it.
  if (left !== null && restarts > 0) releaseOwnership(left);
  const executor = new ThreadExecutor({ workerFile, maxParallel: 1 });
  let stop = () => {};
  const interrupt = onInterrupt(() => stop());
  const train = (resume: string | null): Promise<TrialOutcome> => {
    const running = executor.run(
      { ...task, resume },
      {
        opened: (run) => report(file, { type: 'opened', run }),
        epoch: (epoch) => report(file, { type: 'epoch', ...epoch }),
      },
    );
    stop = () => running.stop();
    if (interrupt.interrupted()) stop();
    return running.done;
  };
  try {
    let outcome = await train(left);
    if (outcome.state === 'failed' && left !== null && left !== task.resume) {
      // It was lost before its first checkpoint.
      rmSync(left, { recursive: true, force: true });
      outcome = await train(task.resume);
    }
    report(file, { type: 'ended', outcome });
    return interrupt.interrupted() ? INTERRUPTED : 0;
  } catch (error) {
    report(file, { type: 'broken', message: (error as Error).message });
    throw error;
  } finally {
    interrupt.dispose();
    await executor.dispose();
  }
}

async function readTask(folder: string): Promise<TrialTask> {
  try {
    return JSON.parse(await readFile(join(folder, TASK_FILE), 'utf8')) as TrialTask;
  } catch (error) {
    throw new UserError(
      `There is no task of a sweep in "${folder}": ${(error as Error).message}. This verb is for the jobs that \`trainscope sweep\` submits.`,
    );
  }
}
