import type { Frame, Page } from 'playwright-core';

/** The frame of the view that has such an element: pages of views are frames within frames. */
export async function frameWith(page: Page, selector: string): Promise<Frame> {
  for (let tries = 0; tries < 200; tries++) {
    for (const frame of page.frames()) {
      if (await frame.$(selector).catch(() => null)) return frame;
    }
    await page.waitForTimeout(50);
  }
  throw new Error(`No view has ${selector}.`);
}
