import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type {
  EnsembleResult,
  EnsembleRow,
  MemberTrained,
} from '../../../core/ensemble/protocol.ts';
import { hasLiveOwner } from '../../../core/runs/owner.ts';
import { openExplorer } from '../../../core/session/explore.ts';
import { ARMS, ensembleOf, ofType } from './ensembles.ts';

const ASKED = `${ARMS}ensemble: { size: 3, distill: { temperature: 2 } }\n`;
const compared = await ensembleOf(ASKED, { compare: true });
const rows = ofType(compared, 'ensemble');
const rowOf = (method: string, combine: string | null, all: EnsembleRow[] = rows) =>
  all.find((row) => row.method === method && row.combine === combine)!;
const members = ofType(compared, 'member');

describe('a comparison', () => {
  it('has a line for each method and combination that the config can have', () => {
    expect(
      rows.map(({ method, combine, members, epochs }) => [method, combine, members, epochs]),
    ).toEqual([
      ['single', null, 1, 6],
      ['inits', 'average', 3, 18],
      ['inits', 'vote', 3, 18],
      ['bootstrap', 'average', 3, 18],
      ['bootstrap', 'vote', 3, 18],
      ['snapshots', 'average', 3, 6],
      ['snapshots', 'vote', 3, 6],
      ['snapshots', 'parameters', 3, 6],
      ['checkpoints', 'average', 3, 6],
      ['checkpoints', 'vote', 3, 6],
      ['checkpoints', 'parameters', 3, 6],
      ['ema', 'parameters', 1, 6],
      ['monteCarloDropout', 'average', 3, 6],
      ['monteCarloDropout', 'vote', 3, 6],
      ['distilled', null, 1, 24],
    ]);
    for (const { validation, combine } of rows) {
      expect(validation.accuracy).toBeGreaterThan(0.4);
      expect(validation.loss === null).toBe(combine === 'vote');
    }
    expect(ofType(compared, 'leftOut').map(({ method }) => method)).toEqual(['topTrials']);
  });

  it('measures members as their runs did: on the same split, by the same loss', () => {
    const own = members.filter(({ number }) => number <= 3).map(({ validation }) => validation!);
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const { single } = rowOf('inits', 'average');
    expect(single.loss!.mean).toBeCloseTo(mean(own.map(({ loss }) => loss)), 6);
    expect(single.accuracy!.mean).toBeCloseTo(mean(own.map(({ accuracy }) => accuracy!)), 12);
    expect(rowOf('single', null).validation.loss).toBe(single.loss!.mean);
  });

  it('takes the running average as its run did, and the last parameters beside', () => {
    const { validation, single } = rowOf('ema', 'parameters');
    const [first] = members.filter(({ seed, bootstrap }) => seed === 4 && !bootstrap);
    expect(validation.loss).toBeCloseTo(first!.validation!.loss, 6);
    expect(single.loss!.mean).not.toBeCloseTo(validation.loss!, 4);
  });

  it('checkpoints at the minima of the rate are snapshots', () => {
    // Here one and the same: every 2 epochs, of periods of 2.
    for (const combine of ['average', 'vote', 'parameters'])
      expect(rowOf('checkpoints', combine).validation).toEqual(
        rowOf('snapshots', combine).validation,
      );
  });

  it('Monte Carlo dropout draws masks, and the network alone draws none', () => {
    const { single, validation } = rowOf('monteCarloDropout', 'average');
    const [first] = members.filter(({ seed, bootstrap }) => seed === 4 && !bootstrap);
    expect(single.loss).toEqual({ mean: expect.closeTo(first!.validation!.loss, 6), sd: null });
    expect(validation.loss).not.toBeCloseTo(single.loss!.mean, 4);
  });

  it('tells where members differ, the most disputed first', () => {
    const [told] = ofType(compared, 'disagreement');
    expect(told).toMatchObject({ method: 'inits', members: 3 });
    expect(told!.disputed).toBeGreaterThan(0);
    expect(told!.examples).toHaveLength(Math.min(10, told!.disputed!));
    const votes = told!.examples.map((example) => example.votes!.map(({ count }) => count));
    for (const counts of votes) {
      expect(counts.length).toBeGreaterThan(1);
      expect(counts.reduce((a, b) => a + b, 0)).toBe(3);
    }
    for (const { choices, votes: counted } of told!.examples) {
      expect(choices).toHaveLength(3);
      for (const { class: name, count } of counted!)
        expect(choices!.filter((choice) => choice === name)).toHaveLength(count);
    }
    const [inputs] = ofType(compared, 'inputs');
    expect(inputs).toMatchObject({ shape: [2] });
    expect(Buffer.from(inputs!.values, 'base64')).toHaveLength(4 * 2 * told!.examples.length);
    const most = votes.map((counts) => counts[0]!);
    expect(most).toEqual(most.toSorted((a, b) => a - b));
  });

  it('keeps all of it: members are runs, and the result is whole', async () => {
    expect((await readdir(compared.folder)).sort()).toEqual([
      'config.yaml',
      'ensemble.json',
      'members',
      'soft-targets.safetensors',
    ]);
    expect(await readFile(join(compared.folder, 'config.yaml'), 'utf8')).toBe(ASKED);
    const runs = await readdir(join(compared.folder, 'members'));
    expect(runs).toHaveLength(7);
    for (const name of runs)
      expect(hasLiveOwner(join(compared.folder, 'members', name))).toBe(false);
    const kept = JSON.parse(compared.result) as EnsembleResult;
    expect(kept.rows).toEqual(JSON.parse(JSON.stringify(rows)));
    expect(kept.members.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    for (const { run } of kept.members) expect(runs).toContain(run!.replace(/^members\//, ''));
    expect(kept.candidates.map(({ method }) => method)).toContain('monteCarloDropout');
    const text = await readFile(join(members.at(-1)!.run!, 'config.yaml'), 'utf8');
    expect(text).toMatch(/distill:\s+teacher: \S*soft-targets\.safetensors\s+temperature: 2/);
    expect(text).not.toContain('ensemble:');
    expect(members.map(({ distilled = false }) => distilled)).toEqual(
      members.map((_, i) => i === members.length - 1),
    );
  });

  it('a member and the distilled network can be looked at like any run', async () => {
    for (const member of [members[0]!, members.at(-1)!]) {
      const host = { reserve: async () => null, poll: () => {} };
      const request = { run: member.run!, checkpoint: 'latest' as const, readableRoots: null };
      const { explorer } = await openExplorer(request, host);
      const said = explorer.answer({ type: 'predictions', part: 'validation' });
      expect(said).toMatchObject({ accuracy: member.validation!.accuracy });
    }
  });

  it('the best is the one of the highest accuracy', () => {
    const accuracies = rows.map(({ validation }) => validation.accuracy!);
    const [finished] = ofType(compared, 'ensembles');
    expect(finished!.best.validation.accuracy).toBe(Math.max(...accuracies));
  });
});

it('gives the same bits, however many are trained at a time and whatever else is', async () => {
  const alone = await ensembleOf(`${ARMS}ensemble: { size: 3 }\n`, { workers: 1 });
  const [single, row] = ofType(alone, 'ensemble');
  expect(single).toEqual(rowOf('single', null));
  expect(row).toEqual(rowOf('inits', 'average'));
  expect(ofType(alone, 'disagreement')).toEqual(ofType(compared, 'disagreement'));
  const told = ({ seed, validation }: MemberTrained) => ({ seed, validation });
  const plain = members.filter(({ number }) => number <= 3).sort((a, b) => a.number - b.number);
  expect(ofType(alone, 'member').map(told)).toEqual(plain.map(told));
});

it('of numbers is the mean of what the members say', async () => {
  const made = await ensembleOf(
    `data: { source: '${await valuesFile()}', label: y, task: regression, targets: standardize }
model: { layers: [dense: 8, tanh, dense: 1] }
optimizer: { type: adam, learningRate: 0.02 }
training: { epochs: 3 }
ensemble: { method: bootstrap, size: 3 }
`,
  );
  const { validation, single, epochs } = rowOf('bootstrap', 'average', ofType(made, 'ensemble'));
  expect(epochs).toBe(9);
  expect(validation).toMatchObject({ accuracy: null });
  // (ȳ − t)² ≤ mean (y − t)²: the mean is never worse than its members are in the mean.
  expect(validation.loss!).toBeLessThan(single.loss!.mean);
  expect(validation.rmse!).toBeLessThan(single.rmse!.mean);
  expect(validation.r2!).toBeGreaterThan(single.r2!.mean);
  const [told] = ofType(made, 'disagreement');
  expect(told).toMatchObject({ disputed: null, members: 3 });
  const deviations = told!.examples.map(({ sd }) => sd![0]!);
  expect(deviations).toEqual(deviations.toSorted((a, b) => b - a));
  expect(deviations[0]).toBeGreaterThan(0);
  for (const { said, answer, sd, label } of told!.examples) {
    const [one, two, three] = said!.map(([value]) => value!);
    const mean = (one! + two! + three!) / 3;
    expect(answer).toEqual([expect.closeTo(mean, 6)]);
    const squares = (one! - mean) ** 2 + (two! - mean) ** 2 + (three! - mean) ** 2;
    expect(sd).toEqual([expect.closeTo(Math.sqrt(squares / 2), 6)]);
    // In the unit of the data, as the target is.
    expect(Math.abs((label as number[])[0]!)).toBeLessThanOrEqual(30);
  }
});

async function valuesFile(): Promise<string> {
  const file = join(compared.folder, 'values.csv');
  const rows = Array.from({ length: 200 }, (_, i) => `${i / 100},${Math.sin(i / 20) * 30}`);
  await writeFile(file, ['x,y', ...rows].join('\n'));
  return file;
}

describe('what cannot be', () => {
  it('members that diverge are told, and nothing is claimed of them', async () => {
    const wild = ARMS.replace('learningRate: 0.2', 'learningRate: 1e12').replace('batchNorm, ', '');
    await expect(ensembleOf(`${wild}ensemble: { size: 2 }\n`)).rejects.toThrow(
      /Of the members of inits, none has been trained to its end\. The cost became/,
    );
  });

  it('data that are not there leave no folder', async () => {
    const made = ensembleOf(
      ARMS.replace('source: spiral, examples: 400, noise: 0.1', 'source: no.csv, label: y'),
    );
    await expect(made).rejects.toThrow(/There is no file "no\.csv"/);
  });

  it('an interruption ends all runs and writes no result', async () => {
    const stop = new AbortController();
    const long = ARMS.replace('epochs: 6', 'epochs: 100000');
    const made = ensembleOf(long, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 1500);
    await expect(made).rejects.toThrow('enough');
  });

  it('topTrials without a sweep', async () => {
    await expect(ensembleOf(`${ARMS}ensemble: { method: topTrials }\n`)).rejects.toMatchObject({
      message: expect.stringContaining('Run `trainscope sweep` first'),
      place: { path: ['ensemble', 'method'], line: 7 },
    });
  });
});
