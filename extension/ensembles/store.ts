import { availableParallelism } from 'node:os';
import type * as vscode from 'vscode';
import type { EnsembleEvent } from '../../core/ensemble/protocol.ts';
import { folderBeside } from '../kept/folders.ts';
import { WorkStore } from '../kept/store.ts';
import { loadCore } from '../load-core.ts';
import type { RunStore } from '../runs/store.ts';
import { readableRoots } from '../trust.ts';
import { Ensemble } from './ensemble.ts';

/** Every ensemble of the workspace, and those that this window makes. */
export class EnsembleStore extends WorkStore<Ensemble, EnsembleEvent> {
  readonly #runs: RunStore;
  readonly #workerFile: string;

  constructor(runs: RunStore, workerFile: string) {
    super({
      kind: 'ensembles',
      list: (folder) => loadCore().listEnsembles(folder),
      look: (folder) => loadCore().listEnsemble(folder),
      destroy: (folder) => loadCore().deleteEnsemble(folder),
    });
    this.#runs = runs;
    this.#workerFile = workerFile;
  }

  goOn({ config, folder }: Ensemble): Promise<Ensemble> {
    // What it is to make, and of which text, stands in its folder.
    return this.make(config, '', false, folder);
  }

  /**
   * Begins one, or goes on with the one in this folder. Resolves when it has its folder; rejects with UserError where it
   * is refused.
   */
  make(
    config: vscode.Uri,
    configText: string,
    compare: boolean,
    resume: string | null = null,
  ): Promise<Ensemble> {
    const request = {
      configFile: config.fsPath,
      configText,
      readableRoots: readableRoots(config),
      folder: folderBeside(config, 'ensembles'),
      compare,
      resume,
    };
    return this.launch((signal, tell) => {
      let folder = '';
      return loadCore().makeEnsemble(request, {
        workerFile: this.#workerFile,
        budget: this.#runs.memory(),
        // One is left to the editor.
        workers: Math.max(1, availableParallelism() - 1),
        signal,
        tell: (event) => {
          if (event.type === 'begun') folder = event.folder;
          tell(event, folder);
        },
      });
    });
  }

  protected create(folder: string): Ensemble {
    return new Ensemble(folder);
  }
}
