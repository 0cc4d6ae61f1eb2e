import { readFileSync } from 'node:fs';
import type { ReferenceConfig } from '../reference/config.ts';

/** Some steps of training, as PyTorch does them in float64 from float32 inputs and parameters. */
export interface GoldenCase {
  name: string;
  config: ReferenceConfig;
  /** Images or rows, with what is wanted of them; in order, as many as `inputs` has. */
  shape: number[];
  inputs: Float32Array;
  answers: { labels: number[] } | { targets: Float32Array };
  /** Classes, or target values of a row. */
  outputs: number;
  /** Parameters at the start, by id. */
  start: Record<string, Float32Array>;
  /** Of the data loss at the first step. */
  gradient: Record<string, number[]>;
  losses: number[];
  /** The same, regularization included. */
  costs: number[];
  rates: number[];
  /** Parameters at the end, and what layers carry from step to step. */
  end: Record<string, number[]>;
  /** Data loss of all rows then, at test time. */
  tested: number;
}

interface Written {
  inputs: Record<string, { shape: number[]; values: number[] }>;
  /** Classes, or targets of so many values a row. */
  answers: Record<'labels' | 'binary' | 'targets', { outputs: number; values: number[] }>;
  cases: (Omit<GoldenCase, 'shape' | 'inputs' | 'answers' | 'outputs' | 'start'> & {
    inputs: string;
    answers: 'labels' | 'binary' | 'targets';
    start: Record<string, number[]>;
  })[];
  plateaus: { patience: number; factor: number; losses: number[]; factors: number[] }[];
}

const file = new URL('./training.json', import.meta.url);
const golden = JSON.parse(readFileSync(file, 'utf8')) as Written;

export const { plateaus } = golden;

export const cases: GoldenCase[] = golden.cases.map((written) => {
  const { shape, values } = golden.inputs[written.inputs];
  const { outputs, values: answers } = golden.answers[written.answers];
  return {
    ...written,
    shape,
    inputs: Float32Array.from(values),
    outputs,
    answers:
      written.answers === 'targets'
        ? { targets: Float32Array.from(answers.slice(0, shape[0] * outputs)) }
        : { labels: answers.slice(0, shape[0]) },
    start: Object.fromEntries(
      Object.entries(written.start).map(([id, values]) => [id, Float32Array.from(values)]),
    ),
  };
});
