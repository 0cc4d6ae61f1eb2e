/**
 * Every id that package.json and the code must agree on. A test compares them in both directions,
 * so that a command without code, or code without a contribution, cannot be released.
 */
export const COMMANDS = [
  'trainscope.train',
  'trainscope.check',
  'trainscope.openDashboard',
  'trainscope.pause',
  'trainscope.resume',
  'trainscope.continueRun',
  'trainscope.stop',
  'trainscope.setLearningRate',
  'trainscope.openConfig',
  'trainscope.revealRun',
  'trainscope.exportReport',
  'trainscope.deleteRun',
  'trainscope.groupRuns',
  'trainscope.listRuns',
  'trainscope.verifyFix',
  'trainscope.applyFix',
  'trainscope.openFinding',
  'trainscope.explainRule',
  'trainscope.sweep',
  'trainscope.openSweep',
  'trainscope.stopSweep',
  'trainscope.resumeSweep',
  'trainscope.deleteSweep',
  'trainscope.ensemble',
  'trainscope.compareEnsembles',
  'trainscope.openEnsemble',
  'trainscope.stopEnsemble',
  'trainscope.resumeEnsemble',
  'trainscope.deleteEnsemble',
  'trainscope.openSample',
  'trainscope.openGraph',
  'trainscope.breakSample',
  'trainscope.mendSample',
] as const;
export type CommandId = (typeof COMMANDS)[number];

export const SETTINGS = { memoryLimit: 'trainscope.memoryLimit' } as const;

export const VIEWS = {
  configs: 'trainscope.configs',
  runs: 'trainscope.runs',
  sweeps: 'trainscope.sweeps',
  ensembles: 'trainscope.ensembles',
  checks: 'trainscope.checks',
} as const;

/** The type of the dashboard's webview panel. */
export const DASHBOARD = 'trainscope.dashboard';

/** The type of the panel with a sweep. */
export const SWEEP = 'trainscope.sweepView';

/** The type of the panel with an ensemble. */
export const ENSEMBLE = 'trainscope.ensembleView';

/** The type of the panel with the graph of a formula. */
export const GRAPH = 'trainscope.graph';

export const WALKTHROUGH = 'start';

/** Keys that `when` and `enablement` clauses read, with the type of their values. */
export interface ContextKeys {
  /** Something can be stopped: a run of this window, which may be paused, a sweep or an ensemble. */
  'trainscope.active': boolean;
  /** A run of this window is preparing or training: it can be paused. */
  'trainscope.training': boolean;
  'trainscope.paused': boolean;
  /** Runs are shown in one list by time instead of grouped by config. */
  'trainscope.runsByTime': boolean;
  /** How far the walkthrough's sample has come. */
  'trainscope.sample': SampleStage;
}
export const CONTEXT_KEYS: { [K in keyof ContextKeys]: true } = {
  'trainscope.active': true,
  'trainscope.training': true,
  'trainscope.paused': true,
  'trainscope.runsByTime': true,
  'trainscope.sample': true,
};

export const SAMPLE_STAGES = ['opened', 'trained', 'broken', 'mended'] as const;
export type SampleStage = (typeof SAMPLE_STAGES)[number];

/** The `viewItem` values of tree items. */
export const VIEW_ITEMS = [
  'config',
  'run.preparing',
  'run.training',
  'run.paused',
  'run.elsewhere',
  'run.finished',
  'sweep.running',
  'sweep.stopped',
  'sweep.elsewhere',
  'sweep.finished',
  'ensemble.running',
  'ensemble.stopped',
  'ensemble.elsewhere',
  'ensemble.over',
  'finding',
] as const;
export type ViewItem = (typeof VIEW_ITEMS)[number];
