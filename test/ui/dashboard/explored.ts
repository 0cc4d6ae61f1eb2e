import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boxNumbers } from '../../../core/inspection/explorer/numbers.ts';
import { listCheckpoints } from '../../../core/runs/index.ts';
import { type ExplorerHandle, launchExplorer } from '../../../core/session/launch-explorer.ts';
import { MemoryBudget } from '../../../core/session/memory-budget.ts';
import { runSession } from '../../../core/session/session.ts';
import { Exploration } from '../../../extension/dashboard/explorer.ts';
import type { FromView } from '../../../webview/protocol.ts';
import { bundle } from '../../unit/session/bundle.ts';
import type { Dashboard } from './harness.ts';
import { hydrate, SETTINGS, trainingRun } from './runs.ts';

const samples = join(import.meta.dirname, '../../../extension/samples');
export const workerFile = join(await bundle({ worker: 'core/worker.ts' }), 'worker.js');

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
  for (const name of ['digits.csv', 'regression.csv'])
    await cp(join(samples, name), join(home, name));
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
  readonly heard: FromView[] = [];
  readonly exploration: Exploration<{ id: string; folder: string }>;
  readonly #run: { id: string; folder: string };
  #view: Dashboard | null = null;
  #tab: 'features' | 'graph' = 'features';

  constructor({ folder }: TrainedRun) {
    this.#run = { id: RUN, folder };
    this.exploration = new Exploration({
      post: (message) => {
        void this.#view?.tell(message).catch(() => {});
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

  /** Shows a tab that asks questions, in a page that has just been opened. */
  async show(view: Dashboard, tab: 'features' | 'graph' = 'features'): Promise<void> {
    this.#tab = tab;
    this.heard.length = 0;
    view.listener = (message) => {
      this.heard.push(message);
      if (message.type === 'ask') this.exploration.ask(message.session, message.id, message.query);
      else if (message.type === 'cancel') this.exploration.cancel(message.id);
      else if (message.type === 'openExplorer') this.exploration.open(this.#run);
      else if (message.type === 'settings')
        this.exploration.show(message.settings.tab === tab ? this.#run : null);
    };
    await this.hydrate(view);
  }

  /** What a page is told that has just been loaded. */
  async hydrate(view: Dashboard): Promise<void> {
    this.exploration.forget();
    this.#view = view;
    await view.receive({ ...hydrate(trainingRun()), settings: { ...SETTINGS, tab: this.#tab } });
    this.exploration.show(this.#run);
  }

  /** Types of the questions asked so far. */
  get asked(): string[] {
    return this.heard.flatMap((message) => (message.type === 'ask' ? [message.query.type] : []));
  }
}
