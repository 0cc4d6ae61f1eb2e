import { type ParsedConfig, parseConfig } from '../config/index.ts';
import type { Edit, Finding, Json } from '../events/finding.ts';
import { explains, type RuleId } from '../events/rule-ids.ts';
import { ALL_RULES } from './rules/index.ts';

/** A finding beside a config that is being edited. */
export interface BesideFinding {
  finding: Finding;
  /** The key it is about is not any more what it was in the run that found it. */
  stale: boolean;
}

/** What was found in a run, and the config that it was trained with. */
export interface Ran {
  configText: string;
  findings: readonly Finding[];
}

/** What the text alone tells; the ranges of a search, too. */
const STATIC: ReadonlySet<string> = new Set<RuleId>([
  ...ALL_RULES.filter(({ moments }) => moments.includes('start')).map(({ id }) => id),
  'sweep-linear-range',
  'sweep-too-few-trials',
]);

/**
 * What is to be said of a config as it stands: `fresh` is what its text alone tells (null: not known), and
 * `ran` its latest run. What was mended since is gone; what was edited otherwise is stale.
 */
export function findingsBeside(
  text: string,
  fileName: string,
  ran: Ran | null,
  fresh: readonly Finding[] | null,
): BesideFinding[] {
  const current = (finding: Finding) => ({ finding, stale: false });
  if (!ran) return (fresh ?? []).map(current);
  const before = parseConfig(ran.configText, fileName);
  const now = parseConfig(text, fileName);
  if (same(before.valueAt([]), now.valueAt([]))) return ran.findings.map(current);
  const kept: BesideFinding[] = [];
  for (const finding of ran.findings) {
    const { rule, path } = finding;
    if (now.config?.mute.some((muted) => muted === rule) || isMended(finding, before, now))
      continue;
    const stale = !same(before.valueAt(path), now.valueAt(path));
    const isStatic = STATIC.has(rule);
    // What the text alone tells is told anew.
    if (isStatic && fresh && (stale || !fresh.some((other) => isAlike(other, finding)))) continue;
    kept.push({ finding, stale });
  }
  const holding = kept.filter(({ stale, finding }) => !stale && finding.severity !== 'info');
  const added = (fresh ?? []).filter(
    (finding) =>
      !kept.some((other) => isAlike(other.finding, finding)) &&
      !holding.some((cause) => explains(cause.finding.rule as RuleId, finding.rule as RuleId)),
  );
  return [...kept, ...added.map(current)];
}

function isAlike(a: Finding, b: Finding): boolean {
  return a.rule === b.rule && same([...a.path], [...b.path]);
}

/** The config has what one of its fixes would have given it. */
function isMended({ fixes }: Finding, before: ParsedConfig, now: ParsedConfig): boolean {
  return fixes.some(
    ({ edits }) => edits.length > 0 && edits.every((edit) => holds(edit, before, now)),
  );
}

function holds({ path, value }: Edit, before: ParsedConfig, now: ParsedConfig): boolean {
  const at = now.valueAt(path);
  // What comes behind a removed item stands at its place now.
  return value === undefined ? !same(at, before.valueAt(path)) : same(at, value);
}

/** Whatever the order of keys. */
function same(a: Json | undefined, b: Json | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => same(item, b[i]));
  if (isMap(a) && isMap(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => same(a[key], b[key]));
  }
  return a === b;
}

function isMap(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
