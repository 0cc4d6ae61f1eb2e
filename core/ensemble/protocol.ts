import type { Combination, EnsembleMethod } from '../config/index.ts';
import type { FinishReason, ValidationMetrics } from '../events/run-event.ts';

/** What an ensemble tells, in this order; `progress` between any two. */
export type EnsembleEvent =
  | EnsembleBegun
  | MemberProgress
  | LeftOut
  | MemberTrained
  | EnsembleRow
  | Disagreement
  | DisputedInputs
  | EnsembleFinished;

/** It has its folder. */
export interface EnsembleBegun {
  type: 'begun';
  /** Absolute. */
  folder: string;
  /** The name of its file, which stands beside `.trainscope`. */
  config: string;
  /** The method that the config asks for, or the usual one. */
  method: EnsembleMethod;
  /** Every method and combination that the config can have. */
  compare: boolean;
  /** How many are trained, and the epochs of each; best trials of a sweep are trained already. */
  runs: number;
  epochs: number;
}

/** A member has trained another epoch. */
export interface MemberProgress {
  type: 'progress';
  /** Of all epochs of all runs. */
  share: number;
  number: number;
  seed: number;
  bootstrap: boolean;
  distilled?: true;
  epoch: number;
  validation: ValidationMetrics | null;
}

/** A run of the ensemble has ended. */
export interface MemberTrained {
  type: 'member';
  /** From 1 on. */
  number: number;
  of: number;
  seed: number;
  /** Trained on a bootstrap sample of its own. */
  bootstrap: boolean;
  /** No member, but the network that the ensemble was distilled into: the last one. */
  distilled?: true;
  reason: FinishReason;
  message?: string;
  epochs: number;
  validation: ValidationMetrics | null;
  /** The rules that found something. */
  findings: string[];
  /** Its folder, absolute; null where it was refused before it had one. */
  run: string | null;
}

/** What people call a run of an ensemble. */
export function runTitle({
  number,
  distilled,
}: Pick<MemberTrained, 'number' | 'distilled'>): string {
  return distilled ? 'distilled network' : `member ${number}`;
}

/** A method that means nothing for this config, or members that came to nothing. */
export interface LeftOut {
  type: 'leftOut';
  method: EnsembleMethod;
  message: string;
}

/** Of the members of an ensemble, each alone; `sd` is null where there is one only. */
export interface Spread {
  mean: number;
  sd: number | null;
}

/** A line of the comparison. */
export interface EnsembleRow {
  type: 'ensemble';
  /** `single`: a member alone, the mean of them; `distilled`: one network that has learned from all. */
  method: 'single' | 'distilled' | EnsembleMethod;
  combine: Combination | null;
  members: number;
  /** Of the combination; `loss` is null for votes, which have none. */
  validation: Omit<ValidationMetrics, 'loss'> & { loss: number | null };
  /** Of its members, each alone. */
  single: { [Metric in keyof ValidationMetrics]: Spread | null };
  /** Each of them; none of what is not made of members. */
  alone: ValidationMetrics[];
  /** Epochs of training that it took, all runs together. */
  epochs: number;
}

/** On which validation examples the members of an ensemble differ most. */
export interface Disagreement {
  type: 'disagreement';
  method: EnsembleMethod;
  members: number;
  /** Their numbers, in their order, where each is a run that was trained for it. */
  numbers?: number[];
  /** Of all validation examples, how many the members do not agree on; null for regression. */
  disputed: number | null;
  examples: DisputedExample[];
}

export interface DisputedExample {
  /** Among the validation examples, and in the file they come from; both from 0 on. */
  index: number;
  row: number;
  /** The name of the right class and of the one the ensemble gives; of targets, the numbers. */
  label: string | number[];
  answer: string | number[] | null;
  /** How many members chose each class, most first; null for regression. */
  votes: { class: string; count: number }[] | null;
  /** What each member chose, in their order: null where one says NaN; null for regression. */
  choices: (string | null)[] | null;
  /** Regression: standard deviation of what the members say. */
  sd: number[] | null;
  /** Regression: what each member says, in their order, a number a target. */
  said?: number[][];
}

/** The disputed examples, in the same order, as they were read. */
export interface DisputedInputs {
  type: 'inputs';
  /** Of one: [height, width, channels] of an image, [features] of a row. */
  shape: number[];
  /** The smallest and the largest value that inputs have, or can have. */
  range: { low: number; high: number };
  /** [examples × values], float32 in little-endian order, as base64. */
  values: string;
}

export interface EnsembleFinished {
  type: 'ensembles';
  best: Pick<EnsembleRow, 'method' | 'combine' | 'validation'>;
  rows: number;
  /** The numbers of members that came to nothing: what was made was made of the others. */
  failed: number[];
  /** Where all of this is kept, absolute. */
  folder: string;
}

/** What is kept in the folder of an ensemble, as `ensemble.json`. Folders of runs are relative to it. */
export interface EnsembleResult {
  formatVersion: 1;
  begun: Omit<EnsembleBegun, 'folder'>;
  leftOut: LeftOut[];
  /** In the order of their numbers. */
  members: MemberTrained[];
  candidates: Candidate[];
  rows: EnsembleRow[];
  disagreement: Disagreement | null;
  inputs: DisputedInputs | null;
  best: EnsembleFinished['best'];
}

/** A network of a run, as a checkpoint has it. */
export interface MemberSource {
  /** Absolute path of the run's folder. */
  run: string;
  /** The name of the file. */
  checkpoint: string;
  /** By the running averages of the parameters where its run keeps them, or by the last parameters. */
  by: 'judged' | 'trained';
}

/** An ensemble whose members are trained. */
export interface Candidate {
  method: EnsembleMethod;
  members: MemberSource[];
  /** Their numbers, where each is a run that was trained for it. */
  numbers?: number[];
  /** Monte Carlo dropout: how many passes of its only member; else 0. */
  passes: number;
  combinations: Combination[];
  epochs: number;
}

/** What is to be learned from an ensemble. */
export interface Distillation {
  candidate: Candidate;
  combine: Combination;
  temperature: number;
  /** Receives the probabilities. */
  file: string;
}

/** Given to the worker thread that measures ensembles. */
export interface MeasureStart {
  configFile: string;
  configText: string;
  readableRoots: string[] | null;
  candidates: Candidate[];
  /** Of which one it is told where its members differ: its index. */
  disputed: number;
  distill: Distillation | null;
}

/** What the measuring of ensembles tells. */
export type Measured = EnsembleRow | Disagreement | DisputedInputs;
