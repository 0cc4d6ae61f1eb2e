import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { PlanSummary } from '../../../core/events/run-event.ts';
import { filterAt, filtersOf } from '../../../core/inspection/filters/filters.ts';
import { normOf, orderOf } from '../../../core/inspection/filters/order.ts';
import { layerSmoothness } from '../../../core/inspection/filters/smoothness.ts';
import { decodeWeights, encodeWeights } from '../../../core/inspection/weight-codes.ts';
import { RunHistory } from '../../../core/runs/history.ts';
import { WeightsFeed } from '../../../core/runs/weights-feed.ts';
import { brief, exact } from '../../../webview/format.ts';
import { distributions, resumed, started, steps, weights } from '../../unit/runs/events.ts';
import { type Dashboard, type Harness, startHarness } from './harness.ts';
import { trained } from './inside.ts';
import { hydrate, SETTINGS, trainingRun } from './runs.ts';

let harness: Harness;
let view: Dashboard;
let digits: RunHistory;

beforeAll(async () => {
  harness = await startHarness();
  digits = await trained('digits', (text) =>
    text.replace('l2: 1.0e-4', 'l2: 1.0e-2').replace('epochs: 40', 'epochs: 20'),
  );
});
afterAll(() => harness.close());
afterEach(async () => {
  expect(await view.violations()).toEqual([]);
  expect(view.errors).toEqual([]);
});

const RUN = trainingRun().header.id;

/** A host in the place of the extension's: it answers all that the view asks for. */
class Host {
  readonly feed: WeightsFeed;
  #answered = 0;

  constructor(history: RunHistory) {
    this.feed = new WeightsFeed(history);
  }

  async answer(): Promise<void> {
    const overview = this.feed.news();
    if (overview) await view.receive({ type: 'weights', run: RUN, overview, values: [] });
    for (;;) {
      await view.settle();
      const asked = (await this.asked()).slice(this.#answered);
      if (asked.length === 0) return;
      this.#answered += asked.length;
      const values = this.feed.values(asked.flatMap(({ wanted }) => wanted));
      await view.receive({ type: 'weights', run: RUN, overview: null, values });
    }
  }

  async asked() {
    return (await view.sent()).filter((message) => message.type === 'weights');
  }
}

async function show(
  history: RunHistory,
  options: Parameters<Harness['open']>[0] = {},
): Promise<Host> {
  view = await harness.open(options);
  await view.receive({ ...hydrate(trainingRun()), settings: { ...SETTINGS, tab: 'weights' } });
  const host = new Host(history);
  await host.answer();
  return host;
}

async function screenshot(name: string): Promise<void> {
  if (process.env.SCREENSHOTS)
    await view.page.screenshot({ path: `${process.env.SCREENSHOTS}/weights-${name}.png` });
}

interface Made {
  label: string;
  kind: string;
  /** Empty for a layer without weights. */
  shape: number[];
  /** At each step; absent: not kept. */
  values?: (step: number) => Float32Array;
}

/** A run of two moments, before the first step and after the tenth, with these layers. */
function made(inputShape: number[], layers: Made[]): RunHistory {
  const plan: PlanSummary = {
    inputShape,
    parameterCount: 0,
    arenaBytes: 0,
    layers: layers.map(({ label, kind, shape }, layer) => ({
      path: ['model', 'layers', layer],
      label,
      kind,
      outputShape: shape.length > 0 ? [shape.at(-1)!] : inputShape,
      parameters: shape.length > 0 ? [{ id: label, name: 'weights', shape }] : [],
    })),
  };
  const history = new RunHistory();
  history.push([started({ plan })]);
  for (const step of [0, 10])
    for (const [parameter, { values }] of layers.entries())
      if (values) history.push([weights(step, { parameter, ...encodeWeights(values(step)) })]);
  return history;
}

const completed = () => ({ ...trainingRun().header, state: 'completed' as const });

const filled = (size: number, f: (i: number) => number) => () =>
  Float32Array.from({ length: size }, (_, i) => f(i));

const picture = () => view.page.locator('.first-layer');
const matrix = (label: string) =>
  view.page.locator('.matrix', { has: view.page.getByRole('heading', { name: `of ${label} ` }) });
const scrubber = () => view.page.getByRole('slider', { name: 'Moment of the training' });
const list = () => view.page.getByRole('listbox');
const option = () => view.page.getByRole('option');
const reading = () => picture().locator('.below .reading').textContent();

/** The digits' first layer at an epoch, as the log tells it. */
function filtersAt(epoch: number) {
  const event = digits.inspected.weights[0]!.events.find((one) => one.epoch === epoch)!;
  const layout = { height: 8, width: 8, channels: 1, units: 100 };
  return filtersOf(decodeWeights(event), layout);
}

/** Red, green and blue of a canvas at a place, in CSS pixels. */
function colorAt(canvas: Locator, x: number, y: number): Promise<number[]> {
  return canvas.evaluate(
    (node, [left, top]) => {
      const { context } = { context: (node as unknown as CanvasLike).getContext('2d') };
      return [...context.getImageData(left!, top!, 1, 1).data].slice(0, 3);
    },
    [x, y],
  );
}
interface CanvasLike {
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, w: number, h: number): { data: Iterable<number> };
  };
}

describe('the first layer as images', () => {
  test('has an image for each unit, and a verdict', async () => {
    await show(digits);
    const title = picture().getByRole('heading', {
      name: 'What does each unit of dense 1 look for?',
    });
    expect(await title.isVisible()).toBe(true);
    expect(await reading()).toBe('100 images of 8 × 8 · click to enlarge');
    const { verdict, explanation } = layerSmoothness(filtersAt(20), 460);
    expect(verdict).toBe('structured');
    expect(await picture().locator('.verdict').textContent()).toBe(`Structured. ${explanation}`);
  });

  test('paints each weight, white where it is highest, black where it is lowest, grey at 0', async () => {
    // Two units of 2 × 2 pixels: [1, −1, 0, 0.5] and 1/4 of it.
    const values = [1, 0.25, -1, -0.25, 0, 0, 0.5, 0.125];
    const history = made(
      [2, 2, 1],
      [{ label: 'dense 1', kind: 'dense', shape: [4, 2], values: filled(8, (i) => values[i]!) }],
    );
    await show(history);
    const canvas = picture().locator('.filters canvas');
    const box = (await canvas.boundingBox())!;
    const side = (box.width - 1) / 2;
    const colors = async (unit: number) => {
      const found: number[][] = [];
      for (const [x, y] of [
        [0.25, 0.25],
        [0.75, 0.25],
        [0.25, 0.75],
        [0.75, 0.75],
      ])
        found.push(await colorAt(canvas, unit * (side + 1) + x! * side, y! * side));
      return found.map(([red]) => red);
    };
    expect(await colors(0)).toEqual([255, 0, 128, 192].map((level) => expect.closeTo(level, -0.7)));
    expect(await colors(1)).toEqual(await colors(0));
    await picture().getByText('all', { exact: true }).click();
    await view.settle();
    expect(await colors(0)).toEqual([255, 0, 128, 192].map((level) => expect.closeTo(level, -0.7)));
    expect(await colors(1)).toEqual(
      [160, 96, 128, 144].map((level) => expect.closeTo(level, -0.7)),
    );
    expect(await picture().locator('.scale-bar').textContent()).toBe('-1.001.00');
  });

  test('shows colors from the lowest to the highest weight', async () => {
    // One unit of 1 × 2 pixels: red, and one whose blue is NaN.
    const history = made(
      [1, 2, 3],
      [
        {
          label: 'dense 1',
          kind: 'dense',
          shape: [6, 1],
          values: filled(6, (i) => [3, -1, -1, 0, 0, Number.NaN][i]!),
        },
      ],
    );
    await show(history);
    const canvas = picture().locator('.filters canvas');
    const { width, height } = (await canvas.boundingBox())!;
    expect(await colorAt(canvas, width / 4, height / 2)).toEqual([255, 0, 0]);
    const broken = await colorAt(canvas, (3 * width) / 4, height / 2);
    expect(broken[0]).toBeGreaterThan(200);
    expect(broken[2]).toBeGreaterThan(0);
    expect(await reading()).toContain('1 image of 2 × 1 in color');
    expect(await picture().locator('.scale-bar').isVisible()).toBe(false);
  });

  test('of an earlier moment, by the scrubber', async () => {
    const host = await show(digits);
    expect(await scrubber().getAttribute('aria-valuetext')).toBe('epoch 20 · step 460');
    await scrubber().focus();
    await view.page.keyboard.press('Home');
    await host.answer();
    await view.settle();
    expect(await scrubber().getAttribute('aria-valuetext')).toBe('before training');
    const { explanation } = layerSmoothness(filtersAt(0), 0);
    expect(await picture().locator('.verdict').textContent()).toBe(explanation);
    expect(explanation).toContain('before training');
    const before = (await host.asked()).length;
    await view.page.keyboard.press('End');
    await view.page.keyboard.press('Home');
    await view.settle();
    // What has come once is not asked for again.
    expect(await host.asked()).toHaveLength(before);
  });

  test('sorted, the same way at every moment', async () => {
    const host = await show(digits);
    const first = async () => {
      await list().focus();
      await view.page.keyboard.press('End');
      await view.page.keyboard.press('Home');
      return (await option().textContent())!.split(':')[0];
    };
    for (const by of ['norm', 'smoothness', 'unit'] as const) {
      await picture().getByText(by, { exact: true }).first().click();
      await view.settle();
      const expected = `unit ${orderOf(filtersAt(20), by)[0]! + 1}`;
      expect(await first()).toBe(expected);
      await scrubber().focus();
      await view.page.keyboard.press('Home');
      await host.answer();
      await view.settle();
      expect(await first()).toBe(expected);
      await scrubber().focus();
      await view.page.keyboard.press('End');
      await view.settle();
    }
  });

  test('sorted, scaled and at the moment chosen, also after a reload', async () => {
    await show(digits);
    await picture().getByText('norm', { exact: true }).first().click();
    await picture().getByText('all', { exact: true }).first().click();
    await scrubber().focus();
    await view.page.keyboard.press('Home');
    await view.settle();
    await view.page.reload();
    await view.receive({ ...hydrate(trainingRun()), settings: { ...SETTINGS, tab: 'weights' } });
    await new Host(digits).answer();
    expect(await scrubber().inputValue()).toBe('0');
    for (const [name, value] of [
      ['filter-order', 'norm'],
      ['filter-range', 'all'],
    ])
      expect(await picture().locator(`input[name=${name}]:checked`).inputValue()).toBe(value);
    expect(await picture().locator('.verdict').textContent()).toContain('before training');
  });

  test('tells unit and weight under the pointer, and enlarges by a click', async () => {
    await show(digits);
    const filters = filtersAt(20);
    const box = (await list().boundingBox())!;
    const side = (await picture().locator('.frame').first().boundingBox())!.width;
    // The second pixel of the third unit.
    await view.page.mouse.move(box.x + 2 * (side + 1) + side * 0.19, box.y + side * 0.06);
    const value = filterAt(filters, 2)[1]!;
    expect(await reading()).toMatch(
      /^unit 3: norm [\d.]+, smoothness -?[\d.]+ · row 1, column 2: /,
    );
    expect(await reading()).toContain(`norm ${brief(normOf(filters, 2))}`);
    expect((await reading())!.endsWith(exact(value))).toBe(true);
    expect(await picture().locator('.filter-detail figcaption').textContent()).toBe(
      'unit 1 of 100',
    );
    await view.page.mouse.down();
    await view.page.mouse.up();
    await view.settle();
    const detail = picture().locator('.filter-detail');
    expect(await detail.locator('figcaption').textContent()).toBe('unit 3 of 100');
    expect(await detail.locator('td').first().textContent()).toBe(brief(normOf(filters, 2)));
    await view.page.mouse.move(5, 5);
    expect(await reading()).toContain('100 images');
  });

  test('is read by the keyboard', async () => {
    await show(digits);
    await list().focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowUp', 'ArrowLeft'])
      await view.page.keyboard.press(key);
    expect(await option().getAttribute('aria-posinset')).toBe('2');
    expect(await option().getAttribute('aria-setsize')).toBe('100');
    expect(await list().getAttribute('aria-activedescendant')).toBe(
      await option().getAttribute('id'),
    );
    await view.page.keyboard.press('Enter');
    await view.settle();
    expect(await picture().locator('.filter-detail figcaption').textContent()).toBe(
      'unit 2 of 100',
    );
    const weight = view.page.getByRole('slider', { name: 'Read the weights of unit 2' });
    await weight.focus();
    for (const key of ['End', 'ArrowLeft']) await view.page.keyboard.press(key);
    const value = filterAt(filtersAt(20), 1)[62]!;
    expect(await weight.getAttribute('aria-valuetext')).toBe(`row 8, column 7: ${exact(value)}`);
  });

  test('is told in numbers too', async () => {
    await show(digits);
    const row = picture().getByRole('row', { name: /^unit 100 / });
    await row.waitFor({ state: 'attached' });
    const filters = filtersAt(20);
    const cells = await row.locator('td').allTextContents();
    expect(cells[0]).toBe(brief(normOf(filters, 99)));
    expect(cells[3]).toBe(brief(Math.max(...filterAt(filters, 99))));
  });

  test('of many units shows some, and all when asked', async () => {
    const units = 300;
    const history = made(
      [3, 3, 2],
      [
        {
          label: 'conv2d 1',
          kind: 'conv2d',
          shape: [3, 3, 2, units],
          values: filled(18 * units, (i) => Math.sin(i)),
        },
      ],
    );
    await show(history);
    expect(await reading()).toContain('256 of 600 images of 3 × 3');
    expect(await picture().locator('.verdict').textContent()).toContain('too small');
    await view.page.getByRole('button', { name: 'show all 600' }).click();
    await view.settle();
    expect(await reading()).toMatch(/^600 images/);
    await list().focus();
    await view.page.keyboard.press('End');
    expect(await option().textContent()).toMatch(/^unit 300, channel 2: /);
  });
});

describe('the other layers as matrices', () => {
  test('with their values', async () => {
    await show(digits, { height: 1000 });
    const panel = matrix('dense 2');
    expect(await panel.locator('.note').first().textContent()).toBe('10 units ↓ × 100 inputs →');
    const cursor = panel.getByRole('slider');
    await cursor.focus();
    for (const key of ['Home', 'ArrowDown', 'ArrowRight', 'ArrowRight'])
      await view.page.keyboard.press(key);
    const { events } = digits.inspected.weights[2]!;
    // Weights are [inputs × units].
    const value = decodeWeights(events.at(-1)!)[2 * 10 + 1]!;
    expect(await cursor.getAttribute('aria-valuetext')).toBe(`unit 2, input 3: ${exact(value)}`);
    const most = brief(events.at(-1)!.scale);
    expect(await panel.locator('.scale-bar').textContent()).toBe(`-${most}${most}`);
  });

  test('are asked for only when they are seen', async () => {
    const layers = Array.from({ length: 30 }, (_, i) => ({
      label: `dense ${i + 1}`,
      kind: 'dense',
      shape: [20, 20],
      values: filled(400, Math.cos),
    }));
    const host = await show(made([20], layers));
    const parameters = async () =>
      new Set((await host.asked()).flatMap(({ wanted }) => wanted.map((one) => one.parameter)));
    const seen = await parameters();
    expect(seen.size).toBeGreaterThan(0);
    expect(seen.size).toBeLessThan(10);
    await view.page.mouse.move(300, 400);
    await view.page.mouse.wheel(0, 100_000);
    await view.settle();
    await host.answer();
    expect([...(await parameters())]).toContain(29);
    expect((await parameters()).size).toBeLessThan(20);
  });
});

describe('what cannot be shown, and why', () => {
  test('plain features have no picture', async () => {
    const history = made(
      [2],
      [{ label: 'dense 1', kind: 'dense', shape: [2, 8], values: filled(16, Math.sin) }],
    );
    await show(history);
    expect(await view.page.locator('.weights .reason').first().textContent()).toContain(
      'plain list of 2 features',
    );
    expect(await matrix('dense 1').isVisible()).toBe(true);
    expect(await picture().count()).toBe(0);
  });

  test('a regression with one unit', async () => {
    await show(await trained('regression', (text) => text.replace(/epochs: \d+/, 'epochs: 2')));
    const note = view.page.locator('.matrix').last().locator('.note').first();
    expect(await note.textContent()).toMatch(/^1 unit ↓ × /);
  });

  test('weights that are no numbers', async () => {
    const history = made(
      [8, 8, 1],
      [
        { label: 'dense 1', kind: 'dense', shape: [64, 4], values: filled(256, () => Number.NaN) },
        { label: 'dense 2', kind: 'dense', shape: [4, 2], values: filled(8, () => Number.NaN) },
      ],
    );
    await show(history);
    expect(await picture().locator('.verdict').textContent()).toContain('training has diverged');
    expect(await picture().locator('.filter-detail td').allTextContents()).toEqual(
      Array(4).fill('none'),
    );
    expect(await matrix('dense 2').locator('.note').first().textContent()).toContain(
      'no weight is a finite number',
    );
    await screenshot('nan');
  });

  test('layers that were too large are named', async () => {
    const history = made(
      [4, 4, 1],
      [
        { label: 'dense 1', kind: 'dense', shape: [16, 3], values: filled(48, Math.sin) },
        { label: 'dense 2', kind: 'dense', shape: [3, 99999] },
      ],
    );
    await show(history);
    expect(await view.page.locator('.weights .reason').last().textContent()).toMatch(
      /^dense 2 has too many weights/,
    );
  });

  test('a network without weights', async () => {
    await show(made([4], [{ label: 'relu 1', kind: 'relu', shape: [] }]));
    expect(await view.page.locator('.weights .notice').textContent()).toMatch(
      /^No layer of this network has weights/,
    );
  });

  test('weights that were all too large, of a run that ended', async () => {
    const history = made([4], [{ label: 'dense 1', kind: 'dense', shape: [4, 9] }]);
    history.push([distributions(0, {}, history.started!.plan)]);
    await show(history);
    const notice = view.page.locator('.weights .notice');
    expect(await notice.textContent()).toBe('Waiting for the first weights…');
    await view.receive({ type: 'update', runs: [{ header: completed(), series: [] }] });
    expect(await notice.textContent()).toContain('too large');
  });

  test('a run that was not inspected', async () => {
    await show(await trained('spiral', (text) => `${text}\ninspect: none\n`));
    const notice = view.page.locator('.weights .notice');
    expect(await notice.textContent()).toContain('No weights have come yet');
    await view.receive({ type: 'update', runs: [{ header: completed(), series: [] }] });
    expect(await notice.textContent()).toContain('Train it again without inspect: none');
  });

  test('a run that goes on shows its own weights, not those of before', async () => {
    const history = made(
      [2, 2, 1],
      [{ label: 'dense 1', kind: 'dense', shape: [4, 1], values: filled(4, () => 1) }],
    );
    const host = await show(history);
    const largest = () => picture().locator('.filter-detail td').last().textContent();
    expect(await largest()).toBe('1.00');
    history.push([
      steps(1, Array(10).fill(1)),
      resumed({ step: 0, epoch: 0 }),
      weights(10, { parameter: 0, ...encodeWeights(Float32Array.of(2, 2, 2, 2)) }),
    ]);
    await host.answer();
    await view.settle();
    expect(await largest()).toBe('2.00');
  });
});

test('at any width', async () => {
  for (const width of [400, 860, 2000]) {
    await show(digits, { width });
    expect(await view.page.evaluate<number>('document.documentElement.scrollWidth')).toBe(width);
    await screenshot(`${width}`);
  }
});

test.each(['dark', 'light', 'high-contrast', 'high-contrast-light'] as const)(
  '%s',
  async (theme) => {
    await show(digits, { theme, height: 1000 });
    await list().click({ position: { x: 120, y: 20 } });
    await view.settle();
    await screenshot(theme);
    expect(await picture().locator('.filter-detail').isVisible()).toBe(true);
    // What listens to the pointer is as large as what it lies over.
    for (const over of await view.page.locator('.weights .over').all()) {
      const canvas = over.locator('xpath=preceding-sibling::canvas');
      const [a, b] = [(await over.boundingBox())!, (await canvas.boundingBox())!];
      expect([a.x, a.y, a.width, a.height]).toEqual([b.x, b.y, b.width, b.height]);
    }
  },
);
