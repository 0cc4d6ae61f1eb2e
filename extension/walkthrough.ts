import type * as vscode from 'vscode';
import { setContext } from './context.ts';
import type { SampleStage } from './ids.ts';
import type { RunStore } from './runs/store.ts';
import { findConfigs } from './sidebar/configs.ts';

/** Follows the sample through the walkthrough, so that its steps tick themselves off. */
export class Walkthrough implements vscode.Disposable {
  #sample: vscode.Uri | null = null;
  readonly #subscription: vscode.Disposable;

  constructor(store: RunStore) {
    this.#subscription = store.onDidFinish((run) => {
      if (run.summary.state === 'completed' && run.config.toString() === this.#sample?.toString())
        this.#reach('trained');
    });
  }

  opened(sample: vscode.Uri): void {
    this.#sample = sample;
    this.#reach('opened');
  }

  retrained(stage: 'broken' | 'mended'): void {
    this.#reach(stage);
  }

  /** The sample's config: the one just opened, or one copied here on another day. */
  async sample(): Promise<vscode.Uri | null> {
    if (this.#sample) return this.#sample;
    const configs = await findConfigs();
    return configs.find(({ path }) => path.endsWith('/digits.train.yaml')) ?? null;
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #reach(stage: SampleStage): void {
    setContext('trainscope.sample', stage);
  }
}
