import type { Page } from 'playwright-core';
import { threadTime } from './thread-time.ts';
import type { EditorWindow } from './window.ts';

/** When what happened in the dashboard's frame; milliseconds since 1970. */
export interface Drawing {
  /** The frame had a document. */
  framed: number;
  /** The line of numbers was shown. */
  numbers: number;
  /** The frame after the one in which all four graphs had curves. */
  drawn: number;
}

/** Watches the views of a page, one after the other. To be called before the page is loaded. */
export async function watchDrawings(page: Page): Promise<() => Promise<Drawing>> {
  let tell: (drawing: Drawing) => void = () => {};
  await page.exposeFunction('trainscopeDrawn', (drawing: Drawing) => tell(drawing));
  await page.addInitScript(WATCH);
  return () =>
    new Promise((resolve, reject) => {
      tell = resolve;
      setTimeout(() => reject(new Error('No view was drawn within a minute.')), 60_000);
    });
}

/**
 * Runs in every frame. A timer looks at the document, since animation frames asked for before the
 * dashboard's page is written into the frame never come.
 */
const WATCH = `if (window !== window.top) {
  const clock = () => performance.timeOrigin + performance.now();
  const framed = clock();
  let numbers = 0;
  const timer = setInterval(() => {
    if (document.querySelector('#box')) {
      clearInterval(timer);
      requestAnimationFrame(() => window.trainscopeDrawn({ framed, numbers: 0, drawn: clock() }));
      return;
    }
    if (!document.querySelector('header[data-state]:not([hidden])')) return;
    if (numbers === 0) numbers = clock();
    const notes = [...document.querySelectorAll('.panel .empty')];
    if (notes.length === 0 || notes.some((note) => note.textContent !== '')) return;
    clearInterval(timer);
    requestAnimationFrame(() => window.trainscopeDrawn({ framed, numbers, drawn: clock() }));
  }, 5);
}`;

/** Milliseconds from the command that opens a run's dashboard. */
export type Opening = { [M in keyof Drawing]: number } & {
  /** Of the main thread's own. */
  thread: number;
};

/** Opens the dashboard of a run, waits until it is drawn, and closes it if told so. */
export async function openDashboard(
  { page, host }: EditorWindow,
  nextDrawing: () => Promise<Drawing>,
  run: string,
  close = true,
): Promise<Opening> {
  const drawing = nextDrawing();
  const [{ began, framed, numbers, drawn }, { task: thread }] = await threadTime(
    page,
    async () => ({
      ...(await host.execute('trainscope.openDashboard', run)),
      ...(await drawing),
    }),
  );
  if (close) await host.execute('workbench.action.closeAllEditors');
  await page.waitForTimeout(500);
  return { framed: framed - began, numbers: numbers - began, drawn: drawn - began, thread };
}
