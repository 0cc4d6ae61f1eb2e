import { median } from '../figures.ts';
import { frameWith } from './frames.ts';
import { threadTime } from './thread-time.ts';
import type { EditorWindow } from './window.ts';

/** What it costs to pull along an axis of a sweep's parallel coordinates. Milliseconds, medians but for `worst`. */
export interface Brushing {
  /** Of the main thread's own for a move of the pointer: scripts, and all there is to it. */
  script: number;
  thread: number;
  /** From a frame to the next. */
  frame: number;
  /** The same, longer than 95 of 100. */
  worst: number;
}

const MOVES = 90;

/** Notes when frames begin. */
const WATCH = `{
  const frames = window.watched = [];
  const tick = (time) => { frames.push(time); requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}`;

/** Opens the one sweep of the workspace and brushes the axis of the score, up and down. */
export async function measureBrushing({ page, host }: EditorWindow): Promise<Brushing> {
  await host.execute('trainscope.openSweep');
  const frame = await frameWith(page, '.parallel .drawing canvas');
  // Its losses come after it, and are drawn.
  await page.waitForTimeout(1500);
  await frame.evaluate(WATCH);
  const box = (await frame.locator('.parallel .drawing').boundingBox())!;
  const [x, top, high] = [box.x + box.width - 56, box.y + 31, box.height - 44];
  await page.mouse.move(x, top);
  await page.mouse.down();
  await page.mouse.move(x, top + 10);
  await frame.evaluate('window.watched.length = 0');
  const [, { script, task }] = await threadTime(page, async () => {
    for (let i = 0; i < MOVES; i++) {
      const share = 0.5 - 0.45 * Math.cos((4 * Math.PI * i) / MOVES);
      await page.mouse.move(x, top + high * (0.05 + 0.9 * share));
    }
  });
  const frames = await frame.evaluate<number[]>('window.watched');
  await page.mouse.up();
  const gaps = frames.slice(1).map((time, i) => time - frames[i]!);
  const sorted = gaps.toSorted((a, b) => a - b);
  return {
    script: script / MOVES,
    thread: task / MOVES,
    frame: median(gaps),
    worst: sorted[Math.floor(0.95 * sorted.length)]!,
  };
}
