/**
 * What the extension uses of core, as a bundle of its own: compiling it takes longer than all the
 * rest of the activation, and is put off until the first config is seen.
 */
export { applyEdits, completionsAt, hoverAt, parseConfig } from '../core/config/index.ts';
export { UserError } from '../core/events/user-error.ts';
export { inferShapes, outputMismatch } from '../core/network/shapes.ts';
export {
  deleteRun,
  LOG_FILE,
  listRun,
  listRuns,
  RunHistory,
  readRunLog,
  SeriesFeed,
  tailRunLog,
} from '../core/runs/index.ts';
export { launchRun } from '../core/session/launch.ts';
export { MemoryBudget } from '../core/session/memory-budget.ts';
