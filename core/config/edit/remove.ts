import type { SourceList, SourceMap } from '../source/node.ts';
import { dashOf, entryEnd, lineEnd, lineStart, nextLine, startsLine } from './layout.ts';
import type { TextReplacement } from './replacements.ts';

/** Takes an entry out of a map; of a block's only one nothing is left. */
export function removeEntry(text: string, map: SourceMap, key: string): TextReplacement | null {
  const index = map.entries.findLastIndex((entry) => entry.key === key);
  const entry = map.entries[index];
  if (!entry) return null;
  const spans = map.entries.map((each) => ({ start: each.keySpan.start, end: entryEnd(each) }));
  if (map.flow) return removeFlow(text, spans, index);
  const { start, end } = spans[index]!;
  return removeBlock(text, start, end, spans[index + 1]?.start);
}

/** Takes an item out of a list; of a block's only one nothing is left. */
export function removeItem(text: string, list: SourceList, index: number): TextReplacement | null {
  const item = list.items[index];
  if (!item) return null;
  if (list.flow)
    return removeFlow(
      text,
      list.items.map(({ span }) => span),
      index,
    );
  const start = dashOf(text, list, index);
  const end = Math.max(item.span.end, start + 1);
  const hasNext = index + 1 < list.items.length;
  return removeBlock(text, start, end, hasNext ? dashOf(text, list, index + 1) : undefined);
}

/** Whole lines, unless it shares its first line with a dash. */
function removeBlock(
  text: string,
  start: number,
  end: number,
  next: number | undefined,
): TextReplacement {
  if (!startsLine(text, start) && next !== undefined) {
    return { start, end: beforeNext(text, end, next), text: '' };
  }
  const from = lineStart(text, start);
  const to = nextLine(text, end);
  // The last line of a text without a final newline takes the newline before it along.
  if (to === text.length && !/[\r\n]$/.test(text) && from > 0) {
    const before = text.slice(0, from).replace(/(\r\n|\r|\n)$/, '').length;
    return { start: before, end: to, text: '' };
  }
  return { start: from, end: to, text: '' };
}

function removeFlow(
  text: string,
  spans: readonly { start: number; end: number }[],
  index: number,
): TextReplacement {
  const { start, end } = spans[index]!;
  const next = spans[index + 1];
  if (next) {
    const hasComma = /^[ \t]*,/.test(text.slice(end, next.start));
    return { start, end: hasComma ? beforeNext(text, end, next.start) : next.start, text: '' };
  }
  const previous = spans[index - 1];
  if (!previous) return { start, end, text: '' };
  if (!text.slice(previous.end, start).includes('#')) return { start: previous.end, end, text: '' };
  // A comment between the two stays, and the comma with it: YAML allows one at the end.
  const rest = text.slice(end, lineEnd(text, end));
  if (startsLine(text, start) && /^[ \t]*,?[ \t]*(#.*)?$/.test(rest)) {
    return { start: lineStart(text, start), end: nextLine(text, end), text: '' };
  }
  return { start, end, text: '' };
}

/** Where the next entry begins, or the comment above it; a comment beside this one goes with it. */
function beforeNext(text: string, end: number, next: number): number {
  const above = /^[^\r\n]*[\r\n]\s*(?=#)/.exec(text.slice(end, next));
  return above ? end + above[0].length : next;
}
