import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { run } from '../extension/development/processes.ts';
import { projectRoot } from '../extension/development/project.ts';
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
  { name: 'package', title: 'Bundles and .vsix', run: () => script('package') },
  { name: 'typecheck', title: 'Types', run: () => script('typecheck') },
  { name: 'lint', title: 'Lint', run: () => script('lint') },
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

const total = none();
for (const step of wanted.length > 0 ? known : steps) {
  if (wanted.length > 0 && !wanted.includes(step.name)) continue;
  console.log(`\n━━ ${step.title}`);
  const began = performance.now();
  const counts = await step.run().catch((error: Error) => {
    console.error(error.message);
    return failure(step.title, error.message);
  });
  total.failures.push(...counts.failures);
  for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += counts[key];
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`━━ ${step.title}: ${summary(counts)} (${seconds} s)`);
}
for (const { title, error } of total.failures)
  console.log(`\n✗ ${title}\n${head(error, 20).replace(/^/gm, '    ')}`);
console.log(`\n${summary(total)}`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);

function summary({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function none(): Counts {
  return { passed: 0, failed: 0, skipped: 0, failures: [] };
}

function failure(title: string, error: string): Counts {
  return { ...none(), failed: 1, failures: [{ title, error }] };
}

function head(text: string, lines: number): string {
  return text.split('\n').slice(0, lines).join('\n');
}

/** A script of package.json, which passes or fails as a whole. */
async function script(name: string): Promise<Counts> {
  const code = await run('npm', ['run', '-s', name]);
  return code === 0
    ? { ...none(), passed: 1 }
    : failure(`npm run ${name}`, `ended with code ${code}`);
}

async function vitest(project: string): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'trainscope-vitest-'));
  const file = join(folder, 'results.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const code = await run('vitest', ['run', '--project', project, ...reporters]);
    const results = JSON.parse(await readFile(file, 'utf8')) as VitestResults;
    const counts: Counts = {
      passed: results.numPassedTests,
      failed: results.numFailedTests,
      skipped: results.numPendingTests + results.numTodoTests,
      failures: results.testResults.flatMap(failuresOf),
    };
    // A file that does not even load, or an error outside of any test, fails without a failed test.
    if (counts.failed === 0 && code !== 0) {
      counts.failed = 1;
      if (counts.failures.length === 0)
        counts.failures.push({ title: `tests of ${project}`, error: `ended with code ${code}` });
    }
    return counts;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface VitestResults {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: VitestFile[];
}

interface VitestFile {
  name: string;
  status: string;
  /** Why the file did not load, else empty. */
  message: string;
  assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
}

function failuresOf({ name, status, message, assertionResults }: VitestFile) {
  const file = relative(projectRoot, name);
  if (status === 'failed' && message !== '') return [{ title: file, error: message }];
  return assertionResults
    .filter((test) => test.status === 'failed')
    .map((test) => ({
      title: `${file} › ${test.fullName}`,
      error: test.failureMessages.join('\n'),
    }));
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
      const { message } = error as Error;
      console.error(message);
      return process.env.CI ? failure('installation', message) : { ...none(), skipped: 1 };
    }
    return tests();
  };
}
