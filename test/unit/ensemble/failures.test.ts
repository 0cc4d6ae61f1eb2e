import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readResult } from '../../../core/ensemble/result.ts';
import { MemoryBudget } from '../../../core/session/memory-budget.ts';
import { workerFile } from '../session/runs.ts';
import { ARMS, ensembleOf, ofType } from './ensembles.ts';

const THREE = `${ARMS}ensemble: { size: 3 }\n`;

/** A thread that breaks as soon as it is to train with one of these seeds. */
async function brokenFor(...seeds: number[]): Promise<string> {
  const file = join(dirname(workerFile), `broken-${seeds.join('-')}.cjs`);
  await writeFile(
    file,
    `const { parentPort } = require('node:worker_threads');
const broken = ${JSON.stringify(seeds)}.map((seed) => 'seed: ' + seed);
parentPort.on('message', ({ type, request }) => {
  if (type === 'start' && broken.some((seed) => request.configText.includes(seed + ',')))
    throw new Error('The wires are cut.');
});
require(${JSON.stringify(workerFile)});
`,
  );
  return file;
}

describe('a member that fails', () => {
  it('takes no other with it: the ensemble is that of those that remain', async () => {
    const made = await ensembleOf(THREE, { worker: await brokenFor(5) });
    const members = ofType(made, 'member').sort((a, b) => a.number - b.number);
    expect(members.map(({ number, seed, reason }) => [number, seed, reason])).toEqual([
      [1, 4, 'completed'],
      [2, 5, 'failed'],
      [3, 6, 'completed'],
    ]);
    expect(members[1]).toMatchObject({
      message: 'This run broke down: The wires are cut.',
      run: null,
      validation: null,
    });
    const [, average] = ofType(made, 'ensemble');
    expect(average).toMatchObject({ method: 'inits', members: 2, epochs: 12 });
    expect(average!.alone).toEqual([members[0]!.validation, members[2]!.validation].map(alike));
    expect(ofType(made, 'disagreement')).toMatchObject([{ members: 2, numbers: [1, 3] }]);
    expect(ofType(made, 'ensembles')).toMatchObject([{ failed: [2] }]);
    const kept = await readResult(made.folder);
    expect(kept.filter(({ type }) => type === 'member')).toEqual(members);
    expect(kept.at(-1)).toEqual(made.events.at(-1));
  });

  it('is one too many where only one remains', async () => {
    await expect(ensembleOf(THREE, { worker: await brokenFor(4, 6) })).rejects.toThrow(
      'Of the members of inits, only one has been trained to its end. This run broke down: The wires are cut.',
    );
  });

  it('is told as it is where all are refused alike', async () => {
    await expect(ensembleOf(THREE, { budget: new MemoryBudget(1000) })).rejects.toMatchObject({
      message: expect.stringMatching(/^This run needs about .* of memory; the limit is/),
      place: { path: ['model', 'layers'], line: 3 },
    });
  });

  it('is none that is only in the way of others: it waits for them', async () => {
    const reserved: number[] = [];
    class Scales extends MemoryBudget {
      override reserve(bytes: number) {
        reserved.push(bytes);
        return super.reserve(bytes);
      }
    }
    const free = await ensembleOf(THREE, { budget: new Scales(2 ** 32) });
    const [one, , , ...measuring] = reserved;
    const need = Math.max(
      one!,
      measuring.reduce((a, b) => a + b, 0),
    );
    expect(2 * one!).toBeGreaterThan(need);
    const tight = await ensembleOf(THREE, { budget: new MemoryBudget(need), workers: 3 });
    expect(ofType(tight, 'ensembles')).toMatchObject([{ failed: [] }]);
    expect(ofType(tight, 'ensemble')).toEqual(ofType(free, 'ensemble'));
  });
});

/** What a run measured in its batches, and the comparison in its own. */
function alike(metrics: { loss: number; accuracy: number | null } | null) {
  return { ...metrics, loss: expect.closeTo(metrics!.loss, 6) };
}
