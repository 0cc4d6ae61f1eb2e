import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { LAYER_NUMBERS, layerTable } from '../../../core/inspection/layer-table.ts';
import type { RunHistory } from '../../../core/runs/history.ts';
import { InspectionFeed } from '../../../core/runs/inspection-feed.ts';
import { brief } from '../../../webview/format.ts';
import { type Dashboard, type Harness, startHarness } from './harness.ts';
import { trained } from './inside.ts';
import { hydrate, SETTINGS, trainingRun } from './runs.ts';

let harness: Harness;
let view: Dashboard;
let digits: RunHistory;

beforeAll(async () => {
  harness = await startHarness();
  digits = await trained('digits-cnn', (text) => text.replace('epochs: 20', 'epochs: 6'));
});
afterAll(() => harness.close());
afterEach(async () => {
  expect(await view.violations()).toEqual([]);
  expect(view.errors).toEqual([]);
});

const RUN = trainingRun().header.id;

/** The tab, with the test as its host: it answers what the view asks for. */
async function show(
  history: RunHistory,
  options: Parameters<Harness['open']>[0] = {},
): Promise<InspectionFeed> {
  view = await harness.open(options);
  await view.receive({ ...hydrate(trainingRun()), settings: { ...SETTINGS, tab: 'layers' } });
  const feed = new InspectionFeed(history);
  await answer(feed);
  await answer(feed);
  return feed;
}

async function answer(feed: InspectionFeed): Promise<void> {
  const asked = (await view.sent()).findLast(({ type }) => type === 'pictures');
  if (asked?.type === 'pictures') feed.want(asked.tensors);
  const moments = feed.news();
  for (let pictures = await feed.pictures(), first = true; first || pictures.length > 0; ) {
    await view.receive({ type: 'inspection', run: RUN, moments: first ? moments : null, pictures });
    first = false;
    pictures = await feed.pictures();
  }
}

const row = (label: string) => view.page.getByRole('row', { name: new RegExp(`^${label}`) });

describe('the tabs', () => {
  test('are chosen by pointer and by arrow keys, and kept', async () => {
    view = await harness.open();
    await view.receive(hydrate(trainingRun()));
    const [curves, layers] = ['Curves', 'Layers'].map((name) =>
      view.page.getByRole('tab', { name }),
    );
    await layers!.click();
    expect((await view.sent()).at(-1)).toMatchObject({
      type: 'settings',
      settings: { tab: 'layers' },
    });
    await view.settle();
    expect(await layers!.getAttribute('aria-selected')).toBe('true');
    expect(await view.page.locator('.curves').isVisible()).toBe(false);
    await view.page.keyboard.press('ArrowLeft');
    await view.settle();
    expect(await curves!.getAttribute('aria-selected')).toBe('true');
    expect(await view.page.locator('.curves').isVisible()).toBe(true);
    expect((await view.saved()).settings.tab).toBe('curves');
  });
});

describe('the layers', () => {
  test('show what was measured in each', async () => {
    await show(digits, { height: 1100 });
    const { plan } = digits.started!;
    const last = layerTable(
      plan,
      digits.inspected.distributions.events.at(-1)!,
      digits.inspected.activity.events.at(-1)!,
    );
    for (const [layer, { label, kind }] of plan.layers.entries()) {
      const number = (name: (typeof LAYER_NUMBERS)[number]) =>
        last[(layer + 1) * LAYER_NUMBERS.length + LAYER_NUMBERS.indexOf(name)]!;
      const text = await row(label).textContent();
      if (kind === 'relu') expect(text).toContain(`${Math.round(100 * number('dead'))} % dead`);
      if (kind === 'dense') expect(text?.endsWith(brief(number('ratio')))).toBe(true);
    }
    const words = await view.page.getByLabel(/^Activations of relu 1/).getAttribute('aria-label');
    const mean = last[(2 + 1) * LAYER_NUMBERS.length]!;
    expect(words).toContain(`mean ${brief(mean)}`);
  });

  test('of an earlier moment, by the scrubber', async () => {
    await show(digits);
    const scrubber = view.page.getByRole('slider', { name: 'Moment of the training' });
    expect(await scrubber.getAttribute('aria-valuetext')).toBe('epoch 6 · step 138');
    await scrubber.focus();
    await view.page.keyboard.press('Home');
    await view.settle();
    expect(await scrubber.getAttribute('aria-valuetext')).toBe('before training');
    expect(await row('dense 2').textContent()).toContain('–');
  });

  test('enlarged tell the share of values under the pointer', async () => {
    const feed = await show(digits, { height: 1400 });
    await view.page.getByRole('button', { name: 'dense 2', exact: true }).click();
    await view.settle();
    await answer(feed);
    const panels = view.page.locator('.histogram');
    expect(await panels.locator('h3').allTextContents()).toEqual([
      'activations',
      'activation gradients',
      'weights',
      'weights gradients',
      'weights updates',
      'biases',
      'biases gradients',
      'biases updates',
    ]);
    await panels.nth(2).locator('canvas').focus();
    await view.page.keyboard.press('ArrowRight');
    expect(await panels.nth(2).locator('.note').textContent()).toMatch(
      /^-?[\d.e-]+ … -?[\d.e-]+: [\d.]+ %$/,
    );
    await view.page.getByRole('button', { name: 'dense 2', exact: true }).click();
    expect(await panels.count()).toBe(0);
  });

  test('ask for the pictures of what is seen, and of nothing else', async () => {
    const deep = await trained('spiral', (text) =>
      text
        .replace(
          / {2}layers:\n( {4}- .*\n)+/,
          `  layers: [${'dense: 8, tanh, '.repeat(50)}dense: 3]\n`,
        )
        .replace(/epochs: \d+/, 'epochs: 2'),
    );
    expect(deep.started!.plan.layers).toHaveLength(101);
    await show(deep);
    const asked = (await view.sent()).findLast(({ type }) => type === 'pictures');
    expect(asked?.type === 'pictures' && asked.tensors.length).toBeLessThan(40);
    await view.page.mouse.wheel(0, 4000);
    await view.settle();
    const then = (await view.sent()).findLast(({ type }) => type === 'pictures');
    expect(then).not.toEqual(asked);
  });

  test('say when nothing was measured', async () => {
    await show(await trained('spiral', (text) => `${text}\ninspect: none\n`));
    expect(await view.page.locator('.layers .notice').textContent()).toContain('Waiting for');
    await view.receive({
      type: 'update',
      runs: [{ header: { ...trainingRun().header, state: 'completed' }, series: [] }],
    });
    expect(await view.page.locator('.layers .notice').textContent()).toContain(
      'inspect: { everyEpochs: 1 }',
    );
  });

  test('tell of values that are none', async () => {
    const broken = await trained('digits', (text) =>
      text.replace(/learningRate: .*/, 'learningRate: 1e30').replace('epochs: 40', 'epochs: 2'),
    );
    await show(broken);
    expect(await view.page.locator('.layers').isVisible()).toBe(true);
  });

  test.each([420, 600, 1180])('fit into %d pixels', async (width) => {
    await show(digits, { width });
    const { scrollWidth, clientWidth } = await view.page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return { scrollWidth, clientWidth };
    });
    if (process.env.SCREENSHOTS)
      await view.page.screenshot({ path: `${process.env.SCREENSHOTS}/layers-${width}.png` });
    expect(scrollWidth).toBe(clientWidth);
  });

  test.each(['dark', 'light', 'high-contrast', 'high-contrast-light'] as const)(
    '%s',
    async (theme) => {
      const feed = await show(digits, { theme, height: 1500 });
      await view.page.getByRole('button', { name: 'relu 2', exact: true }).click();
      await view.settle();
      await answer(feed);
      if (process.env.SCREENSHOTS)
        await view.page.screenshot({ path: `${process.env.SCREENSHOTS}/layers-${theme}.png` });
      expect(await view.page.locator('.layer canvas').count()).toBeGreaterThan(20);
    },
  );
});
