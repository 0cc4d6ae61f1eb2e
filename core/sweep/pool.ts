/**
 * Does all of this work, at most so many at a time, in order. Once `signal` says so nothing more begins; where one
 * fails neither does, and what it threw is thrown when all that had begun has ended.
 */
export async function inParallel<T>(
  items: readonly T[],
  parallel: number,
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failed = false;
  const runner = async () => {
    while (next < items.length && !failed && !signal.aborted) {
      try {
        await work(items[next++]!);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const runners = Array.from({ length: Math.min(parallel, items.length) }, runner);
  const settled = await Promise.allSettled(runners);
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
}
