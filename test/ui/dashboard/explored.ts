import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boxNumbers } from '../../../core/inspection/explorer/numbers.ts';
import { listCheckpoints } from '../../../core/runs/index.ts';
import { type ExplorerHandle, launchExplorer } from '../../../core/session/launch-explorer.ts';
import { MemoryBudget } from '../../../core/session/memory-budget.ts';
import { runSession } from '../../../core/session/session.ts';
import { Exploration } from '../../../extension/dashboard/explorer.ts';
import type { ToView } from '../../../webview/protocol.ts';
import { bundle } from '../../unit/session/bundle.ts';
import type { Dashboard } from './harness.ts';
import { hydrate, SETTINGS, trainingRun } from './runs.ts';

const samples = join(import.meta.dirname, '../../../extension/samples');
const workerFile = join(await bundle({ worker: 'core/worker.ts' }), 'worker.js');

/** A run on disk that was trained for these tests. */
export interface TrainedRun {
  folder: string;
  remove(): Promise<void>;
}

/** Trains a config in a folder of its own, beside the data of the samples. */
export async function trainedRun(
  configText: string,
  files: { [name: string]: string } = {},
): Promise<TrainedRun> {
  const home = await mkdtemp(join(tmpdir(), 'trainscope-explored-'));
  await cp(join(samples, 'digits.csv'), join(home, 'digits.csv'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(home, name), text);
  const configFile = join(home, 'test.train.yaml');
  await writeFile(configFile, configText);
  const runsFolder = join(home, '.trainscope', 'runs');
  const { run } = await runSession(
    { configFile, configText, runsFolder, readableRoots: null },
    {
      control: { take: () => null, wait: () => {} },
      threads: null,
      reserve: async () => null,
      opened: () => {},
      send: () => {},
    },
  );
  return { folder: run, remove: () => rm(home, { recursive: true }) };
}

export const sample = (name: string) => readFile(join(samples, `${name}.train.yaml`), 'utf8');

export const RUN = trainingRun().header.id;

/** An explorer of the test's own, which knows what the view is to show. */
export const ownExplorer = ({ folder }: TrainedRun): ExplorerHandle =>
  launchExplorer(
    { run: folder, checkpoint: 'latest', readableRoots: null },
    { workerFile, budget: new MemoryBudget(2 ** 32) },
  );

/** The host's part of the Features tab, as the extension has it, before a view in a browser. */
export class ExploringHost {
  readonly told: ToView[] = [];
  readonly exploration: Exploration<{ id: string; folder: string }>;

  constructor(view: Dashboard) {
    this.exploration = new Exploration({
      post: (message) => {
        this.told.push(message);
        void view.tell(message).catch(() => {});
      },
      launch: ({ folder }, leave) =>
        launchExplorer(
          { run: folder, checkpoint: 'latest', readableRoots: null },
          { workerFile, budget: new MemoryBudget(2 ** 32).guest(leave) },
        ),
      checkpoints: listCheckpoints,
      box: boxNumbers,
    });
  }

  /** Shows the Features tab of a run. */
  async show(view: Dashboard, { folder }: TrainedRun): Promise<void> {
    const run = { id: RUN, folder };
    await view.hear((message) => {
      if (message.type === 'ask') this.exploration.ask(message.session, message.id, message.query);
      else if (message.type === 'cancel') this.exploration.cancel(message.id);
      else if (message.type === 'openExplorer') this.exploration.open(run);
      else if (message.type === 'settings')
        this.exploration.show(message.settings.tab === 'features' ? run : null);
    });
    await view.receive({ ...hydrate(trainingRun()), settings: { ...SETTINGS, tab: 'features' } });
    this.exploration.show(run);
  }
}
