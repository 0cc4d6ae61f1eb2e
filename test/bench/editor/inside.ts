import { frameWith } from './frames.ts';
import { threadTime } from './thread-time.ts';
import type { EditorWindow } from './window.ts';

/** What the Layers tab of a long, deep run costs. */
export interface InsideView {
  /** Milliseconds from the click on the tab until the rows in sight have their pictures. */
  shown: number;
  /** Frames a second while the scrubber moves with every frame. */
  framesPerSecond: number;
  /** Of the main thread's own milliseconds, for the rows in sight and for such a frame. */
  threadShown: number;
  threadFrame: number;
  /** Of the view's JavaScript, after that. */
  megabytes: number;
}

const FRAMES = 90;

const SHOW = `(async () => {
  const began = performance.now();
  document.querySelector('#tab-layers').click();
  const drawn = () => document.querySelectorAll('.spread canvas[aria-label]:not([hidden])').length > 8;
  while (!drawn()) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - began;
})()`;

/** The view draws in the next frame; the one after shows that it is done. */
const SCRUB = `(async () => {
  const range = document.querySelector('.scrub');
  const frames = ${FRAMES};
  const began = performance.now();
  for (let i = 0; i < frames; i++) {
    range.value = Math.round((Number(range.max) * i) / frames);
    range.dispatchEvent(new Event('input'));
    await new Promise(requestAnimationFrame);
  }
  return (1000 * frames) / (performance.now() - began);
})()`;

/** Looks inside the run whose dashboard is open. */
export async function measureInside({ page, host }: EditorWindow): Promise<InsideView> {
  const frame = await frameWith(page, '#tab-layers');
  const [shown, showing] = await threadTime(page, () => frame.evaluate<number>(SHOW));
  // What was asked for while they were drawn comes, too.
  await page.waitForTimeout(500);
  const [framesPerSecond, scrubbing] = await threadTime(page, () => frame.evaluate<number>(SCRUB));
  const bytes = await frame.evaluate<number>('performance.memory.usedJSHeapSize');
  await host.execute('workbench.action.closeAllEditors');
  await page.waitForTimeout(300);
  return {
    ...{ shown, framesPerSecond, megabytes: bytes / 1e6 },
    ...{ threadShown: showing.task, threadFrame: scrubbing.task / FRAMES },
  };
}
