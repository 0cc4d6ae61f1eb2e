import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';
import { report } from '../results.ts';

/** VS Code calls this inside its extension host; the suites lie bundled beside this file. */
export function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 120_000, reporter: Mocha.reporters.Base });
  const folder = join(__dirname, 'suite');
  for (const file of readdirSync(folder).sort())
    if (file.endsWith('.test.js')) mocha.addFile(join(folder, file));
  return new Promise((resolve, reject) => {
    const runner = mocha.run((failures) =>
      failures > 0 ? reject(new Error(`${failures} host tests failed`)) : resolve(),
    );
    stream(runner);
  });
}

function stream(runner: Mocha.Runner): void {
  const title = (test: Mocha.Runnable) => test.titlePath().join(' › ');
  runner.on('pass', (test) => {
    report({ outcome: 'passed', title: title(test), milliseconds: test.duration ?? 0 });
  });
  runner.on('fail', (test, error: Error) => {
    report({ outcome: 'failed', title: title(test), error: error.stack ?? String(error) });
  });
  runner.on('pending', (test) => report({ outcome: 'skipped', title: title(test) }));
  runner.on('end', () => report({ outcome: 'end' }));
}
