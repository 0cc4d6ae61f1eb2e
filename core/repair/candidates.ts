import { applyEdits, parseConfig, replaceAll } from '../config/index.ts';
import type { Edit, Finding, Fix } from '../events/finding.ts';

/** A config with some fixes applied. */
export interface Candidate {
  text: string;
  edits: Edit[];
  /** What was done, for people. */
  titles: string[];
}

/**
 * Applies the first fix that was not tried yet of each error and warning, the one that matters most
 * first; where there are none, of what is worth knowing. A fix that touches what another one has changed waits
 * for the next candidate, as does one whose path has vanished. Null: there is none.
 */
export function applyFixes(
  start: Candidate,
  findings: readonly Finding[],
  fileName: string,
  tried: Set<string>,
): Candidate | null {
  const serious = findings.filter(({ severity }) => severity !== 'info');
  let candidate = start;
  const done: Edit[] = [];
  for (const finding of serious.length > 0 ? serious : findings) {
    const fix = finding.fixes.find((one) => !tried.has(JSON.stringify(one.edits)));
    if (!fix || fix.edits.some((edit) => done.some((other) => touch(edit, other)))) continue;
    tried.add(JSON.stringify(fix.edits));
    const next = applied(candidate, fix, fileName);
    if (!next) continue;
    candidate = next;
    done.push(...fix.edits);
  }
  return candidate === start ? null : candidate;
}

/** Null where the fix leads nowhere, or to a config that is none. */
function applied(before: Candidate, { title, edits }: Fix, fileName: string): Candidate | null {
  try {
    const text = replaceAll(before.text, applyEdits(before.text, fileName, edits));
    if (parseConfig(text, fileName).problems.length > 0) return null;
    return { text, edits: [...before.edits, ...edits], titles: [...before.titles, title] };
  } catch {
    return null;
  }
}

/** One is within the other; layers move when one of them is added or taken away. */
function touch({ path: a }: Edit, { path: b }: Edit): boolean {
  const inLayers = (path: Edit['path']) => path[0] === 'model' && path[1] === 'layers';
  if (inLayers(a) && inLayers(b)) return true;
  const length = Math.min(a.length, b.length);
  return a.slice(0, length).every((key, i) => String(key) === String(b[i]));
}
