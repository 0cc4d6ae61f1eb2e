import type { ExplorerFacts, Part } from '../protocol.ts';
import type { Ask } from './client.ts';

/** So many are kept: those that were seen last. */
const KEPT = 2000;

export interface Thumbnail {
  values: Float32Array;
  /** −1 for regression. */
  label: number;
}

/** Examples as small images, asked for when they come before the user's eyes. */
export class Thumbnails {
  readonly #ask: Ask;
  readonly #size: number;
  readonly #known = new Map<string, Thumbnail>();
  readonly #asked = new Set<string>();
  readonly #came: () => void;
  #asking: AbortController | null = null;

  /** `came` is told when there are more. */
  constructor(ask: Ask, { inputShape }: ExplorerFacts, came: () => void) {
    this.#ask = ask;
    this.#size = inputShape.reduce((size, extent) => size * extent, 1);
    this.#came = came;
  }

  get(part: Part, index: number): Thumbnail | undefined {
    return this.#known.get(`${part} ${index}`);
  }

  /** These are seen. One question at a time: what is passed by in scrolling is not asked for. */
  async want(part: Part, indices: readonly number[]): Promise<void> {
    if (this.#asking) return;
    const lacking = indices.filter((index) => {
      const key = `${part} ${index}`;
      return !this.#known.has(key) && !this.#asked.has(key);
    });
    if (lacking.length === 0) return;
    for (const index of lacking) this.#asked.add(`${part} ${index}`);
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const { signal } = asking;
      const { values, labels } = await this.#ask(
        { type: 'images', part, indices: lacking },
        { signal },
      );
      for (const [i, index] of lacking.entries()) {
        const own = Float32Array.from(values.subarray(i * this.#size, (i + 1) * this.#size));
        this.#known.set(`${part} ${index}`, { values: own, label: labels[i]! });
      }
    } catch {
      // The notice above says why nothing can be asked any more.
    }
    for (const index of lacking) this.#asked.delete(`${part} ${index}`);
    for (const key of this.#known.keys()) {
      if (this.#known.size <= KEPT) break;
      this.#known.delete(key);
    }
    if (this.#asking !== asking) return;
    this.#asking = null;
    this.#came();
  }

  /** Nothing of this is seen any more. */
  stop(): void {
    this.#asking?.abort();
    this.#asking = null;
  }
}
