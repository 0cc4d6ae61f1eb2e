import { type ChildProcess, execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { start, stop } from '../../extension/development/processes.ts';
import { aptInstall } from '../apt.ts';

const execute = promisify(execFile);
const CPUS = 2;
const PATIENCE_MS = 30_000;

/** Slurm on this machine, installed now if it is not there. Rejects when it cannot be had. */
export async function installSlurm(): Promise<void> {
  if (await isInstalled()) return;
  await aptInstall('Slurm', 'slurm-wlm', 'munge');
  if (!(await isInstalled()))
    throw new Error('No Slurm: install Debian’s slurm-wlm and munge, as root, and run this again.');
}

async function isInstalled(): Promise<boolean> {
  try {
    for (const daemon of ['slurmctld', 'slurmd']) await execute(daemon, ['-V']);
    await execute('munged', ['--version']);
    return true;
  } catch {
    return false;
  }
}

/**
 * A cluster of one node with all its files, ports and keys in a folder of its own: it meets no other
 * Slurm of this machine. Its daemons must be root.
 */
export class Cluster {
  readonly folder: string;
  /** What Slurm's commands need to find this cluster. */
  readonly env: NodeJS.ProcessEnv;
  readonly #daemons = new Map<'munged' | 'slurmctld' | 'slurmd', ChildProcess>();

  private constructor(folder: string) {
    this.folder = folder;
    this.env = { ...process.env, SLURM_CONF: join(folder, 'slurm.conf') };
  }

  static async start(): Promise<Cluster> {
    const cluster = new Cluster(await mkdtemp(join(tmpdir(), 'trainscope-slurm-')));
    try {
      await cluster.#configure();
      cluster.#run('munged', ...munged(cluster.folder));
      await until('munge answers', () =>
        cluster.command('munge', `--socket=${join(cluster.folder, 'munge.socket')}`, '--no-input'),
      );
      cluster.#run('slurmctld', '-D');
      await cluster.startNode();
      return cluster;
    } catch (error) {
      await cluster.dispose();
      throw error;
    }
  }

  async startNode(): Promise<void> {
    this.#run('slurmd', '-D');
    await until('the node is idle', async () => {
      const states = await this.command('sinfo', '--noheader', '--format=%T');
      if (!/^(idle|mixed|allocated)$/m.test(states)) throw new Error(`It is ${states.trim()}.`);
    });
  }

  /** The node is gone at once, with all that it ran. */
  async loseNode(): Promise<void> {
    const node = this.#daemons.get('slurmd');
    if (node) await stop(node, 0);
    // What it ran has process groups of its own.
    const { stdout } = await execute('pgrep', ['-f', `slurmstepd: \\[`]).catch(() => ({
      stdout: '',
    }));
    for (const pid of stdout.split('\n').filter(Boolean)) kill(-Number(pid));
    await this.command('scontrol', 'update', `NodeName=${hostname()}`, 'State=DOWN', 'Reason=lost');
  }

  /** A job that is put back into the queue waits for two minutes: not in a test. */
  async hurry(): Promise<void> {
    const waiting = await this.command('squeue', '--noheader', '--array', '--format=%i');
    for (const job of waiting.split('\n').filter(Boolean))
      await this.command('scontrol', 'update', `JobId=${job.trim()}`, 'StartTime=now');
  }

  async command(name: string, ...args: string[]): Promise<string> {
    const { stdout } = await execute(name, args, { env: this.env });
    return stdout;
  }

  async dispose(): Promise<void> {
    await this.command('scancel', '--user=root').catch(() => {});
    for (const name of ['slurmd', 'slurmctld', 'munged'] as const) {
      const daemon = this.#daemons.get(name);
      if (daemon) await stop(daemon);
    }
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #run(name: 'munged' | 'slurmctld' | 'slurmd', ...args: string[]): void {
    const daemon = start(name, args, { env: this.env, stdio: 'ignore' });
    this.#daemons.set(name, daemon);
  }

  async #configure(): Promise<void> {
    for (const name of ['state', 'spool']) await mkdir(join(this.folder, name));
    await writeFile(join(this.folder, 'munge.key'), randomBytes(1024), { mode: 0o400 });
    const [controller, node] = [await freePort(), await freePort()];
    await writeFile(join(this.folder, 'slurm.conf'), slurmConf(this.folder, controller, node));
  }

  /** What its daemons have written, to look at when a test fails. */
  async log(): Promise<string> {
    const files = ['slurmctld.log', 'slurmd.log'].map((name) =>
      readFile(join(this.folder, name), 'utf8').catch(() => ''),
    );
    return (await Promise.all(files)).join('\n');
  }
}

function munged(folder: string): string[] {
  return [
    ...['--foreground', '--force', '--num-threads=2'],
    `--socket=${join(folder, 'munge.socket')}`,
    `--key-file=${join(folder, 'munge.key')}`,
    `--pid-file=${join(folder, 'munged.pid')}`,
    `--seed-file=${join(folder, 'munge.seed')}`,
  ];
}

function slurmConf(folder: string, controllerPort: number, nodePort: number): string {
  const host = hostname();
  return `ClusterName=trainscope
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=root
SlurmctldPort=${controllerPort}
SlurmdPort=${nodePort}
AuthType=auth/munge
AuthInfo=socket=${folder}/munge.socket
CredType=cred/munge
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/builtin
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
ReturnToService=2
KillWait=5
MaxArraySize=1001
NodeName=${host} NodeAddr=127.0.0.1 CPUs=${CPUS} RealMemory=1500 State=UNKNOWN
PartitionName=short Nodes=${host} Default=YES MaxTime=60 State=UP
PartitionName=closed Nodes=${host} State=DOWN
`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

async function until(what: string, look: () => Promise<unknown>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await look();
      return;
    } catch (error) {
      if (Date.now() > end) throw new Error(`Not in ${PATIENCE_MS} ms: ${what}. ${error}`);
      await sleep(100);
    }
  }
}
