import { appendFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { jsonLine, parseJsonLine } from '../../events/json-line.ts';
import type { TrainMetrics, ValidationMetrics } from '../../events/run-event.ts';
import type { TrialOutcome } from '../executor.ts';

/** What a task of the cluster tells the sweep's owner: lines of a file that only grows. */
export type Report =
  /** It runs, on this node; `restarts` counts how often Slurm has put it back into its queue before. */
  | { type: 'begun'; node: string; restarts: number }
  | { type: 'opened'; run: string }
  | {
      type: 'epoch';
      epoch: number;
      train: TrainMetrics;
      validation: ValidationMetrics | null;
    }
  | { type: 'ended'; outcome: TrialOutcome }
  /** What would befall all trials alike: a full disk, say. */
  | { type: 'broken'; message: string };

/** Adds a line, whole and at once: what is killed in between leaves no half of one that counts. */
export function report(file: string, line: Report): void {
  appendFileSync(file, `${jsonLine(line)}\n`);
}

/** Reads what was added to a file of reports since the last look. */
export class ReportReader {
  readonly #file: string;
  #position = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** Empty while there is no file yet, or nothing new in it. */
  async read(): Promise<Report[]> {
    let file: Awaited<ReturnType<typeof open>>;
    try {
      file = await open(this.#file);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
    try {
      const { size } = await file.stat();
      if (size <= this.#position) return [];
      const bytes = Buffer.alloc(size - this.#position);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, this.#position);
      const whole = bytes.subarray(0, bytesRead).lastIndexOf(10) + 1;
      this.#position += whole;
      return bytes
        .subarray(0, whole)
        .toString('utf8')
        .split('\n')
        .flatMap((line) => parse(line) ?? []);
    } finally {
      await file.close();
    }
  }
}

/** Null: the line is none, as a node that was lost in the middle of one has left it. */
function parse(line: string): Report | null {
  try {
    return parseJsonLine(line) as Report;
  } catch {
    return null;
  }
}
