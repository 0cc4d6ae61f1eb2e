/**
 * What the extension uses of core, as a bundle of its own: compiling it takes longer than all the
 * rest of the activation, and is put off until the first config is seen.
 */
export {
  applyEdits,
  completionsAt,
  defaultLoss,
  ENSEMBLE_METHODS,
  hoverAt,
  parseConfig,
  refuseMethod,
  replaceAll,
} from '../core/config/index.ts';
export { findingsBeside } from '../core/diagnosis/beside.ts';
export { makeEnsemble } from '../core/ensemble/ensemble.ts';
export { begunAt, deleteEnsemble, listEnsemble, listEnsembles } from '../core/ensemble/list.ts';
export { EnsembleState } from '../core/ensemble/state.ts';
export { jsonLine } from '../core/events/json-line.ts';
export { RULES } from '../core/events/rule-ids.ts';
export { UserError } from '../core/events/user-error.ts';
export { boxNumbers } from '../core/inspection/explorer/numbers.ts';
export { parseGraphFile } from '../core/inspection/graph/file.ts';
export { mayBeSmall } from '../core/inspection/graph/size.ts';
export { inferShapes, outputMismatch } from '../core/network/shapes.ts';
export { applyFixes } from '../core/repair/candidates.ts';
export {
  CONFIG_FILE,
  deleteRun,
  InspectionFeed,
  LOG_FILE,
  listCheckpoints,
  listRun,
  listRuns,
  RunHistory,
  readRunOutside,
  SeriesFeed,
  tailRunLog,
  WeightsFeed,
} from '../core/runs/index.ts';
export { configFolderOf } from '../core/runs/run-folder.ts';
export { launchChecks } from '../core/sanity/launch-checks.ts';
export { canGoOnWith } from '../core/session/config-changes.ts';
export { launchRun } from '../core/session/launch.ts';
export { launchExplorer } from '../core/session/launch-explorer.ts';
export { MemoryBudget } from '../core/session/memory-budget.ts';
export { findingsOfShapes } from '../core/session/static-findings.ts';
export { executorOf } from '../core/sweep/executor-of.ts';
export { SweepFeed } from '../core/sweep/feed.ts';
export { findingsOfRanges } from '../core/sweep/findings/index.ts';
export { deleteSweep, listSweep, listSweeps } from '../core/sweep/list.ts';
export { TRIALS_FOLDER } from '../core/sweep/log.ts';
export { sweepConfigOf } from '../core/sweep/open.ts';
export { editsOf, rangesOf } from '../core/sweep/space.ts';
export { runSweep } from '../core/sweep/sweep.ts';
