import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  begunAt,
  deleteEnsemble,
  listEnsemble,
  listEnsembles,
} from '../../../core/ensemble/list.ts';
import type { EnsembleEvent, EnsembleRow, MemberTrained } from '../../../core/ensemble/protocol.ts';
import { readResult, resultOf } from '../../../core/ensemble/result.ts';
import { EnsembleState } from '../../../core/ensemble/state.ts';
import { jsonLine } from '../../../core/events/json-line.ts';
import { takeOwnership } from '../../../core/runs/owner.ts';

const metrics = { accuracy: 0.5, loss: Number.NaN, rmse: null, r2: null };
const member = (folder: string, number: number): MemberTrained => ({
  type: 'member',
  ...{ number, of: 2, seed: number, bootstrap: false, reason: 'completed', epochs: 3 },
  ...{ validation: metrics, findings: [], run: join(folder, 'members', String(number)) },
});
const progress = (number: number, epoch: number, share: number): EnsembleEvent => ({
  type: 'progress',
  ...{ share, number, seed: number, bootstrap: false, epoch, validation: metrics },
});
const row: EnsembleRow = {
  type: 'ensemble',
  method: 'inits',
  combine: 'average',
  members: 2,
  validation: { ...metrics, loss: Number.POSITIVE_INFINITY },
  single: { accuracy: { mean: 0.5, sd: 0 }, loss: null, rmse: null, r2: null },
  alone: [metrics, metrics],
  epochs: 6,
};
const { validation } = row;
const told = (folder: string): EnsembleEvent[] => [
  {
    type: 'begun',
    ...{ folder, config: 'a.train.yaml', method: 'inits', compare: false, runs: 2, epochs: 3 },
  },
  { type: 'leftOut', method: 'ema', message: 'ema needs one.' },
  member(folder, 1),
  member(folder, 2),
  row,
  { type: 'disagreement', method: 'inits', members: 2, disputed: 0, examples: [] },
  { type: 'inputs', shape: [2], range: { low: 0, high: 1 }, values: '' },
  {
    type: 'ensembles',
    best: { method: 'inits', combine: 'average', validation },
    rows: 1,
    failed: [],
    folder,
  },
];

describe('what is kept of an ensemble', () => {
  let ensembles: string;
  beforeAll(async () => {
    const base = await mkdtemp(join(tmpdir(), 'trainscope ensemble ü-'));
    afterAll(() => rm(base, { recursive: true, force: true }));
    ensembles = join(base, 'ensembles');
  });
  const make = async (name: string, result: string | null) => {
    const folder = join(ensembles, name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'config.yaml'), '');
    if (result !== null) await writeFile(join(folder, 'ensemble.json'), result);
    return folder;
  };

  it('is read back as it was told, wherever it lies now, with NaN and infinities', async () => {
    // Members end in any order.
    const [begun, leftOut, first, second, ...rest] = told('/elsewhere');
    const events = [begun!, leftOut!, progress(2, 1, 0.1), second!, first!, ...rest];
    const folder = await make('20251121-093105-a', jsonLine(resultOf('/elsewhere', events, [])));
    expect(await readResult(folder)).toEqual(told(folder));
  });

  it('is listed, newest first: one that is whole, one that was stopped, one that cannot be read', async () => {
    await make('20251121-093107-stopped', null);
    await make('20251121-093106-damaged', '{"begun":');
    await mkdir(join(ensembles, 'no ensemble'));
    const listed = await listEnsembles(ensembles);
    expect(
      listed.map(({ folder, events, problem }) => [folder.slice(-7), events.length, problem]),
    ).toEqual([
      ['stopped', 0, null],
      ['damaged', 0, expect.stringMatching(/^The result of this ensemble cannot be read: /)],
      ['93105-a', 8, null],
    ]);
    expect(await listEnsembles(join(ensembles, 'nowhere'))).toEqual([]);
    expect(begunAt(listed[2]!.folder)).toBe(Date.UTC(2025, 10, 21, 9, 31, 5));
    expect(begunAt('/a/other')).toBe(0);
  });

  it('is deleted, unless it is still being made, or is none', async () => {
    const folder = await make('20251121-093108-b', null);
    takeOwnership(folder);
    expect(await listEnsemble(folder)).toMatchObject({ isOwned: true });
    await expect(deleteEnsemble(folder)).rejects.toThrow('still being made');
    await expect(deleteEnsemble(join(ensembles, 'no ensemble'))).rejects.toThrow('not the folder');
    await deleteEnsemble(join(ensembles, '20251121-093107-stopped'));
    const left = (await listEnsembles(ensembles)).map(({ folder: one }) => one.slice(-9));
    expect(left).toEqual(['-093108-b', '6-damaged', '-093105-a']);
  });
});

describe('what is known so far', () => {
  it('is brought to another as it is, of each member the last epoch only', () => {
    const state = new EnsembleState();
    expect(state.share).toBe(0);
    const [begun, ...rest] = told('/a');
    for (const event of [begun!, progress(1, 1, 0.2), progress(1, 2, 0.4), progress(2, 1, 0.6)])
      state.see(event);
    expect(state.share).toBe(0.6);
    expect(state.events()).toEqual([begun, progress(1, 2, 0.4), progress(2, 1, 0.6)]);
    for (const event of rest) state.see(event);
    expect(state.share).toBe(1);
    const other = new EnsembleState();
    for (const event of state.events()) other.see(event);
    expect(other).toEqual(state);
  });
});
