export { type LabeledParameter, RunHistory } from './history.ts';
export { deleteRun, listRun, listRuns, type RunListing } from './list.ts';
export { type LogEnd, readRunLog } from './log-reader.ts';
export { RunLogWriter } from './log-writer.ts';
export { hasLiveOwner } from './owner.ts';
export { CONFIG_FILE, LOG_FILE } from './run-folder.ts';
export { SeriesFeed, type SeriesView } from './series.ts';
export { smooth } from './smooth.ts';
export { type Tail, tailRunLog } from './tail.ts';
