/** A checkpoint of a run, as its name tells. */
export interface CheckpointFile {
  name: string;
  /** Completed epochs. */
  epoch: number;
  /** Completed updates, where it was made within an epoch; else null. */
  step: number | null;
}
