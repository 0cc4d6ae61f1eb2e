import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../extension/development/project.ts';

export interface Scratch {
  folder: string;
  /** A copy of the samples, whose path has a space and letters beyond ASCII. */
  workspace: string;
  remove(): void;
}

/** A temporary folder with everything that one VS Code of a test run writes. */
export async function scratchWorkspace(): Promise<Scratch> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'trainscope-test-'));
  const workspace = join(folder, 'wörk space');
  await mkdir(workspace);
  await cp(join(projectRoot, 'extension/samples'), workspace, { recursive: true });
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  // Also when the run is interrupted.
  process.once('exit', remove);
  return { folder, workspace, remove };
}
