import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { boxNumbers, unboxNumbers } from '../../../core/inspection/explorer/numbers.ts';
import type { ExplorerFacts, Query } from '../../../core/inspection/explorer/protocol.ts';
import type { CheckpointFile } from '../../../core/runs/index.ts';
import { Deferred } from '../../../core/session/deferred.ts';
import type { Opened } from '../../../core/session/explore-protocol.ts';
import type { AskOptions, ExplorerHandle } from '../../../core/session/launch-explorer.ts';
import { Exploration, LINGER, LOOK_EVERY } from '../../../extension/dashboard/explorer.ts';
import type { ToView } from '../../../webview/protocol.ts';

const DIGITS = { id: 'digits', folder: '/runs/digits' };
const SPIRAL = { id: 'spiral', folder: '/runs/spiral' };
const QUERY: Query = { type: 'predictions', part: 'train' };

const epoch = (n: number): CheckpointFile => ({
  name: `epoch-00${n}.safetensors`,
  epoch: n,
  step: null,
});

const FACTS: ExplorerFacts = {
  task: 'classification',
  classes: ['a', 'b'],
  outputs: 2,
  inputShape: [2],
  range: { low: 0, high: Number.NaN },
  examples: { train: 3, validation: 0 },
  layers: [],
  probabilities: 'softmax',
  refused: {},
};

/** An explorer that says what the test wants. */
class FakeExplorer {
  readonly run: string;
  readonly leave: () => void;
  readonly opening = new Deferred<Opened>();
  readonly closing = new Deferred<Error>();
  readonly asked: { options: AskOptions; answer: Deferred<unknown> }[] = [];
  isDisposed = false;

  constructor(run: string, leave: () => void) {
    this.run = run;
    this.leave = leave;
  }

  get handle(): ExplorerHandle {
    return {
      opened: this.opening.promise,
      closed: this.closing.promise,
      ask: (_query, options = {}) => {
        const answer = new Deferred<unknown>();
        this.asked.push({ options, answer });
        options.signal?.addEventListener('abort', () => answer.reject(options.signal?.reason));
        return answer.promise as never;
      },
      dispose: async () => {
        this.isDisposed = true;
        const end = new Error('This exploration is closed.');
        this.closing.resolve(end);
        for (const { answer } of this.asked) answer.reject(end);
      },
    };
  }

  open(checkpoint = epoch(7)): Promise<void> {
    const opened = { ...checkpoint, validation: null };
    this.opening.resolve({ facts: FACTS, checkpoint: opened, checkpoints: [checkpoint] });
    return settle();
  }
}

const settle = async () => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

let explorers: FakeExplorer[];
let told: ToView[];
let kept: CheckpointFile[];
let exploration: Exploration<typeof DIGITS>;

beforeEach(() => {
  vi.useFakeTimers();
  explorers = [];
  told = [];
  kept = [];
  exploration = new Exploration({
    post: (message) => told.push(message),
    launch: ({ id }, leave) => {
      explorers.push(new FakeExplorer(id, leave));
      return explorers.at(-1)!.handle;
    },
    checkpoints: async () => kept,
    box: boxNumbers,
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const last = () => told.at(-1);

describe('an explorer', () => {
  it('is opened when its run is first shown, and not again', async () => {
    expect(explorers).toHaveLength(0);
    exploration.show(DIGITS);
    expect(last()).toEqual({ type: 'explorer', run: 'digits', session: 1, state: 'opening' });
    await explorers[0]!.open();
    exploration.show(DIGITS);
    expect(explorers).toHaveLength(1);
    expect(last()).toMatchObject({ run: 'digits', session: 1, state: 'open', newer: null });
    expect(unboxNumbers(last())).toMatchObject({ facts: FACTS, checkpoint: { epoch: 7 } });
  });

  it('ends when nobody has seen it for a while', async () => {
    exploration.show(DIGITS);
    await explorers[0]!.open();
    exploration.show(null);
    vi.advanceTimersByTime(LINGER - 1);
    expect(explorers[0]!.isDisposed).toBe(false);
    exploration.show(DIGITS);
    vi.advanceTimersByTime(2 * LINGER);
    expect(explorers[0]!.isDisposed).toBe(false);
    exploration.show(null);
    vi.advanceTimersByTime(LINGER);
    expect(explorers[0]!.isDisposed).toBe(true);
    exploration.show(DIGITS);
    expect(explorers).toHaveLength(2);
  });

  it('ends at once when another run is shown, and when the dashboard closes', async () => {
    exploration.show(DIGITS);
    exploration.show(SPIRAL);
    expect(explorers.map(({ run, isDisposed }) => [run, isDisposed])).toEqual([
      ['digits', true],
      ['spiral', false],
    ]);
    // What the first was opening comes too late.
    await explorers[0]!.open();
    expect(last()).toMatchObject({ run: 'spiral', state: 'opening' });
    await exploration.dispose();
    expect(explorers[1]!.isDisposed).toBe(true);
  });

  it('gives its memory to a training, and says so', async () => {
    exploration.show(DIGITS);
    await explorers[0]!.open();
    explorers[0]!.leave();
    await settle();
    expect(explorers[0]!.isDisposed).toBe(true);
    expect(last()).toEqual({
      type: 'explorer',
      run: 'digits',
      session: 1,
      state: 'closed',
      message: 'A training needed the memory of this exploration.',
    });
    exploration.open(DIGITS);
    expect(last()).toMatchObject({ session: 2, state: 'opening' });
  });

  it('that cannot be opened, or breaks down, says why', async () => {
    exploration.show(DIGITS);
    explorers[0]!.closing.resolve(new Error('The data have changed.'));
    await settle();
    expect(last()).toMatchObject({ state: 'closed', message: 'The data have changed.' });
  });
});

describe('checkpoints that come while it is shown', () => {
  const pass = () => vi.advanceTimersByTimeAsync(LOOK_EVERY);

  it('are offered', async () => {
    exploration.show(DIGITS);
    await explorers[0]!.open(epoch(7));
    kept = [epoch(7)];
    exploration.look();
    await pass();
    expect(last()).toMatchObject({ newer: null });
    kept = [epoch(7), epoch(8)];
    exploration.look();
    await pass();
    expect(last()).toMatchObject({ session: 1, state: 'open', newer: epoch(8) });
    expect(explorers).toHaveLength(1);
  });

  it('are taken up where there was none before', async () => {
    exploration.show(DIGITS);
    explorers[0]!.closing.resolve(new Error('It holds no checkpoint yet.'));
    await settle();
    exploration.look();
    await pass();
    expect(explorers).toHaveLength(1);
    kept = [epoch(1)];
    exploration.look();
    await pass();
    expect(explorers).toHaveLength(2);
    expect(last()).toMatchObject({ session: 2, state: 'opening' });
  });

  it('are not looked for while nobody sees it', async () => {
    exploration.show(DIGITS);
    await explorers[0]!.open(epoch(7));
    kept = [epoch(8)];
    exploration.show(null);
    exploration.look();
    await pass();
    expect(last()).toMatchObject({ newer: null });
  });
});

describe('a question', () => {
  beforeEach(async () => {
    exploration.show(DIGITS);
    await explorers[0]!.open();
    told = [];
  });
  const ask = (id: number, session = 1) => {
    exploration.ask(session, id, QUERY);
    return explorers[0]!.asked.at(-1)!;
  };

  it('is answered, with its progress and its NaN', async () => {
    const { options, answer } = ask(1);
    options.onProgress!(0.5);
    const values = Float32Array.of(Number.NaN);
    answer.resolve({ loss: Number.NaN, nested: [{ least: Number.NEGATIVE_INFINITY }], values });
    await settle();
    expect(told[0]).toEqual({ type: 'exploring', id: 1, share: 0.5 });
    const explored = JSON.parse(JSON.stringify(told[1]));
    expect(explored.answer.loss).not.toBeNull();
    const { answer: found } = told[1] as Extract<ToView, { type: 'explored'; ok: true }>;
    expect(unboxNumbers(found)).toEqual({
      loss: Number.NaN,
      nested: [{ least: Number.NEGATIVE_INFINITY }],
      values,
    });
  });

  it('that is refused hears why', async () => {
    ask(1).answer.reject(new Error('There is no class 12.'));
    await settle();
    expect(told).toEqual([
      { type: 'explored', id: 1, ok: false, message: 'There is no class 12.' },
    ]);
  });

  it('that is cancelled ends, and nothing more is said of it', async () => {
    const { options } = ask(1);
    const other = ask(2);
    exploration.cancel(1);
    await settle();
    expect(options.signal!.aborted).toBe(true);
    expect(other.options.signal!.aborted).toBe(false);
    options.onProgress!(0.9);
    expect(told).toEqual([]);
  });

  it('ends with its page; a new page counts from 1 again', async () => {
    const { options } = ask(1);
    exploration.forget();
    expect(options.signal!.aborted).toBe(true);
    const fresh = ask(1);
    await settle();
    exploration.cancel(1);
    expect(fresh.options.signal!.aborted).toBe(true);
  });

  it('rejects when its explorer is closed, and when it is about one that is gone', async () => {
    ask(1);
    exploration.show(SPIRAL);
    await settle();
    exploration.ask(1, 2, QUERY);
    const message = 'This exploration is closed.';
    expect(told.filter(({ type }) => type === 'explored')).toEqual([
      { type: 'explored', id: 1, ok: false, message },
      { type: 'explored', id: 2, ok: false, message },
    ]);
    expect(explorers[1]!.asked).toHaveLength(0);
  });
});
