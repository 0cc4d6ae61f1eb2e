import { availableParallelism } from 'node:os';
import type * as vscode from 'vscode';
import type { RangesNow, SweepEvent } from '../../core/events/sweep-event.ts';
import type { Proposal } from '../../core/sweep/sweep.ts';
import { folderBeside } from '../kept/folders.ts';
import { WorkStore } from '../kept/store.ts';
import { loadCore } from '../load-core.ts';
import type { RunStore } from '../runs/store.ts';
import { readableRoots } from '../trust.ts';
import { Sweep } from './sweep.ts';

/** Every sweep of the workspace, and those that this window goes on with. */
export class SweepStore extends WorkStore<Sweep, SweepEvent> {
  readonly #runs: RunStore;
  readonly #files: { workerFile: string; cli: string };

  /** `files`: the bundles of core/worker.ts and of core/cli.ts. */
  constructor(runs: RunStore, files: { workerFile: string; cli: string }) {
    super({
      kind: 'sweeps',
      list: (folder) => loadCore().listSweeps(folder),
      look: (folder) => loadCore().listSweep(folder),
      destroy: (folder) => loadCore().deleteSweep(folder),
    });
    this.#runs = runs;
    this.#files = files;
  }

  goOn({ config, started, folder }: Sweep): Promise<Sweep> {
    return this.run(config, started.configText, folder);
  }

  /**
   * Begins a sweep, or goes on with the one in this folder. Resolves when it has its folder; rejects with UserError
   * where it is refused.
   */
  run(config: vscode.Uri, configText: string, resume: string | null = null): Promise<Sweep> {
    return this.launch(async (signal, tell) => {
      const { executorOf, rangesOf, runSweep, sweepConfigOf } = loadCore();
      const { sweep: wanted } = sweepConfigOf(configText, config.fsPath);
      const executor = executorOf(wanted.executor, {
        ...this.#files,
        readableRoots: readableRoots(config),
        // One is left to the editor.
        cores: Math.max(1, availableParallelism() - 1),
        budget: this.#runs.memory(),
      });
      const request = {
        configFile: config.fsPath,
        configText,
        sweepsFolder: folderBeside(config, 'sweeps'),
        resume,
      };
      let folder = '';
      await runSweep(request, {
        executor,
        signal,
        tell: (event, of) => {
          folder = of;
          tell(event, of);
        },
        decide: async (proposal) => {
          const sweep = this.get(folder);
          if (!sweep?.asks || proposal.stage === 1) return rangesOf(proposal.space);
          return this.#ask(sweep, signal, proposal);
        },
      });
    });
  }

  /** Whether it waits before each next stage. One that waits goes on where it is not to. */
  setAsks(sweep: Sweep, asks: boolean): void {
    sweep.asks = asks;
    const { next } = sweep;
    if (!asks && next) next.begin(loadCore().rangesOf(next.proposal.space));
    this.changed(sweep);
  }

  protected create(folder: string, [started]: readonly SweepEvent[]): Sweep | null {
    return started?.type === 'sweepStarted' ? new Sweep(folder, started) : null;
  }

  async #ask(sweep: Sweep, signal: AbortSignal, proposal: Proposal): Promise<RangesNow | null> {
    try {
      return await new Promise((begin) => {
        sweep.next = { proposal, begin };
        signal.addEventListener('abort', () => begin(null), { once: true });
        this.changed(sweep);
      });
    } finally {
      sweep.next = null;
    }
  }
}
