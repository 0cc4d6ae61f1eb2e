import { basename } from 'node:path';
import { parseConfig, textOfTrial } from '../config/index.ts';
import type { Edit } from '../events/finding.ts';
import type { ParameterValues } from '../events/sweep-event.ts';
import { type Dimension, editsOf } from './space.ts';

export interface TrialSpec {
  parameters: ParameterValues;
  epochs: number;
  seed: number;
}

/**
 * The config of a trial: that of the sweep with its values, its epochs and its seed. Thin, where the config does not
 * say otherwise: nothing inside the network is measured, and of the checkpoints the latest and the best are kept.
 * Throws UserError where the values do not fit into the config.
 */
export function configOfTrial(
  text: string,
  configFile: string,
  space: readonly Dimension[],
  { parameters, epochs, seed }: TrialSpec,
): string {
  const name = basename(configFile);
  const { valueAt } = parseConfig(text, name);
  const unless = (path: string[], value: Edit['value']): Edit[] =>
    valueAt(path) === undefined ? [{ path, value }] : [];
  return textOfTrial(text, name, [
    ...editsOf(space, parameters),
    { path: ['training', 'epochs'], value: epochs },
    { path: ['training', 'seed'], value: seed },
    // A core for each trial: sharing one costs more than it brings.
    { path: ['training', 'threads'], value: 1 },
    ...unless(['training', 'checkpoint'], { keep: 1 }),
    ...unless(['inspect'], 'none'),
  ]);
}
