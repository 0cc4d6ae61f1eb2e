import { execFile } from 'node:child_process';
import type { ConfigPath } from '../../events/finding.ts';
import { UserError } from '../../events/user-error.ts';

const EXECUTOR: ConfigPath = ['sweep', 'executor'];
/** A controller that is restarting answers after some seconds. */
const PATIENCE_MS = 60_000;

/** What Slurm's commands need to find the cluster: the environment of this process, as a rule. */
export type Environment = NodeJS.ProcessEnv;

/** A job of an array, as Slurm names it: `123_4`. */
export type JobId = string;

export interface QueuedJob {
  id: JobId;
  /** Index in its array. */
  index: number;
  /** Slurm's word: PENDING, RUNNING, COMPLETED, TIMEOUT, NODE_FAIL, OUT_OF_MEMORY … */
  state: string;
  /** Why it waits, e.g. Resources, or BeginTime after it was put back. */
  reason: string;
}

/** States in which a job will run, or runs, or has not yet been cleaned up after. */
const ALIVE = new Set([
  ...['PENDING', 'CONFIGURING', 'RUNNING', 'COMPLETING', 'SUSPENDED', 'STOPPED', 'SIGNALING'],
  ...['REQUEUED', 'REQUEUE_HOLD', 'REQUEUE_FED', 'RESIZING', 'STAGE_OUT', 'SPECIAL_EXIT'],
]);

export function isAlive({ state }: QueuedJob): boolean {
  return ALIVE.has(state);
}

/** Submits a script; resolves with the id of its job or array. Throws UserError with Slurm's reason. */
export async function submit(args: readonly string[], env: Environment): Promise<string> {
  const { code, stdout, stderr } = await slurm('sbatch', ['--parsable', ...args], env);
  // A cluster's name may follow the number.
  const id = /^(\d+)/.exec(stdout)?.[1];
  if (code === 0 && id) return id;
  throw refusal(stderr);
}

/**
 * Jobs of this name that Slurm still knows: it forgets what ended some minutes ago. Null: it does not
 * answer, as while its controller is restarted.
 */
export async function jobsNamed(name: string, env: Environment): Promise<QueuedJob[] | null> {
  const { code, stdout } = await slurm(
    'squeue',
    ['--noheader', '--array', '--states=all', `--name=${name}`, '--format=%i|%K|%T|%r'],
    env,
  );
  if (code !== 0) return null;
  return stdout
    .split('\n')
    .filter((line) => line.includes('|'))
    .map((line) => {
      const [id = '', index = '', state = '', reason = ''] = line.trim().split('|');
      return { id, index: Number(index) || 0, state, reason };
    });
}

/** Takes jobs out of the queue. Those that run are asked to end, by SIGTERM to their script. */
export async function cancel(ids: readonly JobId[], env: Environment): Promise<void> {
  if (ids.length === 0) return;
  await slurm('scancel', ['--state=PENDING', ...ids], env);
  await slurm('scancel', ['--batch', '--signal=TERM', ...ids], env);
}

interface Answer {
  code: number;
  stdout: string;
  stderr: string;
}

function slurm(command: string, args: readonly string[], env: Environment): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { env, timeout: PATIENCE_MS, maxBuffer: 64 * 2 ** 20 };
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT')
        reject(
          new UserError(
            `Slurm is not on this machine: there is no \`${command}\` on the PATH. Start the sweep on a login node of the cluster, or use \`executor: threads\`.`,
            { path: EXECUTOR },
          ),
        );
      else resolve({ code: error ? 1 : 0, stdout, stderr });
    });
  });
}

/** The last of Slurm's words is the reason; the key that it speaks of is to blame. */
function refusal(stderr: string): UserError {
  const words = stderr.replaceAll(/^sbatch: (error: )?/gm, '').trim();
  const reason =
    /^Batch job submission failed: (.+)$/m.exec(words)?.[1] ?? words.split('\n').at(-1) ?? '';
  const key = /partition/i.test(reason)
    ? 'partition'
    : /time/i.test(reason)
      ? 'time'
      : /memory/i.test(reason)
        ? 'memory'
        : null;
  return new UserError(
    `Slurm refused the trials: ${reason.trim().replace(/\.$/, '') || 'it did not say why'}.`,
    { path: key ? [...EXECUTOR, key] : EXECUTOR },
  );
}
