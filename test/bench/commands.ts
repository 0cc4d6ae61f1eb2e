import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchRun } from '../../core/session/launch.ts';
import { MemoryBudget } from '../../core/session/memory-budget.ts';
import { projectRoot } from '../../extension/development/project.ts';
import { type Figure, median, type Outcome, timed } from './figures.ts';
import { withFolder } from './scratch.ts';

/** The engine as it is shipped. */
const WORKER = join(projectRoot, 'dist/worker.js');
const AIM_MS = 50;
const RUNS = 5;
/** Of pause, learning rate and resume, in each run. */
const ROUNDS = 8;

const ORDINARY = `data: { source: spiral, examples: 3000 }
model:
  layers: [dense: 128, relu, dense: 128, relu, dense: 3]
training: { epochs: 1000000, batchSize: 64 }
`;

/** One step of some seconds: all commands of a run come in the middle of it. */
const LONG_STEP = `data: { source: spiral, examples: 4000 }
model:
  layers: [dense: 2000, relu, dense: 2000, relu, dense: 3]
training: { epochs: 1000000, batchSize: full }
`;

const COMMANDS = ['pause', 'learning rate', 'resume', 'stop'] as const;
type Times = { [C in (typeof COMMANDS)[number]]: number[] };

/** From the call of a command until a real worker has said that it is carried out. */
export function benchCommands(): Promise<Outcome> {
  return withFolder(async (folder) => {
    const ordinary = await answers(folder, ORDINARY);
    const long = await answers(folder, LONG_STEP);
    return {
      figures: [...figures('between ordinary steps', ordinary), ...figures('in a long step', long)],
    };
  });
}

function figures(when: string, times: Times): Figure[] {
  const all = COMMANDS.flatMap((name) => times[name]);
  const figure = (name: string, value: number) => ({ name, value, unit: 'ms', aim: AIM_MS });
  return [
    ...COMMANDS.map((name) => figure(`${name} answered ${when}`, median(times[name]))),
    figure(`any command answered ${when}, slowest of ${all.length}`, Math.max(...all)),
  ];
}

async function answers(folder: string, configText: string): Promise<Times> {
  const times: Times = { pause: [], 'learning rate': [], resume: [], stop: [] };
  for (let n = 0; n < RUNS; n++) {
    const run = launchRun(
      {
        configFile: join(folder, 'bench.train.yaml'),
        configText,
        runsFolder: join(folder, 'runs'),
        readableRoots: null,
      },
      { workerFile: WORKER, budget: new MemoryBudget(2 ** 32) },
    );
    const time = async (name: keyof Times, command: () => Promise<void>) => {
      // Not in step with anything the worker does.
      await sleep(5 + 20 * Math.random());
      times[name].push(...(await timed(1, command)));
    };
    try {
      await run.folder;
      await sleep(100);
      for (let k = 0; k < ROUNDS; k++) {
        await time('pause', run.pause);
        await time('learning rate', () => run.setLearningRate(0.01 / (k + 1)));
        await time('resume', run.resume);
      }
      await time('stop', run.stop);
      await run.done;
    } finally {
      await run.dispose();
    }
  }
  return times;
}
