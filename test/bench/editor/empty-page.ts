import { frameWith } from './frames.ts';
import type { Drawing } from './opening.ts';
import { threadTime } from './thread-time.ts';
import type { EditorWindow } from './window.ts';

/** What VS Code, the browser and this machine take by themselves: a view with nothing but a box. */
export interface EmptyPage {
  /** Milliseconds from the command until the box is drawn. */
  opened: number;
  /** Frames a second while the box moves with every frame. */
  framesPerSecond: number;
  /** Of the main thread's own milliseconds. */
  threadOpened: number;
  threadFrame: number;
}

const FRAMES = 90;

const MOVE = `(async () => {
  const box = document.querySelector('#box');
  const frames = ${FRAMES};
  await new Promise(requestAnimationFrame);
  const began = performance.now();
  for (let i = 0; i < frames; i++) {
    box.style.transform = 'translateX(' + i + 'px)';
    await new Promise(requestAnimationFrame);
  }
  return (1000 * frames) / (performance.now() - began);
})()`;

/** The peer of the views, measured in the same window. */
export async function measureEmptyPage(
  { page, host }: EditorWindow,
  nextDrawing: () => Promise<Drawing>,
): Promise<EmptyPage> {
  const drawing = nextDrawing();
  const [opened, opening] = await threadTime(page, async () => {
    const { began } = await host.ask({ do: 'emptyPage' });
    return (await drawing).drawn - began;
  });
  const frame = await frameWith(page, '#box');
  const [framesPerSecond, moving] = await threadTime(page, () => frame.evaluate<number>(MOVE));
  await host.execute('workbench.action.closeAllEditors');
  await page.waitForTimeout(300);
  return {
    ...{ opened, framesPerSecond },
    ...{ threadOpened: opening.task, threadFrame: moving.task / FRAMES },
  };
}
