import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { deflateSync, inflateSync } from 'node:zlib';
import type { Recipe } from './generator/cases.ts';
import { type Trained, train } from './run.ts';

/**
 * Trains, or takes what was trained before from a folder: for resuming, and for judging the same traces by
 * other rules. It is right as long as the engine and what it measures stay the same.
 */
export class Store {
  readonly #folder: string | null;
  readonly #scratch: string;
  #count = 0;

  constructor(folder: string | null, scratch: string) {
    this.#folder = folder;
    this.#scratch = scratch;
    if (folder !== null) mkdirSync(folder, { recursive: true });
  }

  trained(recipe: Recipe): Promise<Trained> {
    return this.of(recipe, 'trace', (trained) => trained);
  }

  /** What follows from a training, which is all that is kept of it. */
  async of<T>(recipe: Recipe, name: string, result: (trained: Trained) => T): Promise<T> {
    const hash = createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 32);
    const file = this.#folder === null ? null : join(this.#folder, `${hash}.${name}`);
    const kept = file && (await readFile(file).catch(() => null));
    if (kept) return deserialize(inflateSync(kept)) as T;
    const made = result(await train(recipe, join(this.#scratch, String(this.#count++))));
    if (file) {
      // Half a file would be read the next time.
      await writeFile(`${file}.part`, deflateSync(serialize(made), { level: 1 }));
      await rename(`${file}.part`, file);
    }
    return made;
  }
}
