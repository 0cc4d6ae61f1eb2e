import type { Page } from 'playwright-core';

/** What the page's main thread has done by its own clock, which stands still while others have the processor. */
export interface ThreadTime {
  /** Milliseconds in all. */
  task: number;
  /** Of these in scripts. */
  script: number;
}

/** Does `work` and tells what it took of the page's main thread: views and the workbench share it. */
export async function threadTime<T>(page: Page, work: () => Promise<T>): Promise<[T, ThreadTime]> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const now = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const seconds = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
    return { task: 1000 * seconds('TaskDuration'), script: 1000 * seconds('ScriptDuration') };
  };
  const before = await now();
  const done = await work();
  const after = await now();
  await session.detach();
  return [done, { task: after.task - before.task, script: after.script - before.script }];
}
