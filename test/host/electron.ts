import { join } from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { run } from '../../extension/development/processes.ts';
import { cacheFolder, projectRoot, vscodeVersion } from '../../extension/development/project.ts';
import { follow, RESULTS_VARIABLE } from '../results.ts';
import { bundleHostTests } from './bundle.ts';
import { scratchWorkspace } from './workspace.ts';

/** `npm run test:electron`: the host suites in desktop VS Code, which is downloaded when needed. */

if ((await run(process.execPath, [...process.execArgv, 'esbuild.config.ts'])) !== 0)
  process.exit(1);
const executable = await download();
const runner = await bundleHostTests();
const scratch = await scratchWorkspace();
const results = join(scratch.folder, 'results.jsonl');
const progress = follow(results);
try {
  await runTests({
    vscodeExecutablePath: executable,
    extensionDevelopmentPath: projectRoot,
    extensionTestsPath: runner,
    extensionTestsEnv: { [RESULTS_VARIABLE]: results },
    launchArgs: [
      scratch.workspace,
      ...['--user-data-dir', join(scratch.folder, 'data')],
      ...['--extensions-dir', join(scratch.folder, 'extensions')],
      ...['--disable-workspace-trust', '--skip-welcome', '--no-sandbox', '--disable-gpu'],
    ],
  });
} catch (error) {
  // The results below say which tests failed, or that the run broke off.
  console.error((error as Error).message);
}
const { passed, failed, skipped } = progress.finish();
scratch.remove();
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 ? 1 : 0);

async function download(): Promise<string> {
  const version = vscodeVersion();
  try {
    return await downloadAndUnzipVSCode({ version, cachePath: cacheFolder });
  } catch (error) {
    console.error(
      `Desktop VS Code ${version} could not be downloaded (${(error as Error).message}). ` +
        'This needs a way to update.code.visualstudio.com; `npm run test:host` runs the same ' +
        'suites without it.',
    );
    process.exit(1);
  }
}
