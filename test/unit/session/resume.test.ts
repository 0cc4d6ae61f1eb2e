import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeKeys } from '../../../core/config/index.ts';
import type { FinishedEvent, RunEvent } from '../../../core/events/run-event.ts';
import { UserError } from '../../../core/events/user-error.ts';
import { listCheckpoints } from '../../../core/runs/checkpoint-folder.ts';
import { RunHistory } from '../../../core/runs/history.ts';
import { listRun } from '../../../core/runs/list.ts';
import { readRunLog } from '../../../core/runs/log-reader.ts';
import type { RunCommand, RunRequest } from '../../../core/session/protocol.ts';
import { runSession } from '../../../core/session/session.ts';
import { SafetensorsFile } from '../../../core/training/checkpoint/safetensors.ts';
import { requestOf, SPIRAL } from './runs.ts';

/** Commands by the number of the poll that brings them: a moment that is the same in every run. */
type Timetable = { [poll: number]: RunCommand };

async function session(request: RunRequest, timetable: Timetable = {}) {
  const events: RunEvent[] = [];
  let polls = 0;
  const finished = await runSession(request, {
    control: {
      take() {
        const command = timetable[++polls];
        return command ? { command, answer: () => {} } : null;
      },
      wait: () => {},
    },
    threads: null,
    reserve: async () => null,
    opened: () => {},
    send: (batch) => events.push(...batch),
  });
  return { finished, events, polls };
}

async function historyOf({ run }: FinishedEvent): Promise<RunHistory> {
  const history = new RunHistory();
  await readRunLog(join(run, 'events.log'), (events) => history.push(events));
  return history;
}

/** All that a run's log tells, but for when it was; and every tensor of its last checkpoint. */
async function outcomeOf(finished: FinishedEvent) {
  const {
    loss,
    dataLoss,
    learningRate,
    ratioSteps,
    epochs,
    finished: end,
  } = await historyOf(finished);
  const bits = [loss, dataLoss, learningRate, ratioSteps].map((column) => [...column]);
  return {
    bits,
    epochs: epochs.map(({ epoch, step, train, validation }) => ({
      epoch,
      step,
      train,
      validation,
    })),
    // A resumed run is judged by what it has seen itself.
    end: { ...end, time: 0, run: '', findings: [] },
    tensors: await lastTensors(finished),
  };
}

async function lastTensors({ run }: FinishedEvent) {
  const last = (await listCheckpoints(run)).at(-1)!;
  const file = await SafetensorsFile.open(join(run, 'checkpoints', last.name), last.name);
  const tensors: { [name: string]: number[] } = {};
  for (const [name, { begin, end }] of file.tensors) {
    const values = new Float32Array((end - begin) / 4);
    await file.read(name, values);
    tensors[name] = [...values];
  }
  await file.close();
  return tensors;
}

/** An epoch has 8 steps and some 110 polls. */
const MOMENTS = [13, 60, 200, 333, 450];

const VARIANTS: [name: string, from: string | RegExp, to: string][] = [
  ['adam', '', ''],
  ['sgd with momentum', 'adam, learningRate: 0.01', 'sgd, learningRate: 0.1, momentum: 0.9'],
  ['plain sgd', 'adam, learningRate: 0.01', 'sgd, learningRate: 0.1'],
  ['a cosine with warm-up', 'training:', 'schedule: { type: cosine, warmup: 1.5 }\ntraining:'],
  ['oneCycle', 'training:', 'schedule: oneCycle\ntraining:'],
  [
    'a plateau',
    'training:',
    'schedule: { type: plateau, patience: 0, factor: 0.5 }\nregularization: { l2: 0.1 }\ntraining:',
  ],
  ['running averages', 'training: {', 'training: { ema: 0.9,'],
  ['early stopping', 'training: {', 'training: { earlyStop: { patience: 1 },'],
  ['the full batch', 'batchSize: 32', 'batchSize: full'],
  [
    'lbfgs whose memory goes round',
    /adam, learningRate.*batchSize: 32/s,
    'lbfgs, memory: 2 }\ntraining: { epochs: 12, batchSize: full',
  ],
  ['batchNorm', 'dense: 20, tanh', 'dense: 20, batchNorm, relu'],
  ['dropout', 'tanh,', 'tanh, dropout: 0.3,'],
  ['dropConnect', 'dense: 20,', 'dropConnect: { units: 20, rate: 0.3 },'],
  ['a residual block', '[dense: 20, tanh', '[dense: 20, residual: [dense: 20, tanh]'],
];

describe('a resumed run', () => {
  it.each(VARIANTS)('goes on bit for bit as if it had never stopped: %s', async (_, from, to) => {
    const text = SPIRAL.replace(from, to);
    const whole = await session(await requestOf(text));
    const expected = await outcomeOf(whole.finished);
    const moments = MOMENTS.filter((poll) => poll < whole.polls);
    expect(moments.length).toBeGreaterThan(0);
    for (const moment of moments) {
      const request = await requestOf(text);
      const first = await session(request, { [moment]: { type: 'stop' } });
      expect(first.finished.reason).toBe('stopped');
      const second = await session({ ...request, resume: first.finished.run });
      expect(second.events[0]).toMatchObject({ type: 'resumed', step: first.finished.step });
      expect(second.finished.run).toBe(first.finished.run);
      expect(await outcomeOf(second.finished)).toEqual(expected);
    }
  });

  const optimizers = new Set(
    describeKeys().flatMap(({ path, variant }) => (path.startsWith('optimizer.') ? variant : [])),
  );

  it.each([...optimizers].filter((type) => type !== null))(
    'goes on with all that the optimizer %s remembers',
    async (type) => {
      // Of the full batch alone some can learn.
      const text = SPIRAL.replace('type: adam', `type: ${type}`)
        .replace('batchSize: 32', 'batchSize: full')
        .replace('epochs: 5', 'epochs: 12');
      const whole = await session(await requestOf(text));
      const request = await requestOf(text);
      const { finished } = await session(request, {
        [Math.floor(whole.polls * 0.6)]: { type: 'stop' },
      });
      expect(finished).toMatchObject({ reason: 'stopped' });
      expect(finished.step).toBeGreaterThan(4);
      const resumed = await session({ ...request, resume: finished.run });
      expect(await outcomeOf(resumed.finished)).toEqual(await outcomeOf(whole.finished));
    },
  );

  it('may have been stopped between the last step of an epoch and its end', async () => {
    const expected = await outcomeOf((await session(await requestOf(SPIRAL))).finished);
    let between = 0;
    for (let moment = 195; moment < 225; moment += 2) {
      const request = await requestOf(SPIRAL);
      const { finished } = await session(request, { [moment]: { type: 'stop' } });
      if (finished.step === 8 && finished.epochs === 0) between++;
      expect(
        await outcomeOf((await session({ ...request, resume: finished.run })).finished),
      ).toEqual(expected);
    }
    expect(between).toBeGreaterThan(0);
  });

  it('may be stopped again and again', async () => {
    const expected = await outcomeOf((await session(await requestOf(SPIRAL))).finished);
    const request = await requestOf(SPIRAL);
    let { finished } = await session(request, { 100: { type: 'stop' } });
    for (let times = 0; finished.reason === 'stopped'; times++) {
      expect(times).toBeLessThan(40);
      ({ finished } = await session(
        { ...request, resume: finished.run },
        { 150: { type: 'stop' } },
      ));
    }
    expect(await outcomeOf(finished)).toEqual(expected);
  });

  it('keeps a learning rate that was set while it trained', async () => {
    const text = SPIRAL.replace('training:', 'schedule: cosine\ntraining:');
    const rate: RunCommand = { type: 'learningRate', value: 0.003 };
    const expected = await outcomeOf((await session(await requestOf(text), { 90: rate })).finished);
    const request = await requestOf(text);
    const { finished } = await session(request, { 90: rate, 300: { type: 'stop' } });
    const resumed = await session({ ...request, resume: finished.run });
    expect(await outcomeOf(resumed.finished)).toEqual(expected);
    // Set in the last moment before the stop: no step has seen it yet.
    const late = await requestOf(text);
    const stopped = await session(late, { 300: rate, 301: { type: 'stop' } });
    const { finished: end } = await session({ ...late, resume: stopped.finished.run });
    const { learningRate } = await historyOf(end);
    const half = (1 + Math.cos((Math.PI * 39) / 40)) / 2;
    expect(learningRate.at(-1)! / (0.003 * half)).toBeCloseTo(1, 12);
  });

  it('forgets what its log told after the checkpoint: the process was killed', async () => {
    const expected = await outcomeOf((await session(await requestOf(SPIRAL))).finished);
    const request = await requestOf(SPIRAL);
    const { run } = (await session(request)).finished;
    // Only the first checkpoint is there, and the last record was cut off.
    for (const { name } of (await listCheckpoints(run)).slice(1))
      await rm(join(run, 'checkpoints', name));
    const log = join(run, 'events.log');
    await truncate(log, (await readFile(log)).length - 5);
    expect(await listRun(run)).toMatchObject({ state: 'interrupted' });
    const { events, finished } = await session({ ...request, resume: run });
    expect(events[0]).toMatchObject({ type: 'resumed', epoch: 1, step: 8 });
    expect(await outcomeOf(finished)).toEqual(expected);
    expect(await listRun(run)).toMatchObject({ state: 'completed', epoch: 5, step: 40 });
  });

  it('may have more epochs, and tells what has changed', async () => {
    const request = await requestOf(SPIRAL);
    const { finished } = await session(request);
    const longer = SPIRAL.replace('epochs: 5', 'epochs: 7').replace('0.01', '0.002');
    const { events, finished: end } = await session({
      ...request,
      configText: longer,
      resume: finished.run,
    });
    expect(events[0]).toMatchObject({
      type: 'resumed',
      epochs: 7,
      changes: [
        { path: ['optimizer', 'learningRate'], from: 0.01, to: 0.002 },
        { path: ['training', 'epochs'], from: 5, to: 7 },
      ],
    });
    expect(end).toMatchObject({ reason: 'completed', epochs: 7, step: 56 });
    const history = await historyOf(end);
    expect(history.learningRate.slice(38, 42)).toEqual(Float64Array.of(0.01, 0.01, 0.002, 0.002));
    expect(history.started).toMatchObject({ epochs: 7 });
    expect(await readFile(join(end.run, 'config.yaml'), 'utf8')).toBe(longer);
    expect((await readdir(join(end.run, 'tensorboard'))).length).toBe(2);
  });
});

describe('a run that cannot go on says why', () => {
  async function refusal(change: (run: string) => Promise<unknown>, text = SPIRAL) {
    const request = await requestOf(SPIRAL);
    const { finished } = await session(request, { 333: { type: 'stop' } });
    const before = await readFile(join(finished.run, 'events.log'));
    await change(finished.run);
    const log = await readFile(join(finished.run, 'events.log')).catch(() => before);
    const error = await session({ ...request, configText: text, resume: finished.run }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(UserError);
    expect(await readFile(join(finished.run, 'events.log')).catch(() => log)).toEqual(log);
    return error as UserError;
  }
  const nothing = async () => {};

  it.each([
    ['another batch', 'batchSize: 32', 'batchSize: 16', 'training.batchSize', /from 32 to 16/],
    ['another layer', 'dense: 20', 'dense: 21', 'model.layers.0', /has changed since/],
    ['other data', 'examples: 300', 'examples: 301', 'data.examples', /from 300 to 301/],
    ['another optimizer', 'adam', 'sgd', 'optimizer.type', /from adam to sgd/],
    ['an average', 'seed: 3', 'seed: 3, ema: 0.9', 'training.ema', /from nothing to 0.9/],
  ])('%s', async (_, from, to, path, message) => {
    const error = await refusal(nothing, SPIRAL.replace(from, to));
    expect(error.place.path?.join('.')).toBe(path);
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/cannot go on/);
  });

  it('no epochs are left', async () => {
    const request = await requestOf(SPIRAL);
    const { finished } = await session(request);
    await expect(session({ ...request, resume: finished.run })).rejects.toMatchObject({
      message: expect.stringMatching(/has completed its 5 epochs/),
      place: { path: ['training', 'epochs'], line: 5 },
    });
  });

  it('no run, no checkpoint, a damaged one', async () => {
    const request = await requestOf(SPIRAL);
    const nowhere = session({ ...request, resume: join(request.runsFolder, 'none') });
    await expect(nowhere).rejects.toThrow(/is not the folder of a run/);

    const last = async (run: string) => {
      const { name } = (await listCheckpoints(run)).at(-1)!;
      return join(run, 'checkpoints', name);
    };
    const empty = (run: string) => rm(join(run, 'checkpoints'), { recursive: true });
    expect((await refusal(empty)).message).toMatch(/holds no checkpoint to go on from/);

    const cut = await refusal(async (run) => truncate(await last(run), 100));
    expect(cut.message).toMatch(/epoch-\d+-step-\d+\.safetensors is no whole checkpoint/);
    expect(basename(cut.place.file!)).toMatch(/^epoch-\d+-step/);

    const renamed = await refusal(async (run) => {
      const file = await last(run);
      const bytes = await readFile(file);
      bytes.write('model.layers.7', bytes.indexOf('model.layers.2'));
      await writeFile(file, bytes);
    });
    expect(renamed.message).toMatch(/does not fit this run: it holds no model.layers.2/);

    const state = await refusal(async (run) => {
      const file = await last(run);
      const bytes = await readFile(file);
      bytes.write('stop', bytes.indexOf('step\\"'));
      await writeFile(file, bytes);
    });
    expect(state.message).toMatch(/is damaged: position.step must be a whole number/);
  });
});
