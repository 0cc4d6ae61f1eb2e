import type { z } from 'zod';
import type { ConfigPath, Json, Severity } from '../events/finding.ts';
import type { RuleId } from '../events/rule-ids.ts';
import { explainAll, type Fault } from './explain.ts';
import { configShape, type Shape } from './json-schema.ts';
import { type Config, configSchema } from './schema/index.ts';
import { childValue } from './shapes.ts';
import { pathAt, spanAt } from './source/find.ts';
import { Lines, type Range } from './source/lines.ts';
import type { Span } from './source/node.ts';
import { type Plain, toPlain } from './source/plain.ts';
import { readSource } from './source/read.ts';
import { faultsOfSweep } from './swept.ts';

export interface Problem {
  /** What is wrong, what was expected, what to do. */
  message: string;
  path: ConfigPath;
  range: Range;
  severity: Severity;
  /** The rule that it breaks, where it has a name. */
  rule?: RuleId;
}

/** A text in YAML or JSON whose values have a schema. */
export interface Parsed<T> {
  /** Fully defaulted; null where there is a problem. */
  value: T | null;
  /** In the order of the text. */
  problems: Problem[];
  /** Where this key or its value is written; null where the text does not have it. */
  locate(path: ConfigPath, part: 'key' | 'value'): Range | null;
  /** The same, else the nearest key above it, else the beginning of the text. */
  locateNearest(path: ConfigPath, part: 'key' | 'value'): Range;
  /** A key with its value, where these stand on one line, else the key; the nearest one above where it is missing. */
  underline(path: ConfigPath): Range;
  /** The value at this path as it is written; undefined where the text has none, or cannot be read. */
  valueAt(path: ConfigPath): Json | undefined;
  /** The path of the innermost key or list item at this offset. */
  pathAt(offset: number): ConfigPath;
}

export interface ParsedConfig extends Omit<Parsed<Config>, 'value'> {
  /** Fully defaulted; null where there is a problem. */
  config: Config | null;
}

/** What a text may hold. */
export interface Language<T> {
  schema: z.ZodType<T>;
  shape: Shape;
  /** Said of a text without content. */
  empty: string;
  /** What is wrong with a value that the schema takes. */
  check?: (value: T, written: Plain) => Fault[];
}

/** More than this helps nobody. */
const MOST_PROBLEMS = 100;

/** Reads and validates a config; `.json` files as JSON, others as YAML. Never throws. */
export function parseConfig(text: string, fileName: string): ParsedConfig {
  const { value, ...parsed } = parseText(text, fileName, {
    schema: configSchema,
    shape: configShape(),
    empty: 'This config is empty. It needs at least data (with a source) and model (with layers).',
    check: ({ sweep }, written) =>
      sweep
        ? faultsOfSweep(
            sweep,
            text,
            fileName,
            written,
            (one) => parseConfig(one, fileName).problems,
          )
        : [],
  });
  return { config: value, ...parsed };
}

/** The same for any schema. */
export function parseText<T>(
  text: string,
  fileName: string,
  { schema, shape, empty, check }: Language<T>,
): Parsed<T> {
  const lines = new Lines(text);
  const { root, problems: syntax } = readSource(text, fileName);
  const problems: Problem[] = [];
  const add = (message: string, path: ConfigPath, span: Span, rule?: RuleId) => {
    const range = lines.range(visible(span, text));
    if (problems.length >= MOST_PROBLEMS) return;
    problems.push({ message, path, range, severity: 'error', ...(rule && { rule }) });
  };

  for (const { message, span } of syntax) add(message, [], span);
  let value: T | null = null;
  let written: Plain | undefined;
  if (problems.length === 0 && !root) {
    add(empty, [], { start: 0, end: 0 });
  } else if (problems.length === 0 && root) {
    const { value: plain, problems: repeated } = toPlain(root);
    for (const { message, path, span } of repeated) add(message, path, span);
    const result = repeated.length === 0 ? schema.safeParse(plain) : null;
    value = result?.data ?? null;
    const faults = [
      ...explainAll(result?.error?.issues ?? [], plain, shape),
      ...(value === null ? [] : (check?.(value, plain) ?? [])),
    ];
    if (faults.length > 0) value = null;
    for (const { message, path, at, rule } of faults)
      add(message, path, nearestSpan(path, at), rule);
    written = plain;
  }

  /** A key that is missing is told at the one that should hold it. */
  function nearestSpan(path: ConfigPath, part: 'key' | 'value'): Span {
    const exact = path.length > 0 && spanAt(root, path, part);
    if (exact) return exact;
    for (let length = path.length - 1; length > 0; length--) {
      const span = spanAt(root, path.slice(0, length), 'key');
      if (span) return span;
    }
    return firstLine(root?.span, text);
  }

  problems.sort((a, b) => a.range.start.offset - b.range.start.offset);
  return {
    value,
    problems,
    locate(path, part) {
      const span = spanAt(root, path, part);
      return span && lines.range(span);
    },
    locateNearest: (path, part) => lines.range(nearestSpan(path, part)),
    underline(path) {
      const key = lines.range(nearestSpan(path, 'key'));
      const value = spanAt(root, path, 'value');
      const end = value && lines.range(value).end;
      return end && end.line === key.start.line ? { start: key.start, end } : key;
    },
    valueAt: (path) =>
      path.reduce<Plain | undefined>((at, step) => childValue(at, step), written) as
        | Json
        | undefined,
    pathAt: (offset) => pathAt(root, offset),
  };
}

/** An empty span is widened to the last character before it, which an editor can underline. */
function visible({ start, end }: Span, text: string): Span {
  if (end > start || text.trim() === '') return { start, end };
  const before = text.slice(0, start).trimEnd().length;
  return before > 0 ? { start: before - 1, end: before } : { start, end: start + 1 };
}

/** What is said of the whole text stands at the first line of its content. */
function firstLine(span: Span | undefined, text: string): Span {
  if (!span) return { start: 0, end: 0 };
  const lineEnd = span.start + /[\r\n]|$/.exec(text.slice(span.start))!.index;
  return { start: span.start, end: Math.max(span.start, Math.min(span.end, lineEnd)) };
}
