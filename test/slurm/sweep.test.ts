import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cliFile } from '../unit/cli/cli.ts';
import { Cluster } from './cluster.ts';

let cluster: Cluster;
let folder: string;
const sweeps: ChildProcess[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trainscope shared ü-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});
// One for each: what a test does to its cluster does not reach the next.
beforeEach(async () => {
  cluster = await Cluster.start();
});
afterEach(async ({ task }) => {
  for (const sweep of sweeps.splice(0)) sweep.kill('SIGKILL');
  if (task.result?.state === 'fail') console.log(await cluster.log());
  await cluster.dispose();
});

interface Search {
  name: string;
  executor: string;
  epochs?: number;
  trials?: number;
  examples?: number;
  stopping?: string;
}

async function config(search: Search): Promise<string> {
  const { name, executor, epochs = 3, trials = 4, examples = 200, stopping = 'none' } = search;
  await writeFile(
    join(folder, `${name}.train.yaml`),
    `data: { source: blobs, examples: ${examples}, validation: 0.25 }
model: { layers: [dense: 16, relu, dense: 3] }
training: { epochs: ${epochs}, batchSize: 16, checkpoint: { every: 1 } }
sweep:
  parameters:
    optimizer.learningRate: { log: [1.0e-3, 1] }
    model.layers.0.dense: { int: [4, 32] }
  stages: [{ trials: ${trials}, epochs: ${epochs} }, { trials: 2, epochs: ${epochs} }]
  stopping: ${stopping}
  executor: ${executor}
`,
  );
  return `${name}.train.yaml`;
}

type Line = { type: string; [key: string]: unknown };

class Sweep {
  readonly process: ChildProcess;
  readonly lines: Line[] = [];
  stderr = '';
  readonly ended: Promise<number | null>;

  constructor(args: string[], env = cluster.env) {
    this.process = spawn(process.execPath, [cliFile, 'sweep', ...args, '--json'], {
      cwd: folder,
      env,
    });
    sweeps.push(this.process);
    let rest = '';
    this.process.stdout!.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop()!;
      for (const line of lines) this.lines.push(JSON.parse(line) as Line);
    });
    this.process.stderr!.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    this.ended = new Promise((resolve) => this.process.on('exit', (code) => resolve(code)));
  }

  get trials(): Line[] {
    return this.lines.filter(({ type }) => type === 'trial');
  }

  /** What must be the same, whoever has trained it. */
  get results() {
    return this.trials
      .map(({ number, parameters, state, epochs, validation }) => ({
        ...{ number, parameters, state, epochs, validation },
      }))
      .sort((a, b) => Number(a.number) - Number(b.number));
  }
}

async function swept(...args: string[]): Promise<Sweep> {
  const sweep = new Sweep(args);
  const code = await sweep.ended;
  expect(code, sweep.stderr + JSON.stringify(sweep.lines.at(-1))).toBe(0);
  return sweep;
}

/** The folder of the only sweep of this config. */
async function folderOf(name: string): Promise<string> {
  const sweeps = join(folder, '.trainscope/sweeps');
  const found = (await readdir(sweeps).catch(() => [])).filter((one) => one.endsWith(name));
  expect(found).toHaveLength(1);
  return join(sweeps, found[0]!);
}

interface Told {
  type: string;
  restarts?: number;
  epoch?: number;
}

/** What the jobs of a sweep have reported, by the name of their folder. */
async function reportsOf(sweep: string): Promise<Map<string, Told[]>> {
  const reports = new Map<string, Told[]>();
  const tasks = await readdir(join(sweep, 'slurm'), { withFileTypes: true }).catch(() => []);
  for (const entry of tasks) {
    if (!entry.isDirectory()) continue;
    const file = join(sweep, 'slurm', entry.name, 'report.jsonl');
    const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(Boolean);
    reports.set(
      entry.name,
      lines.map((line) => JSON.parse(line) as Told),
    );
  }
  return reports;
}

async function until<T>(what: string, look: () => Promise<T> | T): Promise<NonNullable<T>> {
  const end = Date.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`Not within a minute: ${what}.`);
    await sleep(100);
  }
}

const queue = () => cluster.command('squeue', '--noheader', '--array', '--format=%i %T');
/** Trains for some minutes, unless it is stopped. */
const LONG = { epochs: 4000, examples: 2000, trials: 2 };

describe('a sweep on Slurm', () => {
  it('finds, number for number, what the threads of this machine find', async () => {
    const here = await swept(await config({ name: 'here', executor: 'threads' }));
    const there = await swept(
      await config({ name: 'there', executor: '{ type: slurm, partition: short, time: 5 }' }),
    );
    expect(there.results).toEqual(here.results);
    expect(there.results).toHaveLength(6);
    const { best } = there.lines.at(-1) as unknown as { best: { validation: unknown } };
    expect(best.validation).toEqual(
      (here.lines.at(-1) as unknown as { best: { validation: unknown } }).best.validation,
    );
    // Each stage is one array, and each trial a run with checkpoints named by their score.
    const sweep = await folderOf('there');
    const arrays = (await readdir(join(sweep, 'slurm'))).filter((one) => one.endsWith('.list'));
    expect(arrays).toHaveLength(2);
    const [trial] = there.trials as unknown as { run: string; validation: { loss: number } }[];
    const checkpoints = await readdir(join(sweep, trial!.run, 'checkpoints'));
    expect(checkpoints.join()).toContain(trial!.validation.loss.toPrecision(4));
  });

  it('goes on where its owner was killed, with the jobs that still run', async () => {
    const search = { name: 'killed', executor: 'slurm', epochs: 600, trials: 4, examples: 2000 };
    const first = new Sweep([await config(search)]);
    await until('two jobs train', async () => {
      const reports = await folderOf('killed').then(reportsOf, () => null);
      const training = [...(reports?.values() ?? [])].filter((told) =>
        told.some(({ type }) => type === 'epoch'),
      );
      return training.length >= 2;
    });
    first.process.kill('SIGKILL');
    await first.ended;
    expect(await queue()).toMatch(/RUNNING/);
    const sweep = await folderOf('killed');
    const second = await swept('killed.train.yaml', '--resume', sweep);
    const known = await swept(await config({ ...search, name: 'whole', executor: 'threads' }));
    expect(second.results).toEqual(known.results);
    for (const [trial, told] of await reportsOf(sweep))
      expect(
        told.filter(({ type }) => type === 'begun'),
        `trial ${trial}`,
      ).toHaveLength(1);
  });

  it('trains again what was lost with its node, from the last checkpoint', async () => {
    const search = { name: 'lost', executor: 'slurm', epochs: 1500, trials: 2, examples: 2000 };
    const running = new Sweep([await config(search)]);
    const sweep = await until('jobs train', async () => {
      const one = await folderOf('lost').catch(() => null);
      if (!one) return null;
      const reports = await reportsOf(one);
      const training = [...reports.values()].filter((told) =>
        told.some(({ epoch }) => Number(epoch) >= 2),
      );
      return training.length === 2 ? one : null;
    });
    await cluster.loseNode();
    await until('they are in the queue again', async () => /PENDING/.test(await queue()));
    await cluster.startNode();
    await cluster.hurry();
    expect(await running.ended).toBe(0);
    const restarts = [...(await reportsOf(sweep)).values()].map(
      (told) => told.findLast(({ type }) => type === 'begun')?.restarts ?? 0,
    );
    expect(restarts.filter((count) => count > 0)).toHaveLength(2);
    expect(running.trials.filter(({ requeues }) => requeues === 1)).toHaveLength(2);
    const known = await swept(await config({ ...search, name: 'kept', executor: 'threads' }));
    expect(running.results).toEqual(known.results);
  });

  it('cancels its jobs at Ctrl-C, and goes on later', async () => {
    const running = new Sweep([await config({ name: 'ended', executor: 'slurm', ...LONG })]);
    await until('a job runs', async () => /RUNNING/.test(await queue()));
    running.process.kill('SIGINT');
    expect(await running.ended).toBe(130);
    await until('the queue is empty', async () => (await queue()).trim() === '');
  });

  it('counts a job that somebody else has cancelled as a failed trial', async () => {
    const running = new Sweep([await config({ name: 'shot', executor: 'slurm', ...LONG })]);
    await until('jobs run', async () => (await queue()).match(/RUNNING/g)?.length === 2);
    await cluster.command('scancel', '--user=root', '--signal=KILL', '--batch');
    await until('it is told', () => running.trials.length >= 2);
    expect(running.trials.slice(0, 2).map(({ state }) => state)).toEqual(['failed', 'failed']);
    running.process.kill('SIGINT');
    await running.ended;
  });

  it.each([
    ['{ type: slurm, partition: nowhere }', /invalid partition/i, 'partition'],
    ['{ type: slurm, memory: 900G }', /memory|node configuration/i, 'memory'],
  ])('says what Slurm refuses: %s', async (executor, message, key) => {
    const refused = new Sweep([await config({ name: `refused-${key}`, executor })]);
    expect(await refused.ended).toBe(2);
    const error = refused.lines.at(-1)!;
    expect(error.type).toBe('error');
    expect(error.message).toMatch(message);
    expect(error.path).toEqual(expect.arrayContaining(['sweep', 'executor']));
  });

  it('says that there is no Slurm here', async () => {
    const name = await config({ name: 'absent', executor: 'slurm' });
    const refused = new Sweep([name], { ...cluster.env, PATH: '/nowhere' });
    expect(await refused.ended).toBe(2);
    expect(refused.lines.at(-1)!.message).toMatch(
      /Slurm is not on this machine.*executor: threads/,
    );
  });
});
