import { readJson } from './json.ts';
import type { Source } from './node.ts';
import { readYaml } from './yaml.ts';

/** Configs are small; a longer file is something else. */
export const LONGEST = 200_000;

export function isJson(fileName: string): boolean {
  return /\.json$/i.test(fileName);
}

/** Reads a config's text into a tree, as JSON or YAML by its name. Never throws. */
export function readSource(text: string, fileName: string): Source {
  if (text.length > LONGEST) {
    const message = `This file is too long for a config: ${text.length} characters, at most ${LONGEST} are read.`;
    return { root: null, problems: [{ message, span: { start: 0, end: 0 } }] };
  }
  if (isTooDeep(text)) return { root: null, problems: [TOO_DEEP] };
  try {
    return isJson(fileName) ? readJson(text) : readYaml(text);
  } catch (error) {
    // The parser recurses: far too many brackets exhaust its stack.
    if (!(error instanceof RangeError)) throw error;
    return { root: null, problems: [TOO_DEEP] };
  }
}

const TOO_DEEP = { message: 'This is nested too deeply.', span: { start: 0, end: 0 } };

/** Thousands of open brackets take the parser seconds. Those in quotes are counted too: no matter. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const { 0: bracket } of text.matchAll(/[[\]{}]/g)) {
    depth = Math.max(0, depth + (bracket === '[' || bracket === '{' ? 1 : -1));
    if (depth > 500) return true;
  }
  return false;
}
