import type { Config } from '../config/index.ts';
import { fingerprint } from '../data/fingerprint.ts';
import { type Dataset, type LoadContext, loadDataset } from '../data/index.ts';
import { rotateInputs } from '../training/principal-axes.ts';

/** Data as they were read. Nobody who trains with them changes them. */
export interface Loaded {
  dataset: Dataset;
  fingerprint: string;
  /** Their inputs on the principal axes, where the config wants that: work of seconds or minutes. */
  rotated(signal?: AbortSignal): Promise<Dataset>;
}

/** Keeps the data of the latest run for the next one, which mostly has the same: a trial of a search. */
export class LoadedData {
  #key = '';
  #loaded: Loaded | null = null;

  async get(data: Config['data'], context: LoadContext): Promise<Loaded> {
    const { folder, seed, readableRoots } = context;
    const key = JSON.stringify([data, folder, seed, readableRoots]);
    if (this.#loaded && this.#key === key) return this.#loaded;
    // Before the new ones need their room.
    this.#loaded = null;
    this.#loaded = await load(data, context);
    this.#key = key;
    return this.#loaded;
  }
}

export async function load(data: Config['data'], context: LoadContext): Promise<Loaded> {
  const dataset = await loadDataset(data, context);
  let rotated: Dataset | null = null;
  return {
    dataset,
    fingerprint: fingerprint(dataset),
    rotated: async (signal) => (rotated ??= await rotateInputs(dataset, signal)),
  };
}
