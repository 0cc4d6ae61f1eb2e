import { parse } from 'yaml';
import type { Json } from '../events/finding.ts';
import type { RangeNow, RangesNow } from '../events/sweep-event.ts';
import { UserError } from '../events/user-error.ts';
import { type Dimension, isSame } from '../sweep/space.ts';

/**
 * `--narrow optimizer.learningRate=1e-4..1e-2`, or `[1e-4, 1e-2]`; of a choice a list of some of its values. Throws
 * UserError for anything else.
 */
export function readNarrowing(texts: readonly string[], space: readonly Dimension[]): RangesNow {
  return Object.fromEntries(
    texts.map((text) => {
      const equals = text.indexOf('=');
      const key = text.slice(0, Math.max(0, equals)).trim();
      const dimension = space.find((one) => one.key === key);
      if (!dimension)
        throw new UserError(
          `--narrow ${text}: expected a key that is searched (${space.map((one) => one.key).join(', ')}), = and its range, for example ${space[0]?.key ?? 'key'}=1e-4..1e-2.`,
        );
      try {
        return [key, rangeOf(text.slice(equals + 1), dimension)];
      } catch (error) {
        throw new UserError(`--narrow ${text}: ${(error as Error).message}`);
      }
    }),
  );
}

function rangeOf(text: string, { range }: Dimension): RangeNow {
  const ends = /^\s*(\S+?)\s*\.\.\s*(\S+)\s*$/.exec(text);
  const values: Json = ends ? [Number(ends[1]), Number(ends[2])] : (parse(text) as Json);
  if (!Array.isArray(values)) throw new Error('the range must be lo..hi, or a list.');
  if (range.kind === 'choice') {
    const other = values.find((value) => !range.values.some((one) => isSame(one, value)));
    if (other !== undefined) throw new Error(`${JSON.stringify(other)} is none of its choices.`);
    if (values.length === 0) throw new Error('at least one choice must be left.');
    return { values };
  }
  const [low, high] = values;
  if (typeof low !== 'number' || typeof high !== 'number' || values.length !== 2)
    throw new Error('the range must be two numbers, lo..hi.');
  if (!(low < high)) throw new Error('the lower end must come first.');
  if (low < range.low || high > range.high)
    throw new Error(
      `the range must lie within that of the config, ${range.low} … ${range.high}; to search beyond it, begin a new sweep.`,
    );
  if (range.kind === 'int' && !(Number.isInteger(low) && Number.isInteger(high)))
    throw new Error('it takes whole numbers.');
  return { low, high };
}
