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
