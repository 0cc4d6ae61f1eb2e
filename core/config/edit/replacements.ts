/** Put `text` where [start, end) of the text was; offsets count UTF-16 units. */
export interface TextReplacement {
  start: number;
  end: number;
  text: string;
}

export function replace(text: string, { start, end, text: put }: TextReplacement): string {
  return text.slice(0, start) + put + text.slice(end);
}

/** All of them at once; they are disjoint and refer to the same text. */
export function replaceAll(text: string, replacements: readonly TextReplacement[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, text: put } of replacements) {
    result += text.slice(at, start) + put;
    at = end;
  }
  return result + text.slice(at);
}

/**
 * Adds a replacement that refers to the text after `before` were made, so that all refer to the
 * text before them. `before` is sorted and disjoint, and so is the result.
 */
export function compose(
  before: readonly TextReplacement[],
  next: TextReplacement,
): TextReplacement[] {
  const result: TextReplacement[] = [];
  const rest: TextReplacement[] = [];
  // How far text has moved: up to the start, and up to the end of what is replaced now.
  let startShift = 0;
  let endShift = 0;
  let start: number | null = null;
  let end: number | null = null;
  let head = '';
  let tail = '';
  for (const old of before) {
    const from = old.start + endShift;
    const to = from + old.text.length;
    if (from > next.end) {
      rest.push(old);
      continue;
    }
    endShift += old.text.length - (old.end - old.start);
    if (to < next.start) {
      result.push(old);
      startShift = endShift;
      continue;
    }
    // They touch: what is left of the old one's text on either side goes along.
    if (from <= next.start) {
      start = old.start;
      head = old.text.slice(0, next.start - from);
    }
    if (to >= next.end) {
      end = old.end;
      tail = old.text.slice(next.end - from);
    }
  }
  start ??= next.start - startShift;
  end ??= next.end - endShift;
  return [...result, { start, end, text: head + next.text + tail }, ...rest];
}
