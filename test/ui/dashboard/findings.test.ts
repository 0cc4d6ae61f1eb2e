import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { HeaderFinding, RunDelta } from '../../../webview/protocol.ts';
import { type Dashboard, type Harness, startHarness } from './harness.ts';
import { hydrate, SETTINGS, trainingRun } from './runs.ts';

const dead: HeaderFinding = {
  rule: 'dead-relu',
  title: 'Dead ReLU units',
  severity: 'warning',
  path: ['optimizer', 'learningRate'],
  step: 300,
  message:
    '31 of 100 units of relu 1 were silent for every example of epoch 6. <b>Lower the rate.</b>',
  fixes: ['Set learningRate to 0.001', 'Use leakyRelu'],
};
const overfitting: HeaderFinding = {
  rule: 'overfitting',
  title: 'Overfitting',
  severity: 'info',
  path: [],
  step: 320,
  message: 'Validation stopped improving at epoch 10.',
  fixes: [],
};

function found(...findings: HeaderFinding[]): RunDelta {
  const { header, series } = trainingRun();
  return { header: { ...header, findings }, series };
}

let harness: Harness;
let view: Dashboard;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());
afterEach(async () => {
  expect(await view.violations()).toEqual([]);
  expect(view.errors).toEqual([]);
});

const tab = () => view.page.getByRole('tab', { name: /^Findings/ });
const sentFindings = async () =>
  (await view.sent()).filter((message) => message.type === 'finding');

test('what was found, where, and what mends it', async () => {
  view = await harness.open();
  await view.receive(hydrate(found(dead, overfitting)));
  expect(await tab().textContent()).toBe('Findings2');
  await tab().click();
  await view.receive({
    ...hydrate(found(dead, overfitting)),
    settings: { ...SETTINGS, tab: 'findings' },
  });
  const items = view.page.locator('.findings li');
  expect(await items.locator('h2').allTextContents()).toEqual([
    'WarningDead ReLU units',
    'Worth knowingOverfitting',
  ]);
  expect(await items.first().locator('.message').textContent()).toBe(dead.message);
  expect(await items.nth(1).locator('.choice').allTextContents()).toEqual([
    'the config',
    'step 320',
    'overfitting',
  ]);
  await items.first().getByRole('button', { name: 'optimizer.learningRate' }).click();
  await items.first().getByRole('button', { name: 'dead-relu' }).click();
  await items.first().getByRole('button', { name: 'Use leakyRelu', exact: true }).click();
  await items
    .first()
    .getByRole('button', { name: /^Set learningRate to 0.001, and verify/ })
    .click();
  const { rule, path } = dead;
  const run = found().header.id;
  expect(await sentFindings()).toEqual(
    (
      [
        ['open', 0],
        ['explain', 0],
        ['fix', 1],
        ['verify', 0],
      ] as const
    ).map(([action, fix]) => ({ type: 'finding', run, rule, path, action, fix })),
  );
  for (const theme of ['dark', 'light', 'high-contrast'] as const) {
    await view.theme(theme);
    await picture(`findings-${theme}`);
  }
});

test('on the loss at their step, and from there to the step', async () => {
  view = await harness.open();
  await view.receive(hydrate(found(dead, overfitting)));
  expect(await view.labels('Loss')).toEqual(
    expect.arrayContaining(['Dead ReLU units', 'Overfitting']),
  );
  expect(await view.panel('Loss').locator('.mark').count()).toBe(2);
  expect(await view.panel('Accuracy').locator('.mark').count()).toBe(0);
  await picture('findings-marks');
  await view.receive({ ...hydrate(found(dead)), settings: { ...SETTINGS, tab: 'findings' } });
  await view.page.getByRole('button', { name: 'step 300' }).click();
  expect((await view.sent()).at(-1)).toMatchObject({
    type: 'settings',
    settings: { tab: 'curves' },
  });
  await view.receive(hydrate(found(dead)));
  const at = async (part: string) => (await view.panel('Loss').locator(part).boundingBox())!.x;
  expect(Math.abs((await at('.cursor .rule')) - (await at('.mark')))).toBeLessThan(2);
});

test('nothing found, withdrawn, and found again', async () => {
  view = await harness.open();
  const settings = { ...SETTINGS, tab: 'findings' as const };
  await view.receive({ ...hydrate(found()), settings });
  expect(await tab().textContent()).toBe('Findings');
  expect(await view.page.locator('.findings').textContent()).toBe(
    'Nothing was found wrong with this run so far.',
  );
  await view.receive({ type: 'update', runs: [found(dead)] });
  expect(await tab().textContent()).toBe('Findings1');
  await view.receive({ type: 'update', runs: [found()] });
  expect(await view.page.locator('.findings li').count()).toBe(0);
});

async function picture(name: string): Promise<void> {
  if (process.env.SCREENSHOTS)
    await view.page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}.png` });
}
