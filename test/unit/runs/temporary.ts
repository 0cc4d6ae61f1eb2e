import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder for runs that is gone after the test; its path has a space and other scripts in it. */
export function temporaryRunsFolder(): string {
  const root = mkdtempSync(join(tmpdir(), 'läufe 数 '));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return join(root, '.trainscope', 'runs');
}
