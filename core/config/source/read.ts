import { readJson } from './json.ts';
import type { Source } from './node.ts';
import { readYaml } from './yaml.ts';

/** Configs are small; a longer file is something else. */
export const LONGEST = 1_000_000;

export function isJson(fileName: string): boolean {
  return /\.json$/i.test(fileName);
}

/** Reads a config's text into a tree, as JSON or YAML by its name. Never throws. */
export function readSource(text: string, fileName: string): Source {
  if (text.length > LONGEST) {
    const message = `This file is too long for a config: ${text.length} characters, at most ${LONGEST} are read.`;
    return { root: null, problems: [{ message, span: { start: 0, end: 0 } }] };
  }
  try {
    return isJson(fileName) ? readJson(text) : readYaml(text);
  } catch (error) {
    // The parser recurses: far too many brackets exhaust its stack.
    if (!(error instanceof RangeError)) throw error;
    const message = 'This is nested too deeply.';
    return { root: null, problems: [{ message, span: { start: 0, end: 0 } }] };
  }
}
