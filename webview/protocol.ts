import type { ConfigPath, Severity } from '../core/events/finding.ts';
import type { RunState } from '../core/events/run-state.ts';
import type { SeriesDelta, XAxis } from '../core/events/series.ts';
import type { Query } from '../core/inspection/explorer/protocol.ts';
import type { CheckpointFile } from '../core/runs/checkpoint-file.ts';
import type { LayerMoments, TensorPicture } from '../core/runs/layer-moments.ts';
import type { WantedWeights, WeightsOverview, WeightValues } from '../core/runs/weights-feed.ts';

export type { RunState } from '../core/events/run-state.ts';
export type { SeriesDelta, SeriesId, XAxis } from '../core/events/series.ts';
export type {
  Answers,
  ExampleAnswer,
  ExampleId,
  ExplorerFacts,
  ExplorerLayer,
  FeatureMap,
  Part,
  Query,
  Refusable,
  Verdict,
} from '../core/inspection/explorer/protocol.ts';
export type { Picture } from '../core/inspection/picture.ts';
export type { CheckpointFile } from '../core/runs/checkpoint-file.ts';
export type { LayerMoments, TensorPicture } from '../core/runs/layer-moments.ts';
export type {
  WantedWeights,
  WeightSet,
  WeightsOverview,
  WeightValues,
} from '../core/runs/weights-feed.ts';

/**
 * What the dashboard's host and its view say to each other. The host owns every series, decimates
 * it, sends it whole when the view appears and as deltas while it is visible; the view draws.
 * Numbers that may be NaN or infinite travel in typed arrays: VS Code turns them into null elsewhere.
 */

/** What of a run is shown. */
export const TABS = ['curves', 'layers', 'weights', 'features', 'graph', 'findings'] as const;
export type Tab = (typeof TABS)[number];

/** What the user chose; kept by the view's state and sent to the host, which computes with it. */
export interface ViewSettings {
  tab: Tab;
  xAxis: XAxis;
  logLoss: boolean;
  /** Weight of the exponential moving average of the batch loss, 0 (off) … 0.99. */
  smoothing: number;
  /** Ids of runs whose curves are hidden. */
  hidden: string[];
}

export const DEFAULT_SETTINGS: ViewSettings = {
  tab: 'curves',
  xAxis: 'epochs',
  logLoss: true,
  smoothing: 0.9,
  hidden: [],
};

/** The order of `RunHeader.numbers`; NaN where there is none. Seconds, fractions of 1. */
export const HEADER_NUMBERS = [
  'epoch',
  'epochs',
  'step',
  /** Smoothed or latest train data loss. */
  'loss',
  'validationLoss',
  /** Accuracy, or R² for regression. */
  'trainQuality',
  'validationQuality',
  'learningRate',
  'examplesPerSecond',
  'secondsLeft',
  'elapsedSeconds',
  'startedAt',
] as const;
export type HeaderNumber = (typeof HEADER_NUMBERS)[number];

export interface RunHeader {
  /** The run folder's name: unique within its runs folder, and sortable by time. */
  id: string;
  /** e.g. "digits · run 7". */
  name: string;
  state: RunState;
  /** 'accuracy' or 'R²'. */
  quality: string;
  /** Why it failed or diverged, in a sentence. */
  message: string | null;
  damage: LogDamage | null;
  /** The one that matters most first. */
  findings: HeaderFinding[];
  /** Whether its findings are all there are: the rules need its config, which not every log tells. */
  judged: boolean;
  /** Its log is being read: there are curves to come. */
  reading: boolean;
  numbers: Float64Array;
}

/** What of a run's log cannot be read. */
export interface LogDamage {
  /** Why, in a sentence. */
  message: string;
  /** Nothing of it can: there is nothing to show. */
  whole: boolean;
}

/** A finding as it is shown; which one of its run it is, rule and path tell. */
export interface HeaderFinding {
  rule: string;
  /** The rule in words. */
  title: string;
  severity: Severity;
  path: ConfigPath;
  step: number | null;
  message: string;
  /** The titles of its fixes. */
  fixes: string[];
}

export interface RunDelta {
  header: RunHeader;
  series: SeriesDelta[];
}

/** How far the network of the run in focus can be asked about. Facts and answers are boxed: see `boxNumbers`. */
export type ExplorerState =
  | { state: 'opening' }
  /** `newer`: a checkpoint that has come since. */
  | { state: 'open'; facts: unknown; checkpoint: unknown; newer: CheckpointFile | null }
  /** Nothing (more) can be asked, and why. */
  | { state: 'closed'; message: string };

export type ToView =
  /** Everything: forget what was there. `focus` is the run that the line of numbers shows. */
  | { type: 'hydrate'; settings: ViewSettings; focus: string; runs: RunDelta[] }
  | { type: 'update'; runs: RunDelta[] }
  | { type: 'remove'; run: string }
  /** What was measured inside the run in focus, and pictures of what the view wants; null: no news. */
  | { type: 'inspection'; run: string; moments: LayerMoments | null; pictures: TensorPicture[] }
  /** What there is to be seen of the weights of the run in focus, and values that the view wants; null: no news. */
  | { type: 'weights'; run: string; overview: WeightsOverview | null; values: WeightValues[] }
  /** A session is one network as one checkpoint has it. */
  | ({ type: 'explorer'; run: string; session: number } & ExplorerState)
  /** The share of a question's work that is done. */
  | { type: 'exploring'; id: number; share: number }
  | { type: 'explored'; id: number; ok: true; answer: unknown }
  | { type: 'explored'; id: number; ok: false; message: string };

export type RunCommand = 'pause' | 'resume' | 'stop' | 'reveal' | 'report' | 'openConfig';

/** What of a chart is saved as a file. */
export type FileFormat = 'png' | 'svg' | 'csv';
/** No file that is saved from the view is larger. */
export const LARGEST_FILE = 64 * 2 ** 20;

/** A chart or a picture that the user takes away. */
export type Taken =
  /** As a file; where to, the host asks. */
  | { type: 'save'; name: string; format: FileFormat; bytes: Uint8Array }
  | { type: 'copy'; text: string }
  /** It could not be made a file of, and why. */
  | { type: 'notSaved'; name: string; reason: string };

export type FromView =
  | { type: 'ready'; settings: ViewSettings | null }
  | { type: 'settings'; settings: ViewSettings }
  | { type: 'focus'; run: string }
  /** The pictures that are before the user's eyes, by index of their tensors. */
  | { type: 'pictures'; run: string; tensors: number[] }
  /** The weights that are before the user's eyes and have not come. */
  | { type: 'weights'; run: string; wanted: WantedWeights[] }
  /** A question to the network. Answers come one after another. */
  | { type: 'ask'; session: number; id: number; query: Query }
  /** Its answer is not wanted any more: none comes. */
  | { type: 'cancel'; id: number }
  /** The latest checkpoint of this run is to be explored. */
  | { type: 'openExplorer'; run: string }
  | { type: 'command'; run: string; command: RunCommand }
  | (Taken & { run: string })
  /** What to do with a finding of a run; `fix` is the index of one of its fixes. */
  | {
      type: 'finding';
      run: string;
      rule: string;
      path: ConfigPath;
      action: 'open' | 'explain' | 'fix' | 'verify';
      fix: number;
    }
  | { type: 'learningRate'; run: string; value: number };

/** What the view of a formula's graph is told: the file as it stands in the editor. */
export type ToExpression = {
  /** Its URI, and its name to be shown. */
  file: string;
  name: string;
} & (
  | { problem: null; expression: string; names: string[]; values: Float64Array }
  /** Why there is no graph. */
  | { problem: string }
);

export type FromExpression = { type: 'ready' } | Taken;
