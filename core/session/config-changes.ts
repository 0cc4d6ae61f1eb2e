import type { Config } from '../config/index.ts';
import type { ConfigPath, Json } from '../events/finding.ts';
import type { ConfigChange } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';

/** What may change when a run goes on: all that no saved tensor and no earlier step depends on. */
const FREE = [
  'training.epochs',
  'training.earlyStop',
  'training.checkpoint',
  'training.stopOnExplosion',
  'training.threads',
  'optimizer.learningRate',
  'schedule',
  'regularization',
  'gradientClip',
  'inspect',
  'sweep',
  'ensemble',
  'mute',
];

/** Where two configs differ: at the deepest keys, but a layer as a whole. */
export function configChanges(before: Config, after: Config): ConfigChange[] {
  const changes: ConfigChange[] = [];
  compare([], before as Plain, after as Plain, changes);
  return changes;
}

/** Throws UserError, with the key to blame, where a run cannot go on with such a change. */
export function refuseChanges(changes: readonly ConfigChange[]): void {
  const forbidden = changes.find(isForbidden);
  if (!forbidden) return;
  const { path, from, to } = forbidden;
  const told = isScalar(from) && isScalar(to) ? ` from ${text(from)} to ${text(to)}` : '';
  throw new UserError(
    `${path.join('.')} has changed${told} since this run was trained, and it cannot go on so. Undo the change, or train a new run (model.from takes over what this one has learned).`,
    { path },
  );
}

function isForbidden({ path }: ConfigChange): boolean {
  const written = path.join('.');
  return !FREE.some((key) => written === key || written.startsWith(`${key}.`));
}

/** Whether a run with the one config can go on with the other. */
export function canGoOnWith(before: Config, after: Config): boolean {
  return !configChanges(before, after).some(isForbidden);
}

/** For people: `training.epochs 10 → 20`. */
export function describeChange({ path, from, to }: ConfigChange): string {
  const both = isScalar(from) && isScalar(to);
  return both ? `${path.join('.')} ${text(from)} → ${text(to)}` : `${path.join('.')} changed`;
}

type Plain = Json | undefined;

function compare(path: ConfigPath, before: Plain, after: Plain, changes: ConfigChange[]): void {
  const isLayer = path.length === 3 && path[1] === 'layers';
  if (isMap(before) && isMap(after) && !isLayer) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      compare([...path, key], before[key], after[key], changes);
  } else if (Array.isArray(before) && Array.isArray(after) && path[1] === 'layers' && !isLayer) {
    for (let i = 0; i < Math.max(before.length, after.length); i++)
      compare([...path, i], before[i], after[i], changes);
  } else if (JSON.stringify(before) !== JSON.stringify(after)) {
    changes.push({ path, from: before ?? null, to: after ?? null });
  }
}

function isMap(value: Plain): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScalar(value: Json): boolean {
  return typeof value !== 'object' || value === null;
}

function text(value: Json): string {
  return value === null ? 'nothing' : String(value);
}
