import { parse } from 'csv-parse/sync';
import { decode } from 'fast-png';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { filterAt, filtersOf } from '../../../core/inspection/filters/filters.ts';
import { firstLayer } from '../../../core/inspection/filters/layout.ts';
import { LAYER_NUMBERS, layerTable } from '../../../core/inspection/layer-table.ts';
import { decodeWeights } from '../../../core/inspection/weight-codes.ts';
import type { RunHistory } from '../../../core/runs/history.ts';
import { InspectionFeed } from '../../../core/runs/inspection-feed.ts';
import { WeightsFeed } from '../../../core/runs/weights-feed.ts';
import type { Tab } from '../../../webview/protocol.ts';
import { type Dashboard, type Harness, startHarness } from './harness.ts';
import { trained } from './inside.ts';
import { divergedRun, hydrate, SETTINGS, trainingRun } from './runs.ts';

let harness: Harness;
let view: Dashboard;
let digits: RunHistory;

beforeAll(async () => {
  harness = await startHarness();
  digits = await trained('digits', (text) => text.replace(/epochs: \d+/, 'epochs: 2'));
});
afterAll(() => harness.close());
afterEach(async () => {
  expect(await view.violations()).toEqual([]);
  expect(view.errors).toEqual([]);
});

const RUN = trainingRun().header.id;

/** Opens the menu of a button and chooses from it; what was sent to be saved. */
async function taken(button: string, item: string): Promise<Buffer> {
  const before = (await view.sent()).length;
  await view.page.getByRole('button', { name: button, exact: true }).first().click();
  await view.page.getByRole('menuitem', { name: item }).click();
  await expect.poll(async () => (await view.sent()).length, { timeout: 15_000 }).toBe(before + 1);
  const base64 = await view.page.evaluate<string>(`(() => {
    const { bytes, text, reason } = window.sent.at(-1);
    if (!bytes) throw new Error(text ?? reason);
    let binary = '';
    for (const byte of bytes) binary += String.fromCharCode(byte);
    return btoa(binary);
  })()`);
  return Buffer.from(base64, 'base64');
}

const csv = async (button: string) =>
  parse(await taken(button, 'Save CSV…'), { columns: true }) as Record<string, string>[];

/** What the picture is as markup: it must be well-formed. */
async function svg(button: string, item = 'Save SVG…'): Promise<string> {
  const text = (await taken(button, item)).toString();
  const broken = await view.page.evaluate<boolean>(
    `new DOMParser().parseFromString(${JSON.stringify(text)}, 'image/svg+xml').querySelector('parsererror') !== null`,
  );
  expect(broken).toBe(false);
  return text;
}

async function show(tab: Tab): Promise<void> {
  view = await harness.open({ height: 1300 });
  await view.receive({ ...hydrate(trainingRun()), settings: { ...SETTINGS, tab } });
}

describe('a chart', () => {
  test('is taken as numbers, every point of them', async () => {
    view = await harness.open();
    const run = divergedRun();
    await view.receive(hydrate(run));
    const rows = await csv('Export Loss');
    expect((await view.sent()).at(-1)).toMatchObject({
      type: 'save',
      run: run.header.id,
      name: 'Loss',
      format: 'csv',
    });
    for (const [id, name] of [
      ['batchLoss', 'batch'],
      ['validationLoss', 'validation'],
    ]) {
      const { x, y } = run.series.find((one) => one.id === id)!;
      const own = rows.filter(({ curve }) => curve === name);
      expect(own.map(({ epoch }) => Number(epoch))).toEqual([...x]);
      expect(own.map(({ Loss }) => Number(Loss))).toEqual([...y]);
    }
    expect(rows.some(({ Loss }) => Loss === 'NaN')).toBe(true);
  });

  test('is taken as lines, and as pixels of the theme’s colors', async () => {
    await show('curves');
    const lines = await svg('Export Accuracy');
    expect(lines).toContain('<title>Accuracy</title>');
    expect(lines).toMatch(/>train 0\.984<\/text>.*>validation 0\.953<\/text>/);
    expect(lines).not.toContain('<image');
    const [, width = '', height = ''] = /width="(\d+)" height="(\d+)"/.exec(lines)!;
    const {
      width: wide,
      height: high,
      data,
      channels,
    } = decode(await taken('Export Accuracy', 'Save PNG…'));
    expect([wide, high]).toEqual([2 * Number(width), 2 * Number(height)]);
    const colors = new Map<string, number>();
    for (let i = 0; i < data.length; i += channels) {
      const color = [...data.subarray(i, i + 3)].join();
      colors.set(color, (colors.get(color) ?? 0) + 1);
    }
    // Most of it is background; the training curve has the theme's blue.
    expect(colors.get('31,31,31')! / (wide * high)).toBeGreaterThan(0.6);
    expect(colors.get('89,164,249')).toBeGreaterThan(200);
  });

  test('is copied as a table of its ends and extremes', async () => {
    await show('curves');
    await view.page.getByRole('button', { name: 'Export Learning rate' }).click();
    await view.page.getByRole('menuitem', { name: 'Copy as Markdown' }).click();
    await view.settle();
    const copied = (await view.sent()).at(-1);
    expect(copied).toEqual({
      type: 'copy',
      run: RUN,
      text: `**Learning rate**

| curve | first | lowest | highest | latest |
| --- | --- | --- | --- | --- |
| rate | 0.01 at epoch 0.02 | 0.0025 at epoch 10 | 0.01 at epoch 0.02 | 0.0025 at epoch 12.4 |
`,
    });
  });

  test('is reached by keys, and by the context menu', async () => {
    await show('curves');
    const { keyboard } = view.page;
    const button = view.page.getByRole('button', { name: 'Export Loss' });
    const menu = view.page.getByRole('menu');
    const focused = () => view.page.evaluate<string>('document.activeElement.textContent');
    await button.focus();
    await keyboard.press('Enter');
    expect(await focused()).toBe('Save PNG…');
    await keyboard.press('ArrowUp');
    expect(await focused()).toBe('Copy as Markdown');
    await keyboard.press('Escape');
    expect(await menu.isVisible()).toBe(false);
    expect(await button.evaluate((node) => node.matches(':focus'))).toBe(true);
    await keyboard.press('Enter');
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await expect
      .poll(async () => (await view.sent()).at(-1))
      .toMatchObject({ type: 'save', format: 'csv' });
    await view.panel('Accuracy').locator('.plot').click({ button: 'right' });
    expect(await menu.isVisible()).toBe(true);
    expect(await menu.getByRole('menuitem').count()).toBe(4);
    // Elsewhere it goes away.
    await view.page.getByRole('tab', { name: 'Curves' }).focus();
    expect(await menu.isVisible()).toBe(false);
  });

  test('of which there is nothing yet says so', async () => {
    view = await harness.open();
    await view.receive(hydrate({ ...trainingRun(), series: [] }));
    await view.page.getByRole('button', { name: 'Export Loss' }).click();
    expect(await view.page.getByRole('menu').textContent()).toBe('There is nothing to save yet');
  });
});

test('layers are taken with the numbers of the log', async () => {
  await show('layers');
  const feed = new InspectionFeed(digits);
  const answer = async () => {
    const asked = (await view.sent()).findLast(({ type }) => type === 'pictures');
    if (asked?.type === 'pictures') feed.want(asked.tensors);
    const [moments, pictures] = [feed.news(), await feed.pictures()];
    await view.receive({ type: 'inspection', run: RUN, moments, pictures });
  };
  await answer();
  await answer();
  const { plan } = digits.started!;
  const { distributions, activity } = digits.inspected;
  const tables = distributions.events.map((event) =>
    layerTable(plan, event, activity.before(event.step)),
  );
  const width = LAYER_NUMBERS.length;
  const numbers = (row: Record<string, string>) => Object.values(row).slice(-width).map(Number);

  const all = await csv('Export the table of layers');
  expect(all.map(({ layer }) => layer)).toEqual([
    'input',
    ...plan.layers.map(({ label }) => label),
  ]);
  expect(all.flatMap(numbers)).toEqual([...tables.at(-1)!]);

  const std = LAYER_NUMBERS.indexOf('std');
  const profile = await csv('Export Do signals keep their size from layer to layer?');
  const now = profile.filter(({ curve }) => curve === 'activations');
  expect(now.map((row) => Number(row['standard deviation']))).toEqual(
    Array.from({ length: plan.layers.length + 1 }, (_, i) => tables.at(-1)![i * width + std]),
  );

  const first = await csv('Export layer');
  expect(first.map(({ step }) => Number(step))).toEqual(
    distributions.events.map(({ step }) => step),
  );
  expect(first.map(numbers)).toEqual(tables.map((table) => [...table.subarray(width, 2 * width)]));
  const ridges = await svg('Export layer');
  expect(ridges).toContain('dense 1: activations and gradients over time');
  expect(ridges.match(/<path/g)!.length).toBeGreaterThan(20);
  await view.page.getByRole('button', { name: 'heat map' }).click();
  await view.settle();
  expect(await svg('Export layer', 'Save SVG… (pixels inside)')).toContain(
    'data:image/png;base64,',
  );

  await view.page.getByRole('button', { name: 'relu 1', exact: true }).click();
  await view.settle();
  await answer();
  const shares = await csv('Export activations');
  const total = shares.reduce((sum, row) => sum + Number(row['share of values']), 0);
  expect(total).toBeGreaterThan(0.2);
  expect(total).toBeLessThan(1.3);
  expect(await svg('Export activations')).toContain('<rect');
});

test('weights are taken as they are', async () => {
  await show('weights');
  const feed = new WeightsFeed(digits);
  await view.receive({ type: 'weights', run: RUN, overview: feed.news(), values: [] });
  const asked = (await view.sent()).flatMap((message) =>
    message.type === 'weights' ? message.wanted : [],
  );
  const values = feed.values(asked);
  await view.receive({ type: 'weights', run: RUN, overview: null, values });
  const { plan } = digits.started!;
  const [first, , second] = digits.inspected.weights.map(({ events }) => events.at(-1)!);
  const filters = filtersOf(decodeWeights(first!), firstLayer(plan)!.layout!);
  const rows = await csv('Export the weights of dense 1');
  expect(rows.map(({ weight }) => Math.fround(Number(weight)))).toEqual([...filters.values]);
  expect(rows[64 + 9]).toMatchObject({ unit: 'unit 2', row: '2', column: '2' });
  const one = await csv('Export the enlarged unit');
  expect(one.map(({ weight }) => Math.fround(Number(weight)))).toEqual([...filterAt(filters, 0)]);
  const picture = decode(await taken('Export the weights of dense 1', 'Save PNG…'));
  expect(picture.width).toBeGreaterThan(800);
  expect(new Set(picture.data).size).toBeGreaterThan(50);

  const matrix = await csv('Export the weights of dense 2');
  const weights = decodeWeights(second!);
  const units = plan.layers[2]!.outputShape[0]!;
  for (const { unit, input, weight } of matrix)
    expect(Number(weight)).toBe(weights[(Number(input) - 1) * units + Number(unit) - 1]);
  expect(matrix).toHaveLength(weights.length);
});
