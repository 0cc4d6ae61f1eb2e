import type { ConfigPath, Edit, Json } from '../events/finding.ts';
import { UserError } from '../events/user-error.ts';
import { applyEdits } from './edit/apply.ts';
import { replaceAll } from './edit/replacements.ts';
import type { Fault } from './explain.ts';
import { configShape, type Shape } from './json-schema.ts';
import { parsePath, unknownKeyIn } from './paths.ts';
import type { ParameterRange, SweepConfig } from './schema/sweep.ts';
import { shapeAt } from './shapes.ts';
import type { Plain } from './source/plain.ts';

/** What the sweep itself sets, or what is no property of a training. */
const NOT_SEARCHED: { [path: string]: string } = {
  'data.source': 'trials are compared on the same data',
  'data.format': 'trials are compared on the same data',
  'data.task': 'trials are compared on the same task',
  'data.validation': 'trials are compared on the same data',
  'data.seed': 'trials are compared on the same data',
  'training.epochs': 'the stages of the sweep set it',
  'training.seed': 'all trials have the same, so that they can be compared; see sweep.seeds',
  'training.threads': 'it changes no result',
  'training.checkpoint': 'it changes no result',
  inspect: 'it changes no result',
  mute: 'it changes no result',
  sweep: 'it is the search itself',
  ensemble: 'it belongs to other trainings',
};

type Parse = (text: string) => readonly { message: string }[];

/**
 * What is wrong with the keys that a sweep searches and with their ranges, in this config: both ends of
 * a range, and each choice, must make a config that can be trained. `parse` tells the problems of a text.
 */
export function faultsOfSweep(
  { parameters }: SweepConfig,
  text: string,
  fileName: string,
  written: Plain,
  parse: Parse,
): Fault[] {
  return Object.entries(parameters).flatMap(([key, range]): Fault[] => {
    const at = ['sweep', 'parameters', key];
    const path = parsePath(key);
    const unknown = unknownKeyIn(path) ?? refusal(path);
    if (unknown !== null) return [{ message: unknown, path: at, at: 'key' }];
    const whole = shapeOfKey(path, written);
    if (range.kind === 'uniform' && takesWholeNumbers(whole))
      return [
        {
          message: `${key} takes whole numbers: use int: [${range.low}, ${range.high}], or log.`,
          path: [...at, 'uniform'],
          at: 'key',
        },
      ];
    const around = Object.entries(parameters).filter(([other]) => key.startsWith(`${other}.`));
    for (const { edits, value } of candidates(key, range, around)) {
      const problem = problemWith(edits, text, fileName, parse);
      if (problem === null) continue;
      const message = `With ${key}: ${briefly(value)} the config cannot be trained. ${problem}`;
      return [{ message, path: [...at, range.kind], at: 'value' }];
    }
    return [];
  });
}

/** Why this key is none to search; null if it may be. */
export function refusal(path: ConfigPath): string | null {
  for (let length = 1; length <= path.length; length++) {
    const key = path.slice(0, length).join('.');
    const why = NOT_SEARCHED[key];
    if (why !== undefined) return `${path.join('.')} cannot be searched: ${why}.`;
  }
  return null;
}

interface Candidate {
  edits: Edit[];
  value: Json;
}

/** The value is set after those of the keys around it: a width of layer 0 in every list of layers. */
function candidates(
  key: string,
  range: ParameterRange,
  around: readonly (readonly [string, ParameterRange])[],
): Candidate[] {
  const outer = around.reduce<Edit[][]>(
    (before, [other, within]) =>
      before.flatMap((edits) =>
        extremesOf(within).map((value) => [...edits, { path: parsePath(other), value }]),
      ),
    [[]],
  );
  return extremesOf(range).flatMap((value) =>
    outer.map((edits) => ({ edits: [...edits, { path: parsePath(key), value }], value })),
  );
}

function extremesOf(range: ParameterRange): Json[] {
  return range.kind === 'choice' ? range.values : [range.low, range.high];
}

function problemWith(
  edits: readonly Edit[],
  text: string,
  fileName: string,
  parse: Parse,
): string | null {
  try {
    const [problem] = parse(textOfTrial(text, fileName, edits));
    return problem?.message ?? null;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** A config with the values of a trial, or of a member, and without its sweep and ensemble. Throws UserError where a path leads nowhere. */
export function textOfTrial(text: string, fileName: string, edits: readonly Edit[]): string {
  const all = [
    { path: ['sweep'], value: undefined },
    { path: ['ensemble'], value: undefined },
    ...edits,
  ];
  return replaceAll(text, applyEdits(text, fileName, all));
}

/** The shape of a key of the language, of the variant that the config has chosen. */
export function shapeOfKey(path: ConfigPath, written: Plain | undefined): Shape | null {
  return shapeAt(configShape(), path, written);
}

/** Whether the numbers that may stand there are whole ones. */
export function takesWholeNumbers(shape: Shape | null): boolean {
  if (!shape) return false;
  const types = [shape, ...(shape.anyOf ?? [])].map(({ type }) => type);
  return types.includes('integer') && !types.includes('number');
}

/** A value on one line, as one would write it, not too long. */
export function briefly(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value).replaceAll('"', '');
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
