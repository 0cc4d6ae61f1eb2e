import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FinishedEvent, RunEvent } from '../../../core/events/run-event.ts';
import { UserError } from '../../../core/events/user-error.ts';
import { launchRun } from '../../../core/session/launch.ts';
import { MemoryBudget } from '../../../core/session/memory-budget.ts';
import { RunThreads } from '../../../core/session/run-threads.ts';
import { LONG_STEPS, launch, lossBits, requestOf, SPIRAL, until, workerFile } from './runs.ts';

const LONG = SPIRAL.replace('epochs: 5', 'epochs: 100000');

const steps = (events: RunEvent[]) => lossBits(events).length;

describe('a run in a worker', () => {
  it('may be followed by others in the same thread, which do the same as in one of their own', async () => {
    const alone = launch(await requestOf(SPIRAL));
    const expected = await alone.run.done;
    const pool = new RunThreads();
    onTestFinished(() => pool.dispose());
    const texts = [SPIRAL, SPIRAL.replace('0.01', 'fast'), SPIRAL];
    const bits: BigUint64Array[] = [];
    for (const text of texts) {
      const { run, events } = launch(await requestOf(text), { pool });
      const outcome = await run.done.catch((error: unknown) => error);
      if (outcome instanceof UserError) expect(outcome.message).toContain('learningRate must be');
      else {
        const { validation } = outcome as FinishedEvent;
        expect(validation).toEqual(expected.validation);
        bits.push(lossBits(events));
      }
    }
    expect(bits).toEqual([lossBits(alone.events), lossBits(alone.events)]);
  });

  it('trains to its end', async () => {
    const { run, events } = launch(await requestOf(SPIRAL));
    const finished = await run.done;
    expect(finished).toMatchObject({ reason: 'completed', epochs: 5, step: 40 });
    expect(await run.folder).toBe(finished.run);
    expect(events[0]!.type).toBe('started');
    expect(events.at(-1)).toEqual(finished);
  });

  it('computes the same bits whether or not it is paused, watched or sped', async () => {
    const text = SPIRAL.replace('epochs: 5', 'epochs: 300');
    const plain = launch(await requestOf(text));
    await plain.run.done;
    const held = launch(await requestOf(text));
    for (let k = 1; k <= 5; k++) {
      await until(() => steps(held.events) >= 100 * k, `step ${100 * k}`);
      await held.run.pause();
      await sleep(5);
      await held.run.resume();
    }
    await held.run.done;
    const actions = held.events.flatMap((event) =>
      event.type === 'control' ? [event.action] : [],
    );
    expect(actions).toEqual(Array.from({ length: 5 }, () => ['pause', 'resume']).flat());
    expect(steps(plain.events)).toBe(2400);
    expect(lossBits(held.events)).toEqual(lossBits(plain.events));
  });

  it('stands still while paused, and has told all that happened before', async () => {
    const { run, events } = launch(await requestOf(LONG));
    await until(() => steps(events) > 0, 'the first steps');
    await run.pause();
    const last = events.at(-1);
    expect(last).toMatchObject({ type: 'control', action: 'pause', step: steps(events) });
    await run.pause();
    await sleep(300);
    expect(events.at(-1)).toBe(last);
    await run.resume();
    const before = steps(events);
    await until(() => steps(events) > before, 'more steps');
    await run.stop();
    const finished = await run.done;
    expect(finished).toMatchObject({ reason: 'stopped', step: steps(events) });
    expect(finished.train).not.toBeNull();
  });

  it('takes a new learning rate from the next step on', async () => {
    const { run, events } = launch(await requestOf(LONG));
    await until(() => steps(events) > 0, 'the first steps');
    await run.setLearningRate(0.25);
    await expect(run.setLearningRate(0)).rejects.toThrow('above 0');
    const { step } = events.find((event) => event.type === 'control')!;
    await until(() => steps(events) > step + 10, 'later steps');
    await run.stop();
    await run.done;
    const rates = events.flatMap((event) =>
      event.type === 'steps' ? [...event.learningRate] : [],
    );
    expect(rates[step - 1]).toBe(0.01);
    // The step under way may still have the old one.
    expect(rates[step + 1]).toBe(0.25);
    expect(new Set(rates)).toEqual(new Set([0.01, 0.25]));
  });

  it('answers within 50 ms even in the middle of a long step', async () => {
    const { run, events } = launch(await requestOf(LONG_STEPS));
    await run.folder;
    const took: number[] = [];
    const timed = async (command: () => Promise<void>) => {
      await sleep(70);
      const began = performance.now();
      await command();
      took.push(performance.now() - began);
    };
    for (let k = 0; k < 3; k++) {
      await timed(run.pause);
      await timed(run.resume);
    }
    await timed(run.stop);
    const finished = await run.done;
    expect(finished.reason).toBe('stopped');
    expect(steps(events)).toBe(finished.step);
    // A step takes longer than all of this together; other tests may hold up a command or two.
    took.sort((a, b) => a - b);
    expect(took[3]).toBeLessThan(50);
  });

  it('stops at once while paused', async () => {
    const { run } = launch(await requestOf(LONG));
    await run.pause();
    await run.stop();
    expect((await run.done).reason).toBe('stopped');
  });

  it('refuses bad input with its place', async () => {
    const request = await requestOf(SPIRAL.replace('tanh', 'tanhh'));
    const { run } = launch(request);
    const error = await run.done.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).place).toMatchObject({ line: 3, path: ['model', 'layers', 1] });
    await expect(run.folder).rejects.toBe(error);
    await expect(run.pause()).rejects.toThrow('over');
  });

  it('rejects commands when it is over', async () => {
    const { run } = launch(await requestOf(SPIRAL));
    await run.done;
    for (const command of [run.pause, run.resume, run.stop])
      await expect(command()).rejects.toThrow('This run is over.');
    await expect(run.setLearningRate(1)).rejects.toThrow('This run is over.');
  });

  it('keeps events for the first listener, and none after one has left', async () => {
    const run = launchRun(await requestOf(SPIRAL), {
      workerFile,
      budget: new MemoryBudget(2 ** 32),
    });
    await run.done;
    const events: RunEvent[] = [];
    const leave = run.onEvents((batch) => events.push(...batch));
    leave();
    expect(events[0]?.type).toBe('started');
    expect(events.at(-1)?.type).toBe('finished');
    await run.dispose();
  });
});

describe('several runs', () => {
  it('train side by side, and share one budget', async () => {
    const budget = new MemoryBudget(2 ** 32);
    const runs = await Promise.all(
      [1, 2].map(async () => launch(await requestOf(LONG), { budget })),
    );
    await Promise.all(runs.map(({ run }) => run.folder));
    const [first, second] = runs as [(typeof runs)[0], (typeof runs)[0]];
    const each = budget.inUse / 2;
    expect(each).toBeGreaterThan(0);

    budget.limitBytes = 3 * each - 1;
    const third = launch(await requestOf(LONG), { budget });
    await expect(third.run.done).rejects.toThrow(/other runs use/);
    await first.run.stop();
    await first.run.done;
    expect(budget.inUse).toBe(each);

    const fourth = launch(await requestOf(SPIRAL), { budget });
    expect((await fourth.run.done).reason).toBe('completed');
    await second.run.stop();
    await second.run.done;
    expect(budget.inUse).toBe(0);
  });
});

describe('disposing of a run', () => {
  it('stops it, closes its log and ends its thread', async () => {
    const { run } = launch(await requestOf(LONG));
    await run.folder;
    await run.dispose();
    expect((await run.done).reason).toBe('stopped');
    await run.dispose();
  });

  it('ends one that has hardly been started', async () => {
    const request = await requestOf(LONG);
    const { run } = launch(request);
    await run.dispose();
    await expect(run.folder).rejects.toThrow('Stopped before');
    expect(await run.done).toMatchObject({ reason: 'stopped', run: '' });
    expect(existsSync(request.runsFolder)).toBe(false);
  });
});
