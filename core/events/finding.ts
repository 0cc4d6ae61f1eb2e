/** A place in a config: the keys and 0-based indices that lead to it. `[]` is the whole file. */
export type ConfigPath = readonly (string | number)[];

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Set the value at `path`; `undefined` removes the key. Comments and layout around it stay. */
export interface Edit {
  path: ConfigPath;
  value: Json | undefined;
}

export interface Fix {
  title: string;
  edits: Edit[];
}

/** `error`: the run is worthless; `warning`: it will hurt; `info`: worth knowing. */
export type Severity = 'error' | 'warning' | 'info';

/** A value in a data file. */
export interface DataPlace {
  /** As the config names it: relative to the config's folder. */
  file: string;
  /** From 1, in the order of the file. */
  example: number;
  /** From 1; absent where the file has no lines. */
  line?: number;
  /** Its name, or its number from 1. */
  column: string | number;
}

/** What is wrong, at which key of the config, and how to mend it. */
export interface Finding {
  rule: string;
  severity: Severity;
  /** The key that is to blame. */
  path: ConfigPath;
  /** The layer it shows in, where that is another place. */
  layer?: ConfigPath;
  /** Where in the data it shows first. */
  data?: DataPlace;
  step?: number;
  /** What was seen (with its numbers), what it means, what to do. */
  message: string;
  /** The measured value, the threshold and what else the verdict rests on. */
  evidence: { [name: string]: Json };
  fixes: Fix[];
}
