import { basename } from 'node:path';
import { applyEdits, parseConfig, replaceAll, textOfTrial } from '../config/index.ts';
import type { Edit } from '../events/finding.ts';
import type { ParameterValues } from '../events/sweep-event.ts';
import { type Dimension, editsOf } from './space.ts';

export interface TrialSpec {
  parameters: ParameterValues;
  epochs: number;
  seed: number;
}

/**
 * The configs of the trials of a sweep: its own with their values, epochs and seed. Thin, where the config does not say
 * otherwise: nothing inside the network is measured, and of the checkpoints the latest and the best are kept.
 */
export class TrialConfigs {
  /** What they have in common. */
  readonly #text: string;
  readonly #fileName: string;
  readonly #space: readonly Dimension[];

  constructor(text: string, configFile: string, space: readonly Dimension[]) {
    const fileName = basename(configFile);
    const { config, valueAt } = parseConfig(text, fileName);
    const seed = config?.training.seed ?? 1;
    const unless = (path: string[], value: Edit['value']): Edit[] =>
      valueAt(path) === undefined ? [{ path, value }] : [];
    this.#fileName = fileName;
    this.#space = space;
    this.#text = textOfTrial(text, fileName, [
      // Repetitions on other seeds are judged by the same validation part.
      ...unless(['data', 'seed'], seed),
      // A core for each trial: sharing one costs more than it brings.
      { path: ['training', 'threads'], value: 1 },
      ...unless(['training', 'checkpoint'], { keep: 1 }),
      ...unless(['inspect'], 'none'),
    ]);
  }

  /** Throws UserError where the values do not fit into the config. */
  of({ parameters, epochs, seed }: TrialSpec): string {
    const edits = [
      ...editsOf(this.#space, parameters),
      { path: ['training', 'epochs'], value: epochs },
      { path: ['training', 'seed'], value: seed },
    ];
    return replaceAll(this.#text, applyEdits(this.#text, this.#fileName, edits));
  }
}
