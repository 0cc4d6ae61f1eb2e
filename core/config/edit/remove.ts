import type { SourceList, SourceMap } from '../source/node.ts';
import { dashOf, entryEnd, lineStart, nextLine, startsLine } from './layout.ts';
import type { TextReplacement } from './replacements.ts';

/** Takes an entry out of a map. `isRoot`: an emptied block leaves nothing behind. */
export function removeEntry(
  text: string,
  map: SourceMap,
  key: string,
  isRoot: boolean,
): TextReplacement | null {
  const index = map.entries.findLastIndex((entry) => entry.key === key);
  const entry = map.entries[index];
  if (!entry) return null;
  const spans = map.entries.map((each) => ({ start: each.keySpan.start, end: entryEnd(each) }));
  if (map.flow) return removeFlow(text, spans, index);
  const { start, end } = spans[index]!;
  if (spans.length === 1 && !isRoot) return { start, end, text: '{}' };
  return removeBlock(text, start, end, spans[index + 1]?.start);
}

/** Takes an item out of a list. */
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
  if (list.items.length === 1) return { start, end, text: '[]' };
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
  if (!startsLine(text, start) && next !== undefined) return { start, end: next, text: '' };
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
  if (next) return { start, end: next.start, text: '' };
  const previous = spans[index - 1];
  // A comment between the two stays, and the comma with it: YAML allows one at the end.
  if (!previous || text.slice(previous.end, start).includes('#')) return { start, end, text: '' };
  return { start: previous.end, end, text: '' };
}
