import { describe, expect, it } from 'vitest';
import { MemoryBudget } from '../../../core/session/memory-budget.ts';

const MiB = 2 ** 20;

it('adds up what several runs reserve', () => {
  const budget = new MemoryBudget(100 * MiB);
  expect(budget.reserve(60 * MiB)).toBeNull();
  expect(budget.reserve(40 * MiB)).toBeNull();
  expect(budget.inUse).toBe(100 * MiB);
  expect(budget.reserve(1)).not.toBeNull();
  budget.release(40 * MiB);
  expect(budget.reserve(40 * MiB)).toBeNull();
});

it('refuses with the estimate, the limit and what is in use; what it refuses is not counted', () => {
  const budget = new MemoryBudget(3 * 1024 * MiB);
  budget.reserve(512 * MiB);
  const refusal = budget.reserve(2765 * MiB);
  expect(refusal).toContain('needs about 2.7 GiB');
  expect(refusal).toContain('limit is 3.0 GiB');
  expect(refusal).toContain('use 512 MiB');
  expect(budget.inUse).toBe(512 * MiB);
});

it('does not speak of other runs where there are none', () => {
  expect(new MemoryBudget(MiB).reserve(2 * MiB)).not.toContain('other runs');
});

it('takes a new limit at any time', () => {
  const budget = new MemoryBudget(MiB);
  budget.limitBytes = 10 * MiB;
  expect(budget.reserve(5 * MiB)).toBeNull();
});

describe('who waits', () => {
  const never = new AbortController().signal;

  it('has its memory as soon as others have released it, one after another', async () => {
    const budget = new MemoryBudget(10 * MiB);
    const had: string[] = [];
    const wait = async (name: string, bytes: number) => {
      expect(await budget.wait(bytes, never)).toBeNull();
      had.push(name);
    };
    budget.reserve(8 * MiB);
    const waits = [wait('large', 9 * MiB), wait('small', MiB)];
    await Promise.resolve();
    // The small one would fit, and does not overtake.
    expect(budget.inUse).toBe(8 * MiB);
    budget.release(8 * MiB);
    await Promise.all(waits);
    expect(had).toEqual(['large', 'small']);
    expect(budget.inUse).toBe(10 * MiB);
  });

  it('is refused what never fits at once, and not told to wait', async () => {
    const budget = new MemoryBudget(10 * MiB);
    budget.reserve(9 * MiB);
    const refusal = await budget.wait(11 * MiB, never);
    expect(refusal).toContain('needs about 11 MiB of memory; the limit is 10 MiB. Use smaller');
    expect(refusal).not.toContain('wait');
    expect(budget.inUse).toBe(9 * MiB);
  });

  it('has it when the limit is raised, and is refused when it is lowered too far', async () => {
    const budget = new MemoryBudget(10 * MiB);
    budget.reserve(9 * MiB);
    const first = budget.wait(3 * MiB, never);
    budget.limitBytes = 12 * MiB;
    expect(await first).toBeNull();
    const second = budget.wait(8 * MiB, never);
    budget.limitBytes = 7 * MiB;
    expect(await second).toContain('needs about 8.0 MiB');
    expect(budget.inUse).toBe(12 * MiB);
  });

  it('takes nothing once it leaves, and lets the next one through', async () => {
    const budget = new MemoryBudget(10 * MiB);
    budget.reserve(8 * MiB);
    const stop = new AbortController();
    const first = budget.wait(5 * MiB, stop.signal);
    const second = budget.wait(2 * MiB, never);
    stop.abort();
    expect(await first).toContain('stopped');
    expect(await second).toBeNull();
    budget.release(10 * MiB);
    expect(budget.inUse).toBe(0);
  });

  it('makes a guest leave', async () => {
    const budget = new MemoryBudget(10 * MiB);
    const left: string[] = [];
    budget.guest(() => left.push('guest')).reserve(4 * MiB);
    expect(await budget.wait(8 * MiB, never)).toBeNull();
    expect(left).toEqual(['guest']);
    expect(budget.inUse).toBe(8 * MiB);
  });
});

describe('a guest', () => {
  it('has what runs leave, and gives it back', () => {
    const budget = new MemoryBudget(10 * MiB);
    budget.reserve(6 * MiB);
    const guest = budget.guest(() => expect.unreachable());
    expect(guest.reserve(5 * MiB)).toContain('needs about 5.0 MiB');
    expect(guest.reserve(4 * MiB)).toBeNull();
    expect(budget.inUse).toBe(10 * MiB);
    guest.release(4 * MiB);
    expect(budget.inUse).toBe(6 * MiB);
  });

  it('gives way to a run that needs its memory, which is then not released twice', () => {
    const budget = new MemoryBudget(10 * MiB);
    const left: string[] = [];
    const first = budget.guest(() => left.push('first'));
    const second = budget.guest(() => left.push('second'));
    first.reserve(4 * MiB);
    second.reserve(4 * MiB);
    expect(budget.reserve(5 * MiB)).toBeNull();
    expect(left).toEqual(['first']);
    first.release(4 * MiB);
    expect(budget.inUse).toBe(9 * MiB);
    expect(budget.reserve(5 * MiB)).toBeNull();
    expect(left).toEqual(['first', 'second']);
    expect(budget.inUse).toBe(10 * MiB);
  });

  it('stays where its memory would not be enough for the run', () => {
    const budget = new MemoryBudget(10 * MiB);
    const guest = budget.guest(() => expect.unreachable());
    guest.reserve(4 * MiB);
    expect(budget.reserve(11 * MiB)).toContain('needs about 11 MiB');
    expect(budget.inUse).toBe(4 * MiB);
  });
});
