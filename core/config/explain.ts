import type { z } from 'zod';
import type { ConfigPath } from '../events/finding.ts';
import { bounds, expectation } from './expected.ts';
import type { Shape } from './json-schema.ts';
import { nearest, orList } from './nearest.ts';
import type { Plain } from './source/plain.ts';

type Issue = z.core.$ZodIssue;

export interface Fault {
  message: string;
  path: ConfigPath;
  at: 'key' | 'value';
}

/**
 * Turns zod's issue about the value at `path`, which should have had this shape, into what a person
 * can act on. Of a choice only the option that was meant is spoken of: zod complains about each.
 */
export function explain(
  issue: Issue,
  path: ConfigPath,
  value: Plain | undefined,
  shape: Shape,
): Fault[] {
  if (issue.path.length > 0) {
    const [step, ...rest] = issue.path as (string | number)[];
    const inner = { ...issue, path: rest } as Issue;
    return explain(inner, [...path, step!], child(value, step!), childShape(shape, step!, value));
  }
  switch (issue.code) {
    case 'custom':
      return [{ message: issue.message, path, at: issue.params?.at === 'key' ? 'key' : 'value' }];
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, path, shape));
    case 'invalid_union':
      return explainChoice(issue, path, value, shape);
    default:
      return [wrongValue(path, value, shape)];
  }
}

function explainChoice(
  issue: Issue & { code: 'invalid_union' },
  path: ConfigPath,
  value: Plain | undefined,
  shape: Shape,
): Fault[] {
  const options = shape.anyOf ?? [];
  const descend = (index: number) =>
    issue.errors[index]!.flatMap((inner) => explain(inner, path, value, options[index]!));
  if (isMap(value)) {
    const maps = options.flatMap((option, index) => (option.type === 'object' ? [index] : []));
    if (maps.length === 1) return descend(maps[0]!);
    if (maps.length > 1) {
      const byType = maps.filter((index) => options[index]!.properties?.type);
      if (byType.length > 0) {
        const type = value.type;
        const meant = byType.find((index) => {
          const option = options[index]!.properties!.type!;
          return type === undefined
            ? option.default !== undefined
            : option.enum?.includes(String(type));
        });
        if (meant !== undefined) return descend(meant).map((fault) => elsewhere(fault, options));
        const words = byType.flatMap((index) => options[index]!.properties!.type!.enum ?? []);
        return [wrongValue([...path, 'type'], type, { noun: shape.noun, enum: words })];
      }
      return oneKeyOf(path, value, shape, descend);
    }
  }
  if (typeof value === 'number') {
    const index = options.findIndex(({ type }) => type === 'number' || type === 'integer');
    if (index >= 0) return [wrongValue(path, value, { ...options[index]!, ...told(shape) })];
  }
  return [wrongValue(path, value, shape)];
}

function told({ expected, noun }: Shape): Pick<Shape, 'expected' | 'noun'> {
  return { ...(expected && { expected }), ...(noun && { noun }) };
}

/** A map whose only key tells what it is: `dense: 100`. */
function oneKeyOf(
  path: ConfigPath,
  value: { [key: string]: Plain },
  shape: Shape,
  descend: (index: number) => Fault[],
): Fault[] {
  const options = shape.anyOf!;
  const noun = shape.noun ?? 'value';
  const keys = Object.keys(value);
  const known = keyNames(shape);
  if (keys.length === 0) return [wrongValue(path, value, shape)];
  const [key] = keys as [string];
  if (keys.length > 1) {
    const known_ = keys.filter((each) => known.includes(each));
    const hint =
      known_.length === keys.length
        ? 'Give each a list item (-) of its own.'
        : `Options go below ${known_[0] ?? 'its name'}, indented further.`;
    const found = orList(keys.map((each) => `"${each}"`)).replace(' or ', ' and ');
    return [{ message: `A ${noun} has one key, found ${found}. ${hint}`, path, at: 'value' }];
  }
  const index = options.findIndex(({ properties }) => properties?.[key]);
  if (index >= 0) return descend(index);
  const words = wordsOf(shape);
  if (words.includes(key)) {
    const message = `The ${noun} ${key} has no options: write only its name, ${key}.`;
    return [{ message, path: [...path, key], at: 'key' }];
  }
  return [{ message: unknown(noun, key, [...known, ...words]), path: [...path, key], at: 'key' }];
}

function unknownKey(key: string, path: ConfigPath, shape: Shape): Fault {
  const known = keyNames(shape);
  return { message: unknown('key', key, known), path: [...path, key], at: 'key' };
}

/** A key that another variant has: `momentum` of adam. */
function elsewhere(fault: Fault, options: readonly Shape[]): Fault {
  const key = fault.path.at(-1);
  if (fault.at !== 'key' || typeof key !== 'string' || !fault.message.startsWith('Unknown key'))
    return fault;
  const other = options.find(({ properties }) => properties?.[key]);
  const type = other?.properties?.type?.enum?.[0];
  if (type === undefined) return fault;
  return { ...fault, message: `"${key}" belongs to ${type}: set type: ${type}, or remove it.` };
}

function unknown(noun: string, word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  const shown = quote(word);
  if (meant !== null) return `Unknown ${noun} ${shown}; did you mean "${meant}"?`;
  return `Unknown ${noun} ${shown}; expected ${orList(known)}.`;
}

function wrongValue(path: ConfigPath, value: Plain | undefined, shape: Shape): Fault {
  const name = subject(path, shape);
  const expected = expectation(shape);
  if (value === undefined) {
    const key = path.at(-1);
    return { message: `The key "${key}" is missing: expected ${expected}.`, path, at: 'key' };
  }
  const words = wordsOf(shape);
  if (typeof value === 'string' && words.length > 0) {
    const option = shape.anyOf?.find(({ properties }) => properties && value in properties);
    if (option) {
      const inner = option.properties![value]!;
      const example = inner.examples?.[0];
      const message = `${value} needs a value: expected ${expectation(inner)}${example === undefined ? '' : `, for example ${value}: ${example}`}.`;
      return { message, path, at: 'value' };
    }
    const isClosed = !(shape.anyOf ?? []).some(
      ({ type, enum: e }) => type === 'number' || type === 'integer' || (type === 'string' && !e),
    );
    const known = [...words, ...keyNames(shape)];
    if (isClosed) return { message: unknown(name, value, known), path, at: 'value' };
    const meant = nearest(value, words);
    if (meant !== null) return { message: unknown(name, value, words), path, at: 'value' };
  }
  const over = typeof value === 'number' && shape.maximum !== undefined && value > shape.maximum;
  const limit = over ? `a number${bounds(shape, Number.POSITIVE_INFINITY)}` : expected;
  return {
    message: `${capital(name)} must be ${limit}, found ${found(value)}.`,
    path,
    at: 'value',
  };
}

/** What a message speaks of: a layer, or the key by its name. */
function subject(path: ConfigPath, shape: Shape): string {
  if (shape.noun) return shape.noun;
  const last = path.at(-1);
  if (typeof last === 'string') return last;
  const list = path.at(-2);
  return typeof list === 'string' ? `item of ${list}` : 'config';
}

/** At the start of a sentence. Keys keep their case, and are told apart by it. */
function capital(name: string): string {
  return /^(layer|optimizer|config|item of .*)$/.test(name) ? `The ${name}` : name;
}

function found(value: Plain): string {
  if (value === null) return 'nothing';
  if (typeof value === 'string') return value === '' ? 'empty text' : quote(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return String(value);
}

function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

function isMap(value: Plain | undefined): value is { [key: string]: Plain } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wordsOf(shape: Shape): string[] {
  return [...(shape.enum ?? []), ...(shape.anyOf ?? []).flatMap(wordsOf)];
}

function keyNames(shape: Shape): string[] {
  return [...Object.keys(shape.properties ?? {}), ...(shape.anyOf ?? []).flatMap(keyNames)];
}

function child(value: Plain | undefined, step: string | number): Plain | undefined {
  if (Array.isArray(value)) return value[Number(step)];
  return isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

/** Of a choice: the option that has this key, preferably of the type that the value names. */
function childShape(shape: Shape, step: string | number, value: Plain | undefined): Shape {
  if (typeof step === 'number') return shape.items ?? {};
  const own = shape.properties?.[step];
  if (own) return own;
  const options = (shape.anyOf ?? []).filter(({ properties }) => properties?.[step]);
  const type = isMap(value) ? value.type : undefined;
  const named = options.find(({ properties }) => properties?.type?.enum?.includes(String(type)));
  return (named ?? options[0])?.properties?.[step] ?? {};
}
