import { parseConfig } from '../config/index.ts';
import { UserError } from '../events/user-error.ts';
import { formatShape } from '../network/shapes.ts';
import { prepare } from '../session/prepare.ts';
import { readConfigSource } from './config-source.ts';
import { formatCount } from './format.ts';
import type { Output } from './output.ts';
import type { VerbOptions } from './train.ts';

/**
 * Tells every problem of a config, its data and its shapes, without training or writing anything.
 * Returns the exit code.
 */
export async function lintVerb(
  config: string,
  options: VerbOptions,
  output: Output,
): Promise<number> {
  const source = await readConfigSource(config, options.set);
  const { problems } = parseConfig(source.text, source.file);
  for (const { message, path, range } of problems) {
    const place = { path, line: range.start.line + 1, column: range.start.character + 1 };
    output.error(source.blame(new UserError(message, place)));
  }
  if (problems.length > 0) return 2;
  try {
    const { file, text } = source;
    const prepared = await prepare({ configFile: file, configText: text, readableRoots: null });
    const { inputShape, layers, parameterCount } = prepared.plan.summary;
    if (!options.json) {
      const outputShape = layers.at(-1)?.outputShape ?? inputShape;
      output.screen.write(
        `${source.name}: no problems. ${formatShape(inputShape)} → ${formatShape(outputShape)}, ${formatCount(parameterCount)} parameters\n`,
      );
    }
    return 0;
  } catch (error) {
    throw error instanceof UserError ? source.blame(error) : error;
  }
}
