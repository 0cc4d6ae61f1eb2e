import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { prepare } from '../../../core/session/prepare.ts';
import { Trainer } from '../../../core/training/trainer.ts';
import { allSubjects, type Recipe } from './generator/cases.ts';
import { diagnose, isSerious, judgeAll } from './judging/judge-all.ts';
import { readManifest } from './manifest.ts';
import { train } from './run.ts';

// A few seconds of the benchmark: what `npm run bench:faults` measures in full.
const FAULTY = [
  'circles/rate low/severe',
  'circles/symmetric init/severe',
  'circles/linear stack/mild',
  'digits/rate high/severe',
  'digits/nan input/mild',
  'digits/dead relu/severe',
  'regression/large init/severe',
  'blobs/sigmoid depth/severe',
  'blobs/exponential/severe',
  'spiral/dead relu/mild',
];
const HEALTHY = [
  'circles/healthy/as it is',
  'circles/healthy/sparse relu',
  'digits/healthy/validation above training',
  'digits/healthy/class prior',
  'regression/healthy/warm-up',
  'regression/healthy/cosine restarts',
  'blobs/healthy/tanh',
  'spiral/healthy/one cycle',
];

const subjects = new Map(allSubjects().map((subject) => [subject.id, subject]));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trainscope sample-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('labels of the sample are those that were measured', () => {
  const labels = readManifest().subjects;
  for (const id of FAULTY) expect(labels[id]?.label, id).toBe('faulty');
  for (const id of HEALTHY) expect(labels[id]?.label, id).toBe('healthy');
});

test('most faults are found and named, and healthy runs hear hardly a word', {
  timeout: 120_000,
}, async () => {
  const missed: string[] = [];
  const misnamed: string[] = [];
  const alarmed: string[] = [];
  for (const id of [...FAULTY, ...HEALTHY]) {
    const { recipe, causes } = subjects.get(id)!;
    const judged = judgeAll(await train(recipe({ seed: 11 }), join(folder, 'run')));
    const serious = judged.findings.filter(isSerious);
    if (HEALTHY.includes(id)) {
      if (serious.length > 0) alarmed.push(`${id}: ${serious[0]!.message}`);
    } else if (serious.length === 0) missed.push(id);
    else if (!causes.includes(serious[0]!.rule)) misnamed.push(`${id}: ${serious[0]!.rule}`);
  }
  expect(missed.length, missed.join('\n')).toBeLessThanOrEqual(1);
  expect(misnamed.length, misnamed.join('\n')).toBeLessThanOrEqual(2);
  expect(alarmed.length, alarmed.join('\n')).toBeLessThanOrEqual(1);
});

describe('judging', () => {
  const recipe = subjects.get('digits/rate low/severe')!.recipe({ seed: 11 });

  it('leaves every bit of the training as it is', async () => {
    const { events } = await train(recipe, join(folder, 'judged'));
    const losses = events.flatMap((event) => (event.type === 'steps' ? [...event.loss] : []));
    expect(losses.length).toBeGreaterThan(100);
    expect(await bareLosses(recipe, losses.length)).toEqual(losses);
  });

  it('says the same afterwards as during the run', async () => {
    const { events, finished } = await train(recipe, join(folder, 'again'));
    const { findings } = diagnose(events);
    expect(findings).toEqual(finished.findings);
    expect(findings.length).toBeGreaterThan(0);
  });
});

/** The cost of each step, without events, measurements and rules. */
async function bareLosses({ config, files }: Recipe, steps: number): Promise<number[]> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const configFile = join(folder, 'bare.train.json');
  const bare = { configFile, configText: config, readableRoots: null };
  const { config: parsed, dataset, plan } = await prepare(bare);
  const trainer = new Trainer(parsed, dataset, plan, () => false);
  try {
    return Array.from({ length: steps }, () => {
      trainer.trainStep();
      return trainer.last.loss;
    });
  } finally {
    await trainer.dispose();
  }
}
