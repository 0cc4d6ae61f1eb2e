import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { StageEvent } from '../../../core/events/sweep-event.ts';
import { UserError } from '../../../core/events/user-error.ts';
import { readSweep, SWEEP_LOG_FILE, SweepLog } from '../../../core/sweep/log.ts';
import { CONFIG, PretendedTrials, requestOf, sweepOf } from './sweeps.ts';

const stagesOf = (events: readonly { type: string }[]) =>
  events.filter((event): event is StageEvent => event.type === 'stage');

/** What a sweep found, without what depends on where it lies. */
const found = ({ trials, result }: Awaited<ReturnType<typeof sweepOf>>) => ({
  trials: trials.map(({ number, stage, parameters, seed, state, epochs, validation }) => ({
    number,
    stage,
    parameters,
    seed,
    state,
    epochs,
    validation,
  })),
  best: result.best,
});

describe('a sweep', () => {
  test('goes from coarse to fine', async () => {
    const { result, events, trials } = await sweepOf(await requestOf());
    expect(trials.map(({ number }) => number)).toEqual(Array.from({ length: 18 }, (_, i) => i + 1));
    expect(trials.filter(({ stage }) => stage === 1).map(({ epochs }) => epochs)).toEqual(
      new Array(12).fill(3),
    );
    const [coarse, fine] = stagesOf(events);
    expect(coarse).toMatchObject({ trials: 12, firstTrial: 1, epochs: 3 });
    expect(fine).toMatchObject({ trials: 6, firstTrial: 13, epochs: 9 });
    const range = fine!.ranges['optimizer.learningRate'] as { low: number; high: number };
    expect(range.high / range.low).toBeLessThan(1e3);
    expect(range.low).toBeLessThan(1e-2);
    expect(range.high).toBeGreaterThan(1e-2);
    for (const { parameters } of trials.slice(12)) {
      const rate = Number(parameters['optimizer.learningRate']);
      expect(rate >= range.low && rate <= range.high).toBe(true);
    }
    expect(result).toMatchObject({ type: 'sweep', trials: 18, complete: true });
    expect(result.best!.stage).toBe(2);
  });

  test('trains the best of a stage again, longer', async () => {
    const { trials } = await sweepOf(await requestOf());
    const coarse = trials
      .slice(0, 12)
      .sort((a, b) => b.validation!.accuracy! - a.validation!.accuracy!);
    expect(trials[12]!.parameters).toEqual(coarse[0]!.parameters);
  });

  test('all trials have one seed, and no sweep in their config', async () => {
    const executor = new PretendedTrials();
    await sweepOf(await requestOf(), executor);
    for (const { configText } of executor.tasks) {
      expect(configText).toMatch(/seed: 4/);
      expect(configText).toContain('inspect: none');
      expect(configText).not.toContain('sweep');
    }
  });

  test.each([
    ['random', 'none'],
    ['sobol', 'median'],
    ['grid', 'asha'],
    ['tpe', 'asha'],
  ])('gives the same again, on any number of cores: %s, %s', async (sampler, stopping) => {
    const text = `${CONFIG}  sampler: ${sampler}\n  stopping: ${stopping}\n  seeds: 2\n`;
    const one = await sweepOf(await requestOf(text), new PretendedTrials({ parallel: 1 }));
    // The other way round.
    const delayOf = ({ number }: { number: number }) => (40 - number) % 5;
    const many = await sweepOf(
      await requestOf(text),
      new PretendedTrials({ parallel: 5, delayOf }),
    );
    expect(found(many)).toEqual(found(one));
    expect(one.result.best!.seeds).toMatchObject({ seeds: 2 });
  });

  test('asha gives up two of three at each rung', async () => {
    const { trials } = await sweepOf(await requestOf(`${CONFIG}  stopping: asha\n`));
    const epochs = trials.slice(12).map((trial) => trial.epochs);
    // Six at epoch 1; two of them at 3; one of these to the end.
    expect(epochs.sort()).toEqual([1, 1, 1, 1, 3, 9]);
    expect(trials.filter(({ state }) => state === 'stopped')[0]!.message).toContain(
      'Others did better after 1 of 3 epochs',
    );
  });

  test('the user may change the ranges of a stage, or wait before it', async () => {
    const request = await requestOf();
    const proposals: number[] = [];
    const first = await sweepOf(request, new PretendedTrials(), {
      decide: async ({ stage }) => {
        proposals.push(stage);
        return stage === 1 ? {} : null;
      },
    });
    expect(first.result).toMatchObject({ complete: false, trials: 12 });
    const narrower = { 'optimizer.learningRate': { low: 0.01, high: 0.02 } };
    const again = await sweepOf({ ...request, resume: first.result.run }, new PretendedTrials(), {
      decide: async ({ stage }) => {
        proposals.push(stage);
        return narrower;
      },
    });
    expect(proposals).toEqual([1, 2, 2]);
    expect(stagesOf(again.events)[1]!.ranges).toMatchObject(narrower);
    for (const { parameters } of again.trials.slice(13)) {
      const rate = Number(parameters['optimizer.learningRate']);
      expect(rate >= 0.01 && rate <= 0.02).toBe(true);
    }
  });

  test('a failed trial is one failed trial', async () => {
    const outcomeOf = ({ number }: { number: number }) =>
      number === 5
        ? { state: 'failed' as const, message: 'out of memory', train: null, validation: null }
        : number === 6
          ? { state: 'diverged' as const, message: 'NaN' }
          : {};
    const { trials, result } = await sweepOf(await requestOf(), new PretendedTrials({ outcomeOf }));
    expect(trials).toHaveLength(18);
    expect(trials[4]).toMatchObject({ state: 'failed', message: 'out of memory' });
    // What it was before its cost exploded says nothing.
    expect(trials[5]).toMatchObject({ state: 'stopped', validation: null });
    expect(result).toMatchObject({ complete: true, trials: 18 });
  });
});

describe('a sweep that was interrupted goes on', () => {
  test.each([1, 13, 17])('after %d trials, and repeats and loses none', async (moment) => {
    const text = `${CONFIG}  stopping: asha\n  seeds: 2\n`;
    const whole = await sweepOf(await requestOf(text));
    const request = await requestOf(text);
    const stop = new AbortController();
    const first = new PretendedTrials({ delayOf: () => 1 });
    let ended = 0;
    const { result } = await sweepOf(request, first, {
      signal: stop.signal,
      tell: (event) => {
        if (event.type === 'trial' && ++ended === moment) stop.abort();
      },
    });
    expect(result.complete).toBe(false);
    expect(first.disposed).toBe(true);
    const again = await sweepOf({ ...request, resume: result.run });
    expect(found(again)).toEqual(found(whole));
  });

  test('wherever its log was cut off', async () => {
    const whole = await sweepOf(await requestOf());
    const request = await requestOf();
    const { result } = await sweepOf(request);
    const file = join(result.run, SWEEP_LOG_FILE);
    const bytes = await readFile(file);
    const { events } = readSweep(result.run);
    expect(events.at(-1)!.type).toBe('sweep');
    for (const share of [0.3, 0.77, 0.99]) {
      await writeFile(file, bytes);
      await truncate(file, Math.floor(bytes.length * share));
      const again = await sweepOf({ ...request, resume: result.run });
      expect(found(again)).toEqual(found(whole));
    }
  });

  test('and tells its result again when it is over', async () => {
    const request = await requestOf();
    const { result } = await sweepOf(request);
    const executor = new PretendedTrials();
    const again = await sweepOf({ ...request, resume: result.run }, executor);
    expect(executor.tasks).toEqual([]);
    expect(again.result).toEqual(result);
  });
});

describe('what cannot be', () => {
  test('two owners', async () => {
    const request = await requestOf();
    const { result } = await sweepOf(request);
    const { log } = SweepLog.reopen(result.run);
    try {
      await expect(sweepOf({ ...request, resume: result.run })).rejects.toThrow(
        'is going on in another process',
      );
    } finally {
      log.close();
    }
    await expect(sweepOf({ ...request, resume: result.run })).resolves.toBeDefined();
  });

  test('a full disk: all stops, nothing is lost', async () => {
    const request = await requestOf();
    const outcomeOf = ({ number }: { number: number }) =>
      number === 9 ? new UserError('The run cannot be saved in x: the disk is full.') : {};
    const executor = new PretendedTrials({
      outcomeOf,
      delayOf: ({ number }) => (number > 9 ? 1e6 : 1),
    });
    await expect(sweepOf(request, executor)).rejects.toThrow('the disk is full');
    const [folder] = await readdir(request.sweepsFolder);
    const again = await sweepOf({ ...request, resume: join(request.sweepsFolder, folder!) });
    expect(again.result).toMatchObject({ complete: true, trials: 18 });
  });

  test.each<[name: string, text: string, message: string]>([
    [
      'no sweep',
      'data: { source: spiral }\nmodel: { layers: [dense: 3] }\n',
      'says nothing about a search',
    ],
    ['a broken config', CONFIG.replace('log: [1e-4, 1]', 'log: [1, 1e-4]'), 'is reversed'],
  ])('%s: nothing is written', async (_name, text, message) => {
    const request = await requestOf(text);
    await expect(sweepOf(request)).rejects.toThrow(message);
    await expect(readdir(request.sweepsFolder)).rejects.toThrow('ENOENT');
  });

  test('a folder that is no sweep', async () => {
    const request = await requestOf();
    await expect(sweepOf({ ...request, resume: join(request.sweepsFolder, 'x') })).rejects.toThrow(
      'x is not the folder of a sweep',
    );
  });
});
