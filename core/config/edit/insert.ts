import type { Json } from '../../events/finding.ts';
import type { SourceList, SourceMap } from '../source/node.ts';
import { column, dashOf, entryEnd, lineEnd, startsLine } from './layout.ts';
import { blockEntry, blockItem, inline, type Style, scalar } from './render.ts';
import type { TextReplacement } from './replacements.ts';

/** A new key at the end of a map. */
export function insertEntry(
  text: string,
  map: SourceMap,
  key: string,
  value: Json,
  style: Style,
): TextReplacement {
  const last = map.entries.at(-1);
  const flow = `${scalar(key, style)}: ${inline(value, style)}`;
  if (map.flow) {
    const ends = map.entries.map(entryEnd);
    return insertFlow(text, map.span, last?.keySpan.start ?? null, ends.at(-1) ?? 0, flow, style);
  }
  const indent = column(text, map.entries[0]!.keySpan.start);
  return below(text, entryEnd(last!), indent, blockEntry(key, value, indent, style), style);
}

/** A new item before the one at `index`, or behind the last. */
export function insertItem(
  text: string,
  list: SourceList,
  index: number,
  value: Json,
  style: Style,
): TextReplacement {
  const item = list.items[index];
  const flow = inline(value, style);
  if (list.flow) {
    if (item) {
      const own = startsLine(text, item.span.start);
      const gap = own ? style.newline + ' '.repeat(column(text, item.span.start)) : ' ';
      return { start: item.span.start, end: item.span.start, text: `${flow},${gap}` };
    }
    const last = list.items.at(-1);
    return insertFlow(text, list.span, last?.span.start ?? null, last?.span.end ?? 0, flow, style);
  }
  const indent = column(text, list.span.start);
  const line = blockItem(value, indent, style);
  if (item) {
    const start = dashOf(text, list, index);
    return { start, end: start, text: line + style.newline + ' '.repeat(indent) };
  }
  return below(text, list.items.at(-1)!.span.end, indent, line, style);
}

/** Behind the last entry of `{…}` or `[…]`: on a line of its own if that one is. */
function insertFlow(
  text: string,
  brackets: { start: number; end: number },
  lastStart: number | null,
  lastEnd: number,
  entry: string,
  style: Style,
): TextReplacement {
  if (lastStart === null) {
    const padded = text[brackets.start] === '{' ? ` ${entry} ` : entry;
    const start = brackets.start + 1;
    // White space between the brackets goes, a comment stays.
    const blank = /^\s*/.exec(text.slice(start, brackets.end - 1))![0].length;
    const isBlank = start + blank === brackets.end - 1;
    return isBlank
      ? { start, end: start + blank, text: padded }
      : { start, end: start, text: `${style.newline}${padded}` };
  }
  const rest = /^(,?)([ \t]*(?:#.*)?)$/.exec(text.slice(lastEnd, lineEnd(text, lastEnd)));
  if (!rest || !startsLine(text, lastStart)) {
    return { start: lastEnd, end: lastEnd, text: `, ${entry}` };
  }
  const [whole, comma, comment] = rest as unknown as [string, string, string];
  const indent = ' '.repeat(column(text, lastStart));
  return {
    start: lastEnd,
    end: lastEnd + whole.length,
    text: `,${comment}${style.newline}${indent}${entry}${comma}`,
  };
}

/** A new line below the one in which the text at `end` ends, whose comment stays with it. */
function below(
  text: string,
  end: number,
  indent: number,
  line: string,
  style: Style,
): TextReplacement {
  const at = lineEnd(text, end);
  return { start: at, end: at, text: style.newline + ' '.repeat(indent) + line };
}
