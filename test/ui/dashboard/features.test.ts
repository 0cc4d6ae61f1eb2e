import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ExplorerHandle } from '../../../core/session/launch-explorer.ts';
import { ExploringHost, ownExplorer, sample, type TrainedRun, trainedRun } from './explored.ts';
import { type Dashboard, type Harness, startHarness } from './harness.ts';

let harness: Harness;
let view: Dashboard;
let host: ExploringHost;
let digits: TrainedRun;
let explorer: ExplorerHandle;

beforeAll(async () => {
  harness = await startHarness();
  digits = await trainedRun((await sample('digits-cnn')).replace('epochs: 20', 'epochs: 4'));
  explorer = ownExplorer(digits);
});
afterAll(async () => {
  await harness.close();
  await explorer.dispose();
  await digits.remove();
});
afterEach(async () => {
  expect(await view.violations()).toEqual([]);
  expect(view.errors).toEqual([]);
  await host.exploration.dispose();
  await view.page.close();
});

async function open(run: TrainedRun, options: Parameters<Harness['open']>[0] = {}): Promise<void> {
  view = await harness.open(options);
  host = new ExploringHost(view);
  await host.show(view, run);
}

async function screenshot(name: string): Promise<void> {
  await view.settle();
  if (process.env.SCREENSHOTS)
    await view.page.screenshot({
      path: `${process.env.SCREENSHOTS}/features-${name}.png`,
      fullPage: true,
    });
}

test('what the network says of the chosen example', async () => {
  await open(digits);
  await view.page.locator('.card .bars').waitFor();
  await screenshot('card');
  const list = view.page.getByRole('listbox', { name: 'Channels of relu 1' });
  await list.click({ position: { x: 70, y: 20 } });
  await view.page.locator('.patches canvas').first().waitFor();
  await screenshot('unit');
  await view.page.getByRole('tab', { name: 'Saliency' }).click();
  await screenshot('saliency');
  await view.page.getByRole('tab', { name: 'Fool it' }).click();
  await view.page.getByText('Find the smallest').click();
  await view.page.locator('.fool .picture').first().waitFor();
  await view.settle();
  await screenshot('fool');
  await view.page.getByRole('tab', { name: 'Class images' }).click();
  await view.page.getByText('Make one of each').click();
  await view.page.getByText('9 · prob').waitFor();
  await screenshot('class');
});
