import { strict as assert } from 'node:assert';
import { dirname, join } from 'node:path';

/** Promises of the extension that were rejected with nobody to hear it, in whichever test. */
const unheard = new Set<unknown>();
const dist = dirname(dirname(__dirname));

function collect(reason: unknown): void {
  const { stack } = reason instanceof Error ? reason : { stack: '' };
  if (['extension.js', 'core.js'].some((file) => stack?.includes(join(dist, file))))
    unheard.add(reason);
}

process.on('unhandledRejection', collect);

after(() => {
  process.off('unhandledRejection', collect);
  assert.deepEqual([...unheard], []);
});
