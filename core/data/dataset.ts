import type { DataEvent, Task } from '../events/run-event.ts';

/** Examples as they were read: bytes stay bytes. Row-major, one row an example. */
export interface ExampleStore {
  count: number;
  /** [count × product(shape)], raw: preprocessing is applied when a batch is gathered. */
  inputs: Float32Array | Uint8Array;
  /** Class index of each example; null for regression. */
  labels: Int32Array | null;
  /** [count × targetSize]; null for classification. */
  targets: Float32Array | null;
}

/** A part of a store: the rows `indices`, in this order. Several parts may share one store. */
export interface Examples {
  store: ExampleStore;
  indices: Uint32Array;
}

/** x' = (x − offset) · scale for each feature, from statistics of the training part only. */
export interface Affine {
  offset: Float32Array;
  scale: Float32Array;
}

/** Onto the principal axes of the training part; `whiten`: to variance 1 along each. */
export type Rotation = 'pca' | 'whiten';

export interface Dataset {
  task: Task;
  /** Shape of one example: [features] or [height, width, channels]. */
  shape: number[];
  /** Number of classes, or of target values for regression. */
  outputs: number;
  classes: string[] | null;
  train: Examples;
  validation: Examples | null;
  preprocessing: Affine | null;
  /** What is to be done to all inputs after `preprocessing`, before training: see principalAxes. */
  rotation: Rotation | null;
  /**
   * What a teacher says of the training examples, probabilities [train.store.count × outputs], to be learned
   * instead of the labels; absent: there is none.
   */
  softTargets?: Float32Array;
  /** Targets become (t − offset) · scale, [outputs] each; null: they stay as they are. */
  targetScaling: Affine | null;
  statistics: DataEvent;
}
