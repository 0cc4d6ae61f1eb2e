import { expect, it } from 'vitest';
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
