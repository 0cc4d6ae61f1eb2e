import type { ConfigPath, Severity } from '../events/finding.ts';
import { explainAll } from './explain.ts';
import { configShape } from './json-schema.ts';
import { type Config, configSchema } from './schema/index.ts';
import { pathAt, spanAt } from './source/find.ts';
import { Lines, type Range } from './source/lines.ts';
import type { Span } from './source/node.ts';
import { toPlain } from './source/plain.ts';
import { readSource } from './source/read.ts';

export interface Problem {
  /** What is wrong, what was expected, what to do. */
  message: string;
  path: ConfigPath;
  range: Range;
  severity: Severity;
}

export interface ParsedConfig {
  /** Fully defaulted; null where there is a problem. */
  config: Config | null;
  /** In the order of the text. */
  problems: Problem[];
  /** Where this key or its value is written; null where the text does not have it. */
  locate(path: ConfigPath, part: 'key' | 'value'): Range | null;
  /** The same, else the nearest key above it, else the beginning of the text. */
  locateNearest(path: ConfigPath, part: 'key' | 'value'): Range;
  /** The path of the innermost key or list item at this offset. */
  pathAt(offset: number): ConfigPath;
}

/** More than this helps nobody. */
const MOST_PROBLEMS = 100;

/** Reads and validates a config; `.json` files as JSON, others as YAML. Never throws. */
export function parseConfig(text: string, fileName: string): ParsedConfig {
  const lines = new Lines(text);
  const { root, problems: syntax } = readSource(text, fileName);
  const problems: Problem[] = [];
  const add = (message: string, path: ConfigPath, span: Span) => {
    const range = lines.range(visible(span, text));
    if (problems.length < MOST_PROBLEMS) problems.push({ message, path, range, severity: 'error' });
  };

  for (const { message, span } of syntax) add(message, [], span);
  let config: Config | null = null;
  if (problems.length === 0 && !root) {
    const message =
      'This config is empty. It needs at least data (with a source) and model (with layers).';
    add(message, [], { start: 0, end: 0 });
  } else if (problems.length === 0 && root) {
    const { value, problems: repeated } = toPlain(root);
    for (const { message, path, span } of repeated) add(message, path, span);
    const result = repeated.length === 0 ? configSchema.safeParse(value) : null;
    config = result?.data ?? null;
    const faults = explainAll(result?.error?.issues ?? [], value, configShape());
    for (const { message, path, at } of faults) add(message, path, nearestSpan(path, at));
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
    config,
    problems,
    locate(path, part) {
      const span = spanAt(root, path, part);
      return span && lines.range(span);
    },
    locateNearest: (path, part) => lines.range(nearestSpan(path, part)),
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
