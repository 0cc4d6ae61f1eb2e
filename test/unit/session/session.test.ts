import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../core/events/run-event.ts';
import { UserError } from '../../../core/events/user-error.ts';
import { readRunLog } from '../../../core/runs/log-reader.ts';
import type { RunCommand, RunRequest } from '../../../core/session/protocol.ts';
import { runSession } from '../../../core/session/session.ts';
import { lossBits, requestOf, SPIRAL } from './runs.ts';

/** A session in this very thread, with what it sent. */
async function session(request: RunRequest, commands: RunCommand[] = []) {
  const events: RunEvent[] = [];
  const answers: (string | null)[] = [];
  const reserved: number[] = [];
  const finished = await runSession(request, {
    control: {
      take() {
        const command = commands.shift();
        return command ? { command, answer: (error) => answers.push(error) } : null;
      },
      wait: () => {},
    },
    threads: null,
    reserve: async (bytes) => {
      reserved.push(bytes);
      return null;
    },
    opened: () => {},
    send: (batch) => events.push(...batch),
  });
  return { finished, events, answers, reserved };
}

const ofType = <T extends RunEvent['type']>(events: RunEvent[], type: T) =>
  events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);

describe('a session', () => {
  it('tells a whole run, in order', async () => {
    const { finished, events, reserved } = await session(await requestOf(SPIRAL));
    expect(events[0]).toMatchObject({
      type: 'started',
      name: 'spiral',
      config: 'spiral.train.yaml',
      task: 'classification',
      seed: 3,
      epochs: 5,
      stepsPerEpoch: 8,
      batchSize: 32,
      threads: 1,
    });
    expect(events[1]).toMatchObject({
      type: 'data',
      trainExamples: 240,
      validationExamples: 60,
    });
    const started = ofType(events, 'started')[0]!;
    expect(reserved).toEqual([started.plan.arenaBytes]);

    let step = 0;
    for (const event of ofType(events, 'steps')) {
      expect(event.firstStep).toBe(step + 1);
      expect(event.endTime).toBeGreaterThanOrEqual(event.startTime);
      expect(event.dataLoss, 'nothing is regularized').toBeNull();
      expect(event.learningRate.every((rate) => rate === 0.01)).toBe(true);
      step += event.loss.length;
    }
    expect(step).toBe(40);

    const epochs = ofType(events, 'epoch');
    expect(epochs.map((event) => [event.epoch, event.step])).toEqual([
      [1, 8],
      [2, 16],
      [3, 24],
      [4, 32],
      [5, 40],
    ]);
    const losses = ofType(events, 'steps').flatMap((event) => [...event.loss]);
    // Of 240 examples the last batch has 16: each example counts alike.
    const examples = [32, 32, 32, 32, 32, 32, 32, 16];
    const sum = examples.reduce((total, count, i) => total + count * losses[32 + i]!, 0);
    expect(epochs[4]!.train.loss).toBeCloseTo(sum / 240, 12);

    const last = epochs[4]!;
    const best = epochs.reduce((a, b) =>
      b.validation!.accuracy! > a.validation!.accuracy! ||
      (b.validation!.accuracy === a.validation!.accuracy && b.validation!.loss < a.validation!.loss)
        ? b
        : a,
    );
    expect(finished).toMatchObject({
      reason: 'completed',
      epochs: 5,
      step: 40,
      train: last.train,
      validation: last.validation,
      best: { epoch: best.epoch, validation: best.validation },
      findings: expect.arrayContaining([expect.objectContaining({ rule: 'slow-convergence' })]),
    });
    expect(events.at(-1)).toEqual(finished);
  });

  it('keeps on disk what it told', async () => {
    const request = await requestOf(SPIRAL);
    const { finished, events } = await session(request);
    const read: RunEvent[] = [];
    await readRunLog(join(finished.run, 'events.log'), (batch) => read.push(...batch));
    expect(read).toEqual(events);
    expect(dirname(finished.run)).toBe(request.runsFolder);
    expect(await readFile(join(finished.run, 'config.yaml'), 'utf8')).toBe(SPIRAL);
  });

  it('tells the cost and the data loss apart where there is regularization', async () => {
    const text = `${SPIRAL}regularization: { l2: 0.1 }\n`;
    const { events } = await session(await requestOf(text));
    for (const { loss, dataLoss } of ofType(events, 'steps')) {
      expect(dataLoss).toHaveLength(loss.length);
      for (const [i, cost] of loss.entries()) expect(cost).toBeGreaterThan(dataLoss![i]!);
    }
  });

  it('measures ratios at steps that depend on nothing but their number', async () => {
    const text = SPIRAL.replace('epochs: 5', 'epochs: 4').replace('batchSize: 32', 'batchSize: 1');
    const { events } = await session(await requestOf(text));
    const measured = ofType(events, 'ratios').flatMap(({ steps }) => [...steps]);
    // 240 steps an epoch: each of the first 100, then every 5th.
    const expected = Array.from({ length: 960 }, (_, i) => i + 1).filter(
      (step) => step <= 100 || step % 5 === 0,
    );
    expect(measured).toEqual(expected);
    for (const { steps, ratios } of ofType(events, 'ratios')) {
      expect(ratios).toHaveLength(steps.length * 4);
      expect(ratios.every((ratio) => ratio > 0)).toBe(true);
    }
  });

  it('ends with its last loss when the cost is no number any more', async () => {
    const text = SPIRAL.replace('tanh', 'relu').replace(
      'adam, learningRate: 0.01',
      'sgd, learningRate: 1e8',
    );
    const { finished, events } = await session(await requestOf(text));
    expect(finished.reason).toBe('diverged');
    expect(finished.message).toMatch(/at step \d+ with learning rate 100000000/);
    const losses = ofType(events, 'steps').flatMap((event) => [...event.loss]);
    expect(losses).toHaveLength(finished.step);
    expect(losses.at(-1)).not.toSatisfy(Number.isFinite);
    expect(losses.slice(0, -1).every(Number.isFinite)).toBe(true);
  });

  it('carries out what was commanded before it began', async () => {
    const { finished, events, answers } = await session(await requestOf(SPIRAL), [
      { type: 'learningRate', value: 0.5 },
      { type: 'learningRate', value: Number.NaN },
      { type: 'pause' },
      { type: 'resume' },
    ]);
    expect(answers).toEqual([null, expect.stringContaining('found NaN'), null, null]);
    expect(ofType(events, 'control')).toMatchObject([
      { action: 'learningRate', value: 0.5, step: 0 },
      { action: 'pause', step: 0 },
      { action: 'resume', step: 0 },
    ]);
    expect(ofType(events, 'steps')[0]!.learningRate[0]).toBe(0.5);
    expect(finished.reason).toBe('completed');
  });

  it('writes nothing when it is stopped before it began', async () => {
    const request = await requestOf(SPIRAL);
    const { finished, events } = await session(request, [{ type: 'stop' }]);
    expect(finished).toMatchObject({ reason: 'stopped', run: '', epochs: 0, train: null });
    expect(events).toEqual([finished]);
    expect(existsSync(request.runsFolder)).toBe(false);
  });

  it('computes the same bits each time, and others with another seed', async () => {
    const [first, second, other] = await Promise.all([
      session(await requestOf(SPIRAL)),
      session(await requestOf(SPIRAL)),
      session(await requestOf(SPIRAL.replace('seed: 3', 'seed: 4'))),
    ]);
    expect(lossBits(first.events)).toEqual(lossBits(second.events));
    expect(lossBits(first.events)).not.toEqual(lossBits(other.events));
  });
});

describe('bad input', () => {
  it.each([
    ['a wrong value', SPIRAL.replace('0.01', '-1'), ['optimizer', 'learningRate'], 4],
    [
      'no data',
      SPIRAL.replace('source: spiral, examples: 300', 'source: no.csv'),
      ['data', 'source'],
      1,
    ],
    ['a wrong shape', SPIRAL.replace('dense: 3', 'dense: 4'), ['model', 'layers', 2], 3],
    ['an absurd size', SPIRAL.replace('dense: 20', 'dense: 900000000'), ['model', 'layers', 2], 3],
  ])('%s is told at its place, and nothing is written', async (_, text, path, line) => {
    const request = await requestOf(text);
    const error = await session(request).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).place).toMatchObject({ file: request.configFile, path, line });
    expect(await readdir(dirname(request.configFile))).toEqual(['spiral.train.yaml']);
  });

  it('is a folder that cannot be made', async () => {
    const request = await requestOf(SPIRAL);
    await writeFile(join(dirname(request.configFile), '.trainscope'), 'a file in the way');
    await expect(session(request)).rejects.toThrow(/cannot be saved in .*a file stands/);
  });
});
