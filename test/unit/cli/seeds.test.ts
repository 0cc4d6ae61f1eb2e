import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FinishedEvent } from '../../../core/events/run-event.ts';
import { trainscope } from './cli.ts';

const CONFIG = `data: { source: spiral, examples: 200 }
model: { layers: [dense: 12, relu, dense: 3] }
training: { epochs: 3, batchSize: 32, seed: 7 }
`;

async function train(...args: string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'trainscope seeds-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'a.train.yaml'), CONFIG);
  const result = await trainscope(folder, 'train', 'a.train.yaml', ...args);
  return { folder, result };
}

describe('trainscope train --seeds', { timeout: 120_000 }, () => {
  it('trains each seed and tells mean and deviation', async () => {
    const { folder, result } = await train('--seeds', '3', '--json');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const lines = result.lines();
    const runs = lines.slice(0, -1) as unknown as (FinishedEvent & { seed: number })[];
    expect(runs.map(({ seed }) => seed).sort()).toEqual([7, 8, 9]);
    const summary = lines.at(-1) as {
      type: string;
      validation: { accuracy: { mean: number; deviation: number; seeds: number } };
    };
    expect(summary.type).toBe('seeds');
    const scores = runs.map(({ validation }) => validation!.accuracy!);
    const mean = scores.reduce((sum, score) => sum + score, 0) / 3;
    const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
    expect(summary.validation.accuracy.seeds).toBe(3);
    expect(summary.validation.accuracy.mean).toBeCloseTo(mean, 12);
    expect(summary.validation.accuracy.deviation).toBeCloseTo(Math.sqrt(squares / 2), 12);
    expect(await readdir(join(folder, '.trainscope', 'runs'))).toHaveLength(3);
    // The config's own seed does what it does alone.
    const alone = (await train('--json')).result.lines().at(-1) as unknown as FinishedEvent;
    expect(runs.find(({ seed }) => seed === 7)!.validation).toEqual(alone.validation);
  });

  it('tells people', async () => {
    const { result } = await train('--seeds', '2');
    expect(result.stdout).toMatch(/seed 7 · 3 epochs · loss [\d.]+ · accuracy [\d.]+ %/);
    expect(result.stdout).toMatch(
      /validation accuracy [\d.]+ % ± [\d.]+ % · loss [\d.]+ ± [\d.]+ \(mean ± deviation over 2 seeds\)/,
    );
  });

  it.each<[args: string[], message: string]>([
    [['--seeds', 'five'], '--seeds five: expected a whole number from 1 to 100.'],
    [['--seeds', '0'], '--seeds 0: expected'],
    [['--seeds', '2', '--resume', 'x'], '--seeds cannot be combined with --resume'],
    [['--seeds', '2', '--set', 'data.source=none.csv'], 'none.csv'],
  ])('refuses %s', async (args, message) => {
    const { result } = await train(...args);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(message);
  });
});
