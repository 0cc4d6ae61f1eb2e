import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listEnsemble } from '../../../core/ensemble/list.ts';
import type { EnsembleEvent, MemberTrained } from '../../../core/ensemble/protocol.ts';
import { takeOwnership } from '../../../core/runs/owner.ts';
import { readRunEvents } from '../../../core/runs/read-run.ts';
import { ARMS, ensembleOf, interruptedEnsemble, ofType } from './ensembles.ts';

const ALL = `${ARMS}ensemble: { size: 3, distill: { temperature: 2 } }\n`;
const whole = await ensembleOf(ALL, { compare: true });

const inEpoch = (number: number, epoch: number) => (event: EnsembleEvent) =>
  event.type === 'progress' && event.number === number && event.epoch === epoch;

/** How often a run was begun again. */
async function resumes(run: string): Promise<number> {
  let count = 0;
  await readRunEvents(run, (events) => {
    count += events.filter(({ type }) => type === 'resumed').length;
  });
  return count;
}

const byNumber = (events: readonly EnsembleEvent[]) =>
  events
    .filter((event): event is MemberTrained => event.type === 'member')
    .sort((a, b) => a.number - b.number);

describe('an ensemble that was interrupted', () => {
  it.each<[string, number, number, number]>([
    ['its first member, of which others are checkpoints', 1, 3, 0],
    ['a member among others', 5, 2, 4],
    ['the network that learns from it', 7, 3, 6],
  ])('goes on in %s, and is what it would have been', async (_, number, epoch, kept) => {
    const { folder, events, goOn } = await interruptedEnsemble(ALL, inEpoch(number, epoch), {
      compare: true,
    });
    const before = byNumber(events);
    expect(before).toHaveLength(kept);
    expect(await listEnsemble(folder)).toMatchObject({
      problem: null,
      isOwned: false,
      events: [{ type: 'begun', folder, runs: 7 }, { type: 'leftOut' }, ...before],
    });
    const after = await goOn();
    const members = byNumber(after.events);
    // Those that were done are told again, and not trained again.
    expect(members.slice(0, kept)).toEqual(before);
    for (const { run, number: one } of members)
      expect(await resumes(run!)).toBe(one === number ? 1 : 0);
    expect(ofType(after, 'ensemble')).toEqual(ofType(whole, 'ensemble'));
    expect(ofType(after, 'disagreement')).toEqual(ofType(whole, 'disagreement'));
    const first = after.events.find(({ type }) => type === 'progress');
    if (first?.type === 'progress') expect(first.share).toBeGreaterThan(kept / 7);
    expect((await readdir(folder)).sort()).toEqual([
      'config.yaml',
      'ensemble.json',
      'members',
      'soft-targets.safetensors',
    ]);
    // And when it is done it tells its result again.
    const again = await goOn();
    expect(again.events.at(-1)).toEqual(after.events.at(-1));
    expect(byNumber(again.events)).toEqual(members);
  });

  it('may be interrupted again, and trains anew what is lost', async () => {
    const text = `${ARMS}ensemble: { size: 2 }\n`;
    const { folder, goOn } = await interruptedEnsemble(text, inEpoch(2, 2));
    await goOn(inEpoch(2, 4));
    const [first, second] = (await readdir(join(folder, 'members'))).sort();
    const before = await stat(join(folder, 'members', first!, 'events.log'));
    await rm(join(folder, 'members', second!, 'checkpoints'), { recursive: true });
    const after = await goOn();
    expect((await stat(join(folder, 'members', first!, 'events.log'))).mtimeMs).toBe(
      before.mtimeMs,
    );
    const validations = (events: readonly EnsembleEvent[]) =>
      byNumber(events).map(({ validation }) => validation);
    expect(validations(after.events)).toEqual(validations(whole.events).slice(0, 2));
    expect(await readdir(join(folder, 'members'))).toHaveLength(2);
  });

  it('cannot go on in two processes, as another config, or without what it knows', async () => {
    const text = `${ARMS}ensemble: { size: 2 }\n`;
    const { folder, goOn } = await interruptedEnsemble(text, inEpoch(1, 2));
    takeOwnership(folder);
    await expect(goOn()).rejects.toThrow('is being made by another process');
    await rm(join(folder, 'owner.json'));
    await writeFile(join(folder, 'under-way.json'), '{"formatVersion":');
    await expect(goOn()).rejects.toThrow('its under-way.json cannot be read');
    await writeFile(join(folder, 'under-way.json'), '{"formatVersion":2}');
    await expect(goOn()).rejects.toThrow('begun by a newer version');
    await writeFile(
      join(folder, 'under-way.json'),
      '{"formatVersion":1,"begun":{"config":"other.train.yaml"},"members":[],"trials":null}',
    );
    await expect(goOn()).rejects.toThrow('is an ensemble of other.train.yaml');
    await rm(join(folder, 'under-way.json'));
    await expect(goOn()).rejects.toThrow('its under-way.json is not there');
  });
});
