import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LOG_FILE, RunHistory, readRunLog } from '../../../core/runs/index.ts';
import { run } from '../../../extension/development/processes.ts';
import { projectRoot } from '../../../extension/development/project.ts';
import { type Figure, median, type Outcome } from '../figures.ts';
import { withFolder } from '../scratch.ts';
import { type EditorWindow, startEditor } from './window.ts';

const PAIRS = 5;
const EXAMPLES = 12_800;
const SIDE = 28;
const CONFIG = `data: { source: train-images-idx3-ubyte, preprocess: [scale], validation: 0.1 }
model:
  layers: [dense: 128, relu, dense: 10]
optimizer: { type: sgd, learningRate: 0.01, momentum: 0.9 }
training: { epochs: 40, batchSize: 64 }
`;

/** A training as its log tells it. */
interface Training {
  /** From its first step to its end. */
  milliseconds: number;
  examplesPerSecond: number;
}

/** Medians over pairs of trainings; fractions of the command line's time. */
interface Overhead {
  whole: number;
  epochs: number;
  seconds: number;
}

/** What it costs a training that VS Code shows it. */
export async function benchOverhead(): Promise<Outcome> {
  const { whole, epochs, seconds } = await withFolder(async (folder) => {
    const workspace = join(folder, 'workspace');
    await mkdir(workspace);
    const editor = await startEditor(folder, workspace);
    try {
      return await measureOverhead(await editor.open(), workspace);
    } finally {
      await editor.close();
    }
  });
  const percent = (name: string, value: number, aim: number | null): Figure => ({
    name: `dashboard in sight: more than the command line's ${name}`,
    ...{ value: 100 * value, unit: '%', aim },
  });
  return {
    figures: [
      percent(`${seconds.toFixed(0)} s from first step to end`, whole, 5),
      percent('time of a median epoch', epochs, null),
    ],
  };
}

/**
 * The same training by the command line and in VS Code with its dashboard in sight, in turns, each
 * first in every other pair: what the editor's costs more, by the runs' own logs.
 */
async function measureOverhead({ host }: EditorWindow, workspace: string): Promise<Overhead> {
  const folder = join(workspace, 'overhead');
  const config = join(folder, 'overhead.train.yaml');
  await mkdir(folder);
  await writeImages(folder);
  await writeFile(config, CONFIG);
  const editor = async () => {
    const { folder: trained } = await host.ask({ do: 'train', config });
    await host.execute('workbench.action.closeAllEditors');
    return trainingOf(trained);
  };
  const pairs: { cli: Training; editor: Training }[] = [];
  for (let i = 0; i < PAIRS; i++) {
    const first = i % 2 === 0 ? await commandLine(folder, config) : null;
    const shown = await editor();
    pairs.push({ cli: first ?? (await commandLine(folder, config)), editor: shown });
  }
  return {
    whole: median(pairs.map((p) => p.editor.milliseconds / p.cli.milliseconds)) - 1,
    epochs: median(pairs.map((p) => p.cli.examplesPerSecond / p.editor.examplesPerSecond)) - 1,
    seconds: median(pairs.map((p) => p.cli.milliseconds / 1000)),
  };
}

async function commandLine(folder: string, config: string): Promise<Training> {
  const runs = join(folder, '.trainscope/runs');
  const known: string[] = await readdir(runs).catch(() => []);
  const cli = [join(projectRoot, 'dist/cli.js'), 'train', config];
  const code = await run(process.execPath, cli, { stdio: 'ignore' });
  const fresh = (await readdir(runs)).filter((name) => !known.includes(name));
  if (code !== 0 || fresh.length !== 1) throw new Error(`The command line ended with ${code}.`);
  return trainingOf(join(runs, fresh[0]!));
}

async function trainingOf(run: string): Promise<Training> {
  const history = new RunHistory();
  await readRunLog(join(run, LOG_FILE), (events) => history.push(events));
  const { finished, epochs } = history;
  if (finished?.reason !== 'completed') throw new Error(`${run} was not completed.`);
  const examplesPerSecond = median(epochs.map((epoch) => epoch.examplesPerSecond));
  return { milliseconds: finished.time, examplesPerSecond };
}

/** Ten patterns under noise, as IDX files: what they show does not change what a step costs. */
async function writeImages(folder: string): Promise<void> {
  const pixels = SIDE * SIDE;
  const header = (...numbers: number[]) => Buffer.from(Uint32Array.from(numbers).buffer).swap32();
  const images = Buffer.alloc(EXAMPLES * pixels);
  const labels = Buffer.alloc(EXAMPLES);
  for (let n = 0; n < EXAMPLES; n++) {
    labels[n] = n % 10;
    for (let i = 0; i < pixels; i++)
      images[n * pixels + i] = ((i * (labels[n]! + 3)) % 128) + Math.floor(Math.random() * 128);
  }
  const write = (name: string, ...parts: Buffer[]) =>
    writeFile(join(folder, name), Buffer.concat(parts));
  await write('train-images-idx3-ubyte', header(0x803, EXAMPLES, SIDE, SIDE), images);
  await write('train-labels-idx1-ubyte', header(0x801, EXAMPLES), labels);
}
