import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../extension/development/project.ts';

export interface Scratch {
  folder: string;
  /**
   * A workspace file with two folders: a copy of the samples, whose path has a space and letters
   * beyond ASCII, and one with a config of its own.
   */
  workspace: string;
  remove(): void;
}

/** A temporary folder with everything that one VS Code of a test run writes. */
export async function scratchWorkspace(): Promise<Scratch> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'trainscope-test-'));
  const samples = join(projectRoot, 'extension/samples');
  const folders = ['wörk space', 'second root'];
  await cp(samples, join(folder, 'wörk space'), { recursive: true });
  await mkdir(join(folder, 'second root'));
  await cp(join(samples, 'moons.train.yaml'), join(folder, 'second root/moons.train.yaml'));
  const workspace = join(folder, 'two roots.code-workspace');
  await writeFile(workspace, JSON.stringify({ folders: folders.map((path) => ({ path })) }));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  // Also when the run is interrupted.
  process.once('exit', remove);
  return { folder, workspace, remove };
}
