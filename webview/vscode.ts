import type { FeaturesChoice } from './features/state.ts';
import type { ExampleId, FromView, ViewSettings } from './protocol.ts';
import type { WeightsChoice } from './weights/state.ts';

/** What outlives the page: VS Code keeps it over a hidden panel and a reload of the window. */
export interface SavedState {
  settings: ViewSettings;
  focus: string;
  /** Absent before anything was chosen there. */
  features?: FeaturesChoice;
  /** The example whose graph is shown. */
  graph?: ExampleId;
  /** Likewise: how the weights are looked at. */
  weights?: WeightsChoice;
}

interface VsCodeApi {
  postMessage(message: FromView): void;
  getState(): SavedState | undefined;
  setState(state: SavedState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** May be acquired only once a page. */
export const vscode = acquireVsCodeApi();
