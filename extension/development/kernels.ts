import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { projectRoot } from './project.ts';

/** Compiles the WebAssembly kernels where their sources are newer than what was built. */
export async function buildKernels(): Promise<void> {
  const builder = join(projectRoot, 'core/kernels/build.mjs');
  if (!existsSync(builder)) return;
  const module = (await import(pathToFileURL(builder).href)) as { buildKernels(): Promise<void> };
  await module.buildKernels();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKernels();
