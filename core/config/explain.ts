import type { z } from 'zod';
import type { ConfigPath } from '../events/finding.ts';
import type { RuleId } from '../events/rule-ids.ts';
import { expectation } from './expected.ts';
import type { Shape } from './json-schema.ts';
import { andList, choices, nearest } from './nearest.ts';
import { childShape, childValue, isMap, isOfType, variantKeys, wordsOf } from './shapes.ts';
import type { Plain } from './source/plain.ts';

type Issue = z.core.$ZodIssue;

export interface Fault {
  message: string;
  path: ConfigPath;
  at: 'key' | 'value';
  /** The rule that this breaks, where it has a name. */
  rule?: RuleId;
  /** Of an unknown key: the known one that was probably meant. */
  meant?: string | null;
  /** The key is missing. */
  missing?: true;
}

/** All faults of a value of this shape. A misspelled key is not told a second time as missing. */
export function explainAll(issues: readonly Issue[], value: Plain, shape: Shape): Fault[] {
  const faults = issues.flatMap((issue) => explain(issue, [], value, shape));
  const misspelled = new Set<string>();
  for (const { meant, path } of faults) {
    if (meant) misspelled.add(JSON.stringify([...path.slice(0, -1), meant]));
  }
  return faults.filter(({ missing, path }) => !missing || !misspelled.has(JSON.stringify(path)));
}

/**
 * Turns zod's issue about the value at `path`, which should have had this shape, into what a person
 * can act on. Of a choice only the option that was meant is spoken of: zod complains about each.
 */
function explain(issue: Issue, path: ConfigPath, value: Plain | undefined, shape: Shape): Fault[] {
  if (issue.path.length > 0) {
    const [step, ...rest] = issue.path as (string | number)[];
    const inner = { ...issue, path: rest } as Issue;
    return explain(
      inner,
      [...path, step!],
      childValue(value, step!),
      childShape(shape, step!, value) ?? {},
    );
  }
  switch (issue.code) {
    case 'custom':
      return [
        {
          message: issue.message,
          path,
          at: issue.params?.at === 'key' ? 'key' : 'value',
          rule: issue.params?.rule,
        },
      ];
    case 'unrecognized_keys':
      // Zod says this of a choice when nothing else is wrong with one of its options.
      if (shape.anyOf && isMap(value)) return explainMap(path, value, shape, () => [issue]);
      return issue.keys.map((key) => unknownKey(key, path, shape));
    case 'invalid_union':
      if (isMap(value)) return explainMap(path, value, shape, (option) => issue.errors[option]!);
      if (Array.isArray(value)) return explainList(issue.errors, path, value, shape);
      return [wrongValue(path, value, shape)];
    default:
      return [wrongValue(path, value, shape)];
  }
}

/** A map where there is a choice: which of the options that are maps was meant? */
function explainMap(
  path: ConfigPath,
  value: { [key: string]: Plain },
  shape: Shape,
  issuesOf: (option: number) => readonly Issue[],
): Fault[] {
  const options = shape.anyOf ?? [];
  const descend = (index: number) =>
    issuesOf(index).flatMap((inner) => explain(inner, path, value, options[index]!));
  const maps = options.flatMap(({ type }, index) => (type === 'object' ? [index] : []));
  if (maps.length === 0) return [wrongValue(path, value, shape)];
  if (maps.length === 1) return descend(maps[0]!);
  const typed = maps.filter((index) => options[index]!.properties?.type);
  if (typed.length === 0) return oneKeyOf(path, value, shape, descend);
  const meant = typed.find((index) => isOfType(options[index]!, value.type));
  if (meant !== undefined) return descend(meant).map((fault) => elsewhere(fault, options));
  const words = typed.flatMap((index) => options[index]!.properties!.type!.enum ?? []);
  return [wrongValue([...path, 'type'], value.type, { noun: shape.noun, enum: words })];
}

/** A list where there is a choice: its items are spoken of where one option is a list and they are wrong. */
function explainList(
  issuesOf: readonly (readonly Issue[])[],
  path: ConfigPath,
  value: Plain[],
  shape: Shape,
): Fault[] {
  const index = (shape.anyOf ?? []).findIndex(({ items }) => items);
  const issues = issuesOf[index] ?? [];
  const areItems = issues.length > 0 && issues.every((issue) => issue.path.length > 0);
  if (!areItems) return [wrongValue(path, value, shape)];
  return issues.flatMap((issue) => explain(issue, path, value, shape.anyOf![index]!));
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
  const known = variantKeys(shape);
  if (keys.length === 0) return [wrongValue(path, value, shape)];
  const [key] = keys as [string];
  if (keys.length > 1) {
    const names = [...known, ...wordsOf(shape)];
    const hint = keys.every((each) => names.includes(each))
      ? 'Give each a list item (-) of its own.'
      : `Options go below ${keys.find((each) => names.includes(each)) ?? 'its name'}, indented further.`;
    const found = andList(keys.map(quote));
    return [{ message: `A ${noun} has one key, found ${found}. ${hint}`, path, at: 'value' }];
  }
  const index = options.findIndex(({ properties }) => properties?.[key]);
  if (index >= 0) return descend(index);
  const words = wordsOf(shape);
  if (words.includes(key)) {
    const message = `The ${noun} ${key} has no options: write only its name, ${key}.`;
    return [{ message, path: [...path, key], at: 'key' }];
  }
  return [
    {
      message: unknown(noun, key, [...new Set([...words, ...known])]),
      path: [...path, key],
      at: 'key',
    },
  ];
}

function unknownKey(key: string, path: ConfigPath, shape: Shape): Fault {
  const known = Object.keys(shape.properties ?? {});
  const meant = nearest(key, known);
  return { message: unknown('key', key, known), path: [...path, key], at: 'key', meant };
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
  return `Unknown ${noun} ${shown}; expected ${choices(word, known)}.`;
}

function wrongValue(path: ConfigPath, value: Plain | undefined, shape: Shape): Fault {
  const name = subject(path, shape);
  const expected = expectation(shape);
  if (value === undefined) {
    const message = `The key "${path.at(-1)}" is missing: expected ${expected}.`;
    return { message, path, at: 'key', missing: true };
  }
  if (typeof value === 'string') {
    const words = wordsOf(shape);
    const variants = variantKeys(shape);
    if (variants.includes(value)) {
      const inner = shape.anyOf!.find(({ properties }) => properties?.[value])!.properties![value]!;
      const example = inner.examples ? `, for example ${value}: ${inner.examples[0]}` : '';
      const message = `${value} needs a value: expected ${expectation(inner)}${example}.`;
      return { message, path, at: 'value' };
    }
    // Where only words are possible every other word is unknown; else only what resembles one.
    const known = [...new Set([...words, ...variants])];
    if (known.length > 0 && (!takesNumbers(shape) || nearest(value, words) !== null)) {
      return { message: unknown(name, value, known), path, at: 'value' };
    }
  }
  const most = numeric(shape)?.maximum;
  const isOver = typeof value === 'number' && most !== undefined && value > most;
  const wanted = isOver ? `a number of at most ${most}` : expected;
  return {
    message: `${capital(name)} must be ${wanted}, found ${found(value)}.`,
    path,
    at: 'value',
  };
}

function numeric(shape: Shape): Shape | undefined {
  if (shape.type === 'number' || shape.type === 'integer') return shape;
  return shape.anyOf?.map(numeric).find((option) => option !== undefined);
}

function takesNumbers(shape: Shape): boolean {
  return numeric(shape) !== undefined;
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
  return /^(layer|transformation|optimizer|config|item of .*)$/.test(name) ? `The ${name}` : name;
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
