import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** What one test of a runner in another process says: one JSON object a line, as it happens. */
export type TestResult =
  | { outcome: 'passed'; title: string; milliseconds: number }
  | { outcome: 'failed'; title: string; error: string }
  | { outcome: 'skipped'; title: string }
  /** All tests have run. */
  | { outcome: 'end' };

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** What failed and why: repeated at the end, where a reader of a long log looks first. */
  failures: { title: string; error: string }[];
}

/** The environment variable that names the file of results. */
export const RESULTS_VARIABLE = 'TRAINSCOPE_TEST_RESULTS';

export function report(result: TestResult): void {
  const file = process.env[RESULTS_VARIABLE];
  if (file) appendFileSync(file, `${JSON.stringify(result)}\n`);
}

/** Prints results while another process writes them. `finish` reads the rest and returns the sums. */
export function follow(file: string): { finish(): Counts; ended(): boolean } {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0, failures: [] };
  let read = 0;
  let ended = false;
  const poll = () => {
    if (!existsSync(file)) return;
    const lines = readFileSync(file, 'utf8').split('\n');
    // What follows the last line break is a line still being written.
    for (; read < lines.length - 1; read++) {
      const result = JSON.parse(lines[read] ?? '') as TestResult;
      if (result.outcome === 'end') ended = true;
      else {
        counts[result.outcome]++;
        if (result.outcome === 'failed') counts.failures.push(result);
        print(result);
      }
    }
  };
  const timer = setInterval(poll, 200);
  return {
    finish() {
      clearInterval(timer);
      poll();
      if (!ended) {
        const failure = { title: 'the test run', error: 'broke off before its end' };
        counts.failed++;
        counts.failures.push(failure);
        print({ outcome: 'failed', ...failure });
      }
      return counts;
    },
    ended: () => {
      poll();
      return ended;
    },
  };
}

function print(result: Exclude<TestResult, { outcome: 'end' }>): void {
  if (result.outcome === 'passed')
    console.log(`   ✓ ${result.title} ${dim(`${Math.round(result.milliseconds)} ms`)}`);
  else if (result.outcome === 'skipped') console.log(`   - ${result.title} ${dim('skipped')}`);
  else console.log(`   ✗ ${result.title}\n${result.error.replace(/^/gm, '       ')}`);
}

function dim(text: string): string {
  return process.stdout.isTTY ? `\x1b[2m${text}\x1b[22m` : text;
}
