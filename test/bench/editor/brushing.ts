import { median } from '../figures.ts';
import { frameWith } from './frames.ts';
import type { EditorWindow } from './window.ts';

/** What it costs to pull along an axis of a sweep's parallel coordinates. Milliseconds, medians but for `worst`. */
export interface Brushing {
  /** Of script for a move of the pointer: hearing it, and drawing what comes of it. */
  script: number;
  /** From a frame to the next. */
  frame: number;
  /** The same, longer than 95 of 100. */
  worst: number;
}

const MOVES = 90;

/** Times what the page hears and draws, and the frames between. */
const WATCH = `{
  const watched = { moves: 0, script: 0, frames: [] };
  window.watched = watched;
  const ask = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (draw) => ask((time) => {
    const began = performance.now();
    draw(time);
    watched.script += performance.now() - began;
  });
  let heard = 0;
  addEventListener('pointermove', () => { heard = performance.now(); }, true);
  addEventListener('pointermove', () => {
    watched.script += performance.now() - heard;
    watched.moves++;
  });
  const tick = (time) => { watched.frames.push(time); ask(tick); };
  ask(tick);
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
  await frame.evaluate('Object.assign(window.watched, { moves: 0, script: 0, frames: [] })');
  for (let i = 0; i < MOVES; i++) {
    const share = 0.5 - 0.45 * Math.cos((4 * Math.PI * i) / MOVES);
    await page.mouse.move(x, top + high * (0.05 + 0.9 * share));
  }
  type Watched = { moves: number; script: number; frames: number[] };
  const { moves, script, frames } = await frame.evaluate<Watched>('window.watched');
  await page.mouse.up();
  const gaps = frames.slice(1).map((time, i) => time - frames[i]!);
  const sorted = gaps.toSorted((a, b) => a - b);
  return {
    script: script / moves,
    frame: median(gaps),
    worst: sorted[Math.floor(0.95 * sorted.length)]!,
  };
}
