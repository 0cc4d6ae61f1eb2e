import type { SourceEntry, SourceList } from '../source/node.ts';

/** Where things stand in the lines of a text. */
export function lineStart(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}

/** The offset of the line's ending, or of the text's. */
export function lineEnd(text: string, offset: number): number {
  const found = /[\r\n]/.exec(text.slice(offset));
  return found ? offset + found.index : text.length;
}

export function nextLine(text: string, offset: number): number {
  const end = lineEnd(text, offset);
  return end + (/^(\r\n|\r|\n)/.exec(text.slice(end, end + 2))?.[0].length ?? 0);
}

export function column(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** Whether nothing but white space stands before it on its line. */
export function startsLine(text: string, offset: number): boolean {
  return /^[ \t\uFEFF]*$/.test(text.slice(lineStart(text, offset), offset));
}

export function entryEnd({ keySpan, value }: SourceEntry): number {
  return Math.max(keySpan.end, value.span.end);
}

/** The offset of the dash of a block list's item. */
export function dashOf(text: string, list: SourceList, index: number): number {
  const first = list.span.start;
  if (index === 0) return first;
  const from = list.items[index - 1]!.span.end;
  const dash = new RegExp(`(?:\\r\\n|\\r|\\n)( {${column(text, first)}})-(?=\\s|$)`).exec(
    text.slice(from),
  );
  return dash ? from + dash.index + dash[0].length - 1 : list.items[index]!.span.start;
}

/** Spaces of one level: those of the first line that is indented. */
export function indentOf(text: string): number {
  const found = /^( +)[^\s#-]/m.exec(text)?.[1]?.length ?? 2;
  return Math.min(Math.max(found, 1), 8);
}
