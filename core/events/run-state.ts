/** Where a run is in its life, as its events and its owner tell. */
export type RunState =
  | 'preparing'
  | 'training'
  | 'paused'
  | 'completed'
  | 'diverged'
  | 'stopped'
  | 'failed'
  /** Its process died: the log ends without a `finished` record. */
  | 'interrupted';
