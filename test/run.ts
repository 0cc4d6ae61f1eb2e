import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../extension/development/processes.ts';
import { installVsCode } from '../extension/development/vscode-server.ts';
import { installChromium } from './browser.ts';
import { runHostTests } from './host/run.ts';
import type { Counts } from './results.ts';
import { installSlurm } from './slurm/cluster.ts';

/**
 * `npm test`: every step runs even when one before it failed; the last line counts all of them.
 * `node test/run.ts unit host`: only these steps.
 */
const steps: { name: string; title: string; run(): Promise<Counts> }[] = [
  // First, since the kernels it compiles are part of what comes after.
  { name: 'package', title: 'Bundles and .vsix', run: () => check('npm', 'run', '-s', 'package') },
  { name: 'typecheck', title: 'Types', run: () => check('npm', 'run', '-s', 'typecheck') },
  { name: 'lint', title: 'Lint', run: () => check('npm', 'run', '-s', 'lint') },
  { name: 'unit', title: 'Unit and golden tests, law of imports', run: () => vitest('unit') },
  { name: 'host', title: 'Extension host tests in VS Code', run: withHost(runHostTests) },
  { name: 'ui', title: 'Product tests in a browser', run: withHost(() => vitest('ui')) },
];

/** Only by name: `npm run test:slurm`. */
const others: typeof steps = [
  { name: 'slurm', title: 'Sweeps on a real Slurm', run: withSlurm(() => vitest('slurm')) },
];

const wanted = process.argv.slice(2);
const known = [...steps, ...others];
const unknown = wanted.filter((name) => !known.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(
    `No such step: ${unknown.join(', ')}. Known: ${known.map((s) => s.name).join(', ')}.`,
  );
  process.exit(2);
}

const total: Counts = { passed: 0, failed: 0, skipped: 0 };
for (const step of wanted.length > 0 ? known : steps) {
  if (wanted.length > 0 && !wanted.includes(step.name)) continue;
  console.log(`\n━━ ${step.title}`);
  const began = performance.now();
  const counts = await step.run().catch((error: Error) => {
    console.error(error.message);
    return { passed: 0, failed: 1, skipped: 0 };
  });
  for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += counts[key];
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`━━ ${step.title}: ${summary(counts)} (${seconds} s)`);
}
console.log(`\n${summary(total)}`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);

function summary({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** A command that passes or fails as a whole. */
async function check(command: string, ...args: string[]): Promise<Counts> {
  const code = await run(command, args);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

async function vitest(project: string): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'trainscope-vitest-'));
  const file = join(folder, 'results.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const code = await run('vitest', ['run', '--project', project, ...reporters]);
    const results = JSON.parse(await readFile(file, 'utf8')) as {
      numPassedTests: number;
      numFailedTests: number;
      numPendingTests: number;
      numTodoTests: number;
    };
    const failed = results.numFailedTests;
    return {
      passed: results.numPassedTests,
      // A file that does not even load, or an error outside of any test, fails without a failed test.
      failed: failed === 0 && code !== 0 ? 1 : failed,
      skipped: results.numPendingTests + results.numTodoTests,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function withHost(tests: () => Promise<Counts>): () => Promise<Counts> {
  return needing(() => Promise.all([installVsCode(), installChromium()]), tests);
}

function withSlurm(tests: () => Promise<Counts>): () => Promise<Counts> {
  return needing(installSlurm, tests);
}

/** Tests that need something installed: where it cannot be had, skipped, but never in CI. */
function needing(install: () => Promise<unknown>, tests: () => Promise<Counts>) {
  return async () => {
    try {
      await install();
    } catch (error) {
      console.error((error as Error).message);
      const ci = Boolean(process.env.CI);
      return { passed: 0, failed: ci ? 1 : 0, skipped: ci ? 0 : 1 };
    }
    return tests();
  };
}
