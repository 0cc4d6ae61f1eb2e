import type { Frame } from 'playwright-core';
import { type Drawing, openDashboard } from './opening.ts';
import type { EditorWindow } from './window.ts';

/** What the Layers tab of a long, deep run costs. */
export interface InsideView {
  /** Milliseconds from the command until the curves are drawn. */
  opened: number;
  /** Milliseconds from the click on the tab until the rows in sight have their pictures. */
  shown: number;
  /** Frames a second while the scrubber moves with every frame. */
  framesPerSecond: number;
  /** Of the view's JavaScript, after that. */
  megabytes: number;
}

const SHOW = `(async () => {
  const began = performance.now();
  document.querySelector('#tab-layers').click();
  const drawn = () => document.querySelectorAll('.spread canvas[aria-label]:not([hidden])').length > 8;
  while (!drawn()) await new Promise(requestAnimationFrame);
  return performance.now() - began;
})()`;

/** The view draws in the next frame; the one after shows that it is done. */
const SCRUB = `(async () => {
  const range = document.querySelector('.scrub');
  const frames = 120;
  const began = performance.now();
  for (let i = 0; i < frames; i++) {
    range.value = Math.round((Number(range.max) * i) / frames);
    range.dispatchEvent(new Event('input'));
    await new Promise(requestAnimationFrame);
  }
  return (1000 * frames) / (performance.now() - began);
})()`;

/** Opens the dashboard of the run, which stays open, and looks inside. */
export async function measureInside(
  window: EditorWindow,
  nextDrawing: () => Promise<Drawing>,
  run: string,
): Promise<InsideView> {
  const { drawn: opened } = await openDashboard(window, nextDrawing, run, false);
  const frame = await dashboardFrame(window);
  const shown = await frame.evaluate<number>(SHOW);
  const framesPerSecond = await frame.evaluate<number>(SCRUB);
  const bytes = await frame.evaluate<number>('performance.memory.usedJSHeapSize');
  return { opened, shown, framesPerSecond, megabytes: bytes / 1e6 };
}

async function dashboardFrame({ page }: EditorWindow): Promise<Frame> {
  for (let tries = 0; tries < 100; tries++) {
    for (const frame of page.frames()) {
      if (await frame.$('#tab-layers').catch(() => null)) return frame;
    }
    await page.waitForTimeout(100);
  }
  throw new Error('No dashboard has tabs.');
}
