import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type {
  ClassPredictions,
  ExplorerFacts,
  ValuePredictions,
} from '../../../core/inspection/explorer/protocol.ts';
import { fullRange } from '../../../core/inspection/filters/range.ts';
import type { ExplorerHandle } from '../../../core/session/launch-explorer.ts';
import { probability } from '../../../webview/features/bars.ts';
import { brief, exact } from '../../../webview/format.ts';
import {
  ExploringHost,
  ownExplorer,
  RUN,
  sample,
  type TrainedRun,
  trainedRun,
} from './explored.ts';
import { type Dashboard, type Harness, startHarness } from './harness.ts';
import type { ThemeName } from './themes.ts';

let harness: Harness;
let view: Dashboard;
let host: ExploringHost;
/** For the digits: it goes on from test to test. */
let shared: ExploringHost;
/** A convolutional network of four epochs, and what the views are to show of it. */
let digits: TrainedRun;
let explorer: ExplorerHandle;
let facts: ExplorerFacts;
let predictions: ClassPredictions;

beforeAll(async () => {
  harness = await startHarness();
  digits = await trainedRun((await sample('digits-cnn')).replace('epochs: 20', 'epochs: 4'));
  explorer = ownExplorer(digits);
  shared = new ExploringHost(digits);
  facts = (await explorer.opened).facts;
  const found = await explorer.ask({ type: 'predictions', part: 'validation' });
  if (found.task !== 'classification') throw new Error('These are classes.');
  predictions = found;
});
afterAll(async () => {
  await harness.close();
  await Promise.all([explorer.dispose(), shared.exploration.dispose()]);
  await digits.remove();
});
afterEach(async () => {
  expect(await view.violations()).toEqual([]);
  expect(view.errors).toEqual([]);
  vi.restoreAllMocks();
});

async function openDigits(options: Parameters<Harness['open']>[0] = {}): Promise<void> {
  view = await harness.open(options);
  host = shared;
  await host.show(view);
  await title().waitFor();
}

async function open(run: TrainedRun): Promise<void> {
  view = await harness.open();
  host = new ExploringHost(run);
  onTestFinished(() => host.exploration.dispose());
  await host.show(view);
}

/** What takes a while on a busy machine. */
const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 20_000 });

async function screenshot(name: string): Promise<void> {
  if (!process.env.SCREENSHOTS) return;
  await view.settle();
  const path = `${process.env.SCREENSHOTS}/features-${name}.png`;
  await view.page.screenshot({ path, fullPage: true });
}

const tab = (name: string) => view.page.getByRole('tab', { name, exact: true });
const title = () => view.page.locator('.card h2');
const card = () => view.page.locator('.card');
const words = () => view.page.locator('#section p.said');
const list = () => view.page.getByRole('listbox', { name: 'Examples' });
const rowTexts = () =>
  list()
    .locator('.row')
    .evaluateAll((rows) =>
      (rows as unknown as { textContent: string }[]).map((row) => row.textContent),
    );
/** Names and numbers of a table of bars. */
const bars = async (table: ReturnType<typeof card>) =>
  Promise.all(
    (await table.locator('tr').all()).map(async (row) => [
      await row.locator('th').textContent(),
      await row.locator('.number').textContent(),
    ]),
  );
/** The same of an answer. */
const largest = (values: Float32Array, most: number) =>
  Array.from(values, (value, k) => [facts.classes![k], probability(value), value] as const)
    .sort((a, b) => b[2] - a[2])
    .slice(0, most)
    .map(([name, text]) => [name, text]);

describe('examples', () => {
  test('what the network says of the chosen one', async () => {
    await openDigits();
    await eventually(() => title().textContent()).toBe('Validation example 0');
    const example = { part: 'validation', index: 0 } as const;
    const answer = await explorer.ask({ type: 'example', example });
    expect(await bars(card().locator('.bars'))).toEqual(largest(answer.probabilities!, 10));
    const verdict = answer.predicted === answer.label ? 'predicted right' : 'wrong';
    const said = await card().locator('p.said').textContent();
    expect(said).toContain(`true class ${answer.label} · ${verdict}`);
    expect(said).toContain(`loss ${exact(answer.loss)}`);
    // Each pixel is as bright as its value.
    const pixels = await card()
      .locator('canvas')
      .evaluate((node) => {
        const canvas = node as unknown as CanvasLike;
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return [...data].filter((_, i) => i % 4 === 0);
      });
    expect(pixels).toEqual(Array.from(answer.input, (value) => Math.round((value / 16) * 255)));
  });

  test('are listed by how they are classified, and chosen by arrow keys', async () => {
    await openDigits();
    await list().locator('.row').first().waitFor();
    expect((await rowTexts())[3]).toBe(`${predictions.labels[3]}3`);
    await view.page.getByLabel('list').selectOption('most confident wrong');
    const texts = () =>
      Array.from(predictions.wrong.slice(0, 5), (i) => {
        const said = `→ ${predictions.predicted[i]} ${probability(predictions.confidence[i]!)}`;
        return `${predictions.labels[i]}${said}${i}`;
      });
    await eventually(async () => (await rowTexts()).slice(0, 5)).toEqual(texts());
    await list().focus();
    await view.page.keyboard.press('ArrowDown');
    await eventually(() => title().textContent()).toBe(
      `Validation example ${predictions.wrong[0]}`,
    );
    await view.page.keyboard.press('ArrowDown');
    await eventually(() => title().textContent()).toBe(
      `Validation example ${predictions.wrong[1]}`,
    );
    expect(await list().getAttribute('aria-activedescendant')).toBe('example-1');
    expect(await list().locator('[aria-selected=true]').count()).toBe(1);
    await view.page.keyboard.press('End');
    await eventually(() => title().textContent()).toBe(
      `Validation example ${predictions.wrong.at(-1)}`,
    );
    await view.page.getByLabel('list').selectOption('misclassified');
    const inOrder = [...predictions.wrong].sort((a, b) => a - b);
    await eventually(
      async () => (await rowTexts()).map((text) => text.endsWith(`${inOrder[0]}`))[0],
    ).toBe(true);
    await screenshot('misclassified');
  });

  test('only those that are seen exist and are asked for', async () => {
    await openDigits();
    await view.page.getByText('train', { exact: true }).click();
    await eventually(() => title().textContent()).toBe('Training example 0');
    await list().focus();
    await view.page.keyboard.press('End');
    await eventually(() => title().textContent()).toBe(
      `Training example ${(facts.examples.train - 1).toLocaleString('en-US')}`,
    );
    await eventually(async () => (await rowTexts()).at(-1)).not.toBe('');
    expect(await list().locator('.row').count()).toBeLessThan(40);
    const asked = host.heard.flatMap((message) =>
      message.type === 'ask' && message.query.type === 'images' ? message.query.indices : [],
    );
    expect(asked.length).toBeLessThan(200);
  });

  test('and section are the same after a reload', async () => {
    await openDigits();
    await view.page.getByText('train', { exact: true }).click();
    await list().locator('.row').nth(2).click();
    await eventually(() => title().textContent()).toBe('Training example 2');
    await tab('Saliency').click();
    await view.settle();
    await view.page.reload();
    await host.hydrate(view);
    await eventually(() => title().textContent()).toBe('Training example 2');
    expect(await tab('Saliency').getAttribute('aria-selected')).toBe('true');
  });
});

test('what is seen can be taken away as numbers', async () => {
  await openDigits();
  const example = { part: 'validation', index: 0 } as const;
  const rows = async (button: string) => {
    const saved = () => host.heard.filter(({ type }) => type === 'save');
    const before = saved().length;
    await view.page.getByRole('button', { name: button, exact: true }).first().click();
    await view.page.getByRole('menuitem', { name: 'Save CSV…' }).click();
    await eventually(() => saved().length).toBe(before + 1);
    const last = saved().at(-1)!;
    if (last.type !== 'save') throw new Error('It was filtered.');
    const text = Buffer.from(Object.values(last.bytes)).toString();
    return parse(text, { columns: true }) as Record<string, string>[];
  };
  const numbers = (of: Record<string, string>[], column: string) =>
    of.map((row) => Math.fround(Number(row[column])));
  const answer = await explorer.ask({ type: 'example', example });
  const said = await rows('Export the example');
  expect(numbers(said, 'probability')).toEqual([...answer.probabilities!]);
  expect(said.findIndex((row) => row['true class'] === 'yes')).toBe(answer.label);

  await view.page.locator('.layer-map canvas:not([width="0"])').first().waitFor();
  const [map] = await explorer.ask({ type: 'featureMaps', example, layers: [0] });
  const { label } = facts.layers[0]!;
  const maps = await rows(`Export what ${label} makes of it`);
  const [, width, channels] = map!.shape as [number, number, number];
  for (const row of [maps[0]!, maps[maps.length - 7]!]) {
    const [y, x, k] = [row.row, row.column, row.channel].map((one) => Number(one) - 1);
    expect(Math.fround(Number(row.value))).toBe(map!.values[(y! * width + x!) * channels + k!]);
  }
  expect(maps).toHaveLength(map!.values.length);

  await tab('Saliency').click();
  await eventually(() => words().textContent()).toContain('It depends most on');
  const query = { type: 'saliency', example, output: null, smooth: null } as const;
  const saliency = await explorer.ask(query);
  const slopes = await rows('Export saliency');
  expect(numbers(slopes, 'gradient')).toEqual([...saliency.gradient]);
  expect(numbers(slopes, 'saliency')).toEqual([...saliency.map]);

  await tab('Fool it').click();
  await eventually(() => words().textContent()).toMatch(/ooled/);
  const change = await rows('Export the change');
  expect(numbers(change, 'before')).toEqual([...answer.input]);
  expect(change.some(({ added }) => Number(added) !== 0)).toBe(true);

  await tab('Class images').click();
  await view.page.getByRole('button', { name: 'Make an image of it' }).click();
  const work = view.page.locator('.pictures canvas:visible').first();
  await work.waitFor();
  const way = { steps: 100, rate: 0.02, l2: 0.02, blur: 0.5, jitter: 1, seed: 1 };
  const made = await explorer.ask({ type: 'classImage', output: answer.label!, ...way });
  const image = await rows('Export the images of classes');
  expect(numbers(image, 'value')).toEqual([...made.input]);
  expect(image[0]).toMatchObject({
    class: String(answer.label),
    l2: expect.stringMatching(/^0\.0200000/),
    'blur (pixels)': '0.5',
  });

  await tab('Confusion matrix').click();
  await view.page.locator('.confusion td').first().waitFor();
  const matrix = await rows('Export the confusion matrix');
  expect(matrix.flatMap(({ 'true class': _, ...said }) => Object.values(said).map(Number))).toEqual(
    [...predictions.confusion],
  );

  await tab('Embedding').click();
  await eventually(() => words().textContent()).toContain('Near dots are alike');
  await eventually(() => view.page.locator('#section').textContent()).toContain('misclassified (');
  const dots = await rows('Export the embedding');
  const at = dots.map(({ example }) => Number(example));
  expect(dots.map(({ true: label }) => Number(label))).toEqual(
    at.map((index) => predictions.labels[index]),
  );
  expect(dots.map(({ said }) => Number(said))).toEqual(
    at.map((index) => predictions.predicted[index]),
  );
});

interface CanvasLike {
  width: number;
  height: number;
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, width: number, height: number): { data: Uint8Array };
  };
}

const EXAMPLE = { part: 'validation', index: 0 } as const;

describe('feature maps', () => {
  const relu = () => facts.layers.findIndex(({ label }) => label === 'relu 1');
  const maps = () => view.page.getByRole('listbox', { name: 'Channels of relu 1' });
  const row = () => view.page.locator('.layer-map', { has: maps() });

  test('of each layer, read unit by unit', async () => {
    await openDigits();
    await maps().waitFor();
    const layer = relu();
    const [found] = await explorer.ask({ type: 'featureMaps', example: EXAMPLE, layers: [layer] });
    const { low, high } = fullRange(found!.values);
    await eventually(() => row().textContent()).toContain(`${brief(low)} … ${brief(high)}`);
    expect(await row().textContent()).toContain('32 × 8 × 8 · sees 3 × 3');
    await maps().focus();
    await view.page.keyboard.press('ArrowRight');
    const second = found!.values.filter((_, i) => i % 32 === 1);
    const range = fullRange(second);
    await eventually(() => maps().getByRole('option').textContent()).toBe(
      `channel 2: ${brief(range.low)} … ${brief(range.high)}`,
    );
    // Every layer that is scrolled to has its values; the last ones are the scores.
    const last = facts.layers.length - 1;
    const { outputs } = await explorer.ask({ type: 'example', example: EXAMPLE });
    const units = view.page.getByRole('listbox', { name: `Units of ${facts.layers[last]!.label}` });
    await units.scrollIntoViewIfNeeded();
    const numbers = fullRange(outputs);
    await eventually(() => view.page.locator('.layer-map').last().textContent()).toContain(
      `${brief(numbers.low)} … ${brief(numbers.high)}`,
    );
    await units.focus();
    await view.page.keyboard.press('End');
    await eventually(() => units.getByRole('option').textContent()).toBe(
      `unit 10: ${exact(outputs[9]!)}`,
    );
  });

  test('lead to a unit: what it reacts to, and what excites it most', async () => {
    await openDigits();
    await maps().waitFor();
    await eventually(() => row().textContent()).toContain('…');
    await maps().focus();
    await view.page.keyboard.press('ArrowRight');
    await view.page.keyboard.press('Enter');
    const detail = view.page.locator('.unit-detail');
    expect(await detail.locator('h3').first().textContent()).toBe(
      'What does channel 2 of relu 1 react to?',
    );
    const of = { layer: relu(), unit: 1 };
    const found = await explorer.ask({ type: 'unit', example: EXAMPLE, ...of, rule: 'guided' });
    const { row: at, column } = found.place!;
    await eventually(() => detail.locator('p.said').textContent()).toContain(
      `at most ${exact(found.value)} at row ${at + 1}, column ${column + 1}`,
    );
    const most = (gradient: Float32Array) => brief(Math.max(...gradient.map(Math.abs)));
    expect(await detail.locator('figcaption').nth(1).textContent()).toContain(most(found.gradient));
    await detail.getByText('deconvolution').click();
    const other = await explorer.ask({
      type: 'unit',
      example: EXAMPLE,
      ...of,
      rule: 'deconvolution',
    });
    await eventually(() => detail.locator('figcaption').nth(1).textContent()).toContain(
      most(other.gradient),
    );
    const patches = await explorer.ask({ type: 'patches', part: 'train', ...of, count: 12 });
    const shown = detail.getByRole('listitem');
    await eventually(() => shown.count()).toBe(12);
    expect(await shown.locator('figcaption').allTextContents()).toEqual(
      patches.map(({ value }) => brief(value)),
    );
    await screenshot('unit');
    for (const [button, values] of [
      ['Export what the unit reacts to', [...other.gradient]],
      ['Export what excites it most', patches.flatMap(({ pixels }) => [...pixels])],
    ] as const) {
      await view.page.getByRole('button', { name: button }).click();
      const before = host.heard.length;
      await view.page.getByRole('menuitem', { name: 'Save CSV…' }).click();
      await eventually(() => host.heard.length).toBe(before + 1);
      const saved = host.heard.at(-1)!;
      const text = saved.type === 'save' ? Buffer.from(Object.values(saved.bytes)).toString() : '';
      const own = parse(text, { columns: true }) as Record<string, string>[];
      expect(own.map(({ gradient, value }) => Math.fround(Number(gradient ?? value)))).toEqual(
        values,
      );
    }
    await shown.first().getByRole('button').click();
    await eventually(() => title().textContent()).toBe(
      `Training example ${patches[0]!.index.toLocaleString('en-US')}`,
    );
    // The unit stays open, now with this example: there it is as active as the patch says.
    await eventually(() => detail.locator('p.said').textContent()).toContain(
      `at most ${exact(patches[0]!.value)}`,
    );
  });
});

test('saliency: of the predicted class, of another, smoothed', async () => {
  await openDigits();
  await tab('Saliency').click();
  const expected = async (output: number | null, smooth: boolean) => {
    const found = await explorer.ask({
      type: 'saliency',
      example: EXAMPLE,
      output,
      smooth: smooth ? { samples: 50, noise: 0.15 } : null,
    });
    const { high } = fullRange(found.map);
    const place = found.map.indexOf(high);
    return `The score of ${facts.classes![found.output]} is ${exact(found.score)}. It depends most on row ${Math.floor(place / 8) + 1}, column ${(place % 8) + 1}: ${brief(high)} a unit of the data.`;
  };
  await eventually(() => words().textContent()).toBe(await expected(null, false));
  await view.page.getByLabel('score of').selectOption('3');
  await eventually(() => words().textContent()).toBe(await expected(3, false));
  await view.page.getByText('SmoothGrad').click();
  await eventually(() => words().textContent()).toBe(await expected(3, true));
  await screenshot('saliency');
});

test('fool it: by a chosen step, and by the smallest', async () => {
  await openDigits();
  await tab('Fool it').click();
  const after = view.page.locator('.fool .bars').last();
  const shows = async (epsilon: number | 'smallest', steps: number, target: number | null) => {
    const found = await explorer.ask({ type: 'fool', example: EXAMPLE, epsilon, steps, target });
    await eventually(() => bars(after)).toEqual(largest(found.probabilities!, 5));
    return found;
  };
  // 1/16 of the range of 16.
  const first = await shows(1, 1, null);
  const amount = () => view.page.locator('.fool output').textContent();
  expect(await amount()).toBe('1.00 (6.3 % of the range 0 … 16.0)');
  expect(await words().textContent()).toContain(first.fooled ? 'Fooled' : 'Not fooled');
  await view.page.getByRole('slider').focus();
  await view.page.keyboard.press('End');
  await shows(16, 1, null);
  await view.page.getByRole('button', { name: 'Find the smallest step' }).click();
  const smallest = await shows('smallest', 1, null);
  expect(await words().textContent()).toContain(
    `Fooled: ${facts.classes![smallest.before.predicted!]} is taken for ${facts.classes![smallest.predicted!]}, with a change of at most ${brief(smallest.epsilon!)}`,
  );
  expect(await amount()).toContain(brief(smallest.epsilon!));
  await view.page.getByText('many small steps').click();
  await view.page.getByLabel('take it for').selectOption('8');
  await view.page.getByRole('button', { name: 'Find the smallest step' }).click();
  const aimed = await shows('smallest', 20, 8);
  expect(aimed.predicted).toBe(8);
  expect(await words().textContent()).toContain('taken for 8');
  await screenshot('fool');
});

describe('class images', () => {
  const caption = (name: string) =>
    view.page.locator('figcaption', { hasText: new RegExp(`^${name} · `) });

  test('of one class and of all, by the regularization that is set', async () => {
    await openDigits();
    await tab('Class images').click();
    await view.page.getByRole('combobox', { name: 'class' }).selectOption('3');
    await view.page.getByRole('button', { name: 'Make an image of it' }).click();
    const way = { steps: 100, rate: 0.02, l2: 0.02, blur: 0.5, jitter: 1, seed: 1 };
    const made = await explorer.ask({ type: 'classImage', output: 3, ...way });
    const text = ({ probabilities, scores }: typeof made, name: number) =>
      `${name} · probability ${probability(probabilities![name]!)}\nscore ${brief(scores[0]!)} → ${brief(scores.at(-1)!)}`;
    await eventually(() => caption('3').textContent()).toBe(text(made, 3));
    await view.page.getByRole('slider').focus();
    await view.page.keyboard.press('Home');
    await view.page.getByRole('button', { name: 'Make one of each class' }).click();
    const bare = { ...way, l2: 0, blur: 0 };
    for (const output of [0, 9]) {
      const found = await explorer.ask({ type: 'classImage', output, ...bare });
      await eventually(() => caption(String(output)).textContent()).toBe(text(found, output));
    }
    await screenshot('class-images');
  });
});

describe('embedding', () => {
  const dots = () => view.page.getByRole('listbox', { name: /^Examples as dots/ });
  const option = () => dots().locator('[role=option]').textContent();
  const heading = () => facts.layers.findIndex(({ label }) => label === 'dense 2') - 1;

  test('of the last hidden layer, in words and groups; keys go from dot to dot', async () => {
    await openDigits();
    await tab('Embedding').click();
    const query = { type: 'embedding', part: 'validation', layer: heading() } as const;
    const found = await explorer.ask({ ...query, method: 'pca', examples: 500 });
    const { indices, points, labels, explained } = found;
    const [first, second] = [...explained!].map((share) => (100 * share).toFixed(1));
    await eventually(() => words().textContent()).toBe(
      `${indices.length} of ${facts.examples.validation} validation examples by the features of ${facts.layers[heading()]!.label}: the two axes hold ${first} % and ${second} % of their variance. Near dots are alike.`,
    );
    const wrong = [...indices].filter(
      (i) => predictions.predicted[i] !== predictions.labels[i],
    ).length;
    await eventually(() => view.page.locator('#section').textContent()).toContain(
      `misclassified (${wrong})`,
    );
    await view.page.getByText('The groups as a table').click();
    const own = [...labels.keys()].filter((place) => labels[place] === 3);
    const mean = (axis: 0 | 1) =>
      own.reduce((sum, place) => sum + points[2 * place + axis]!, 0) / own.length;
    const cells = view.page.locator('#section tbody tr').nth(3).locator('th, td');
    expect((await cells.allTextContents()).slice(0, 3)).toEqual([
      '3',
      String(own.length),
      `${brief(mean(0))}, ${brief(mean(1))}`,
    ]);
    // The nearest of those that lie rather to the right than above or below.
    await dots().focus();
    await view.page.keyboard.press('Shift+Tab');
    await view.page.keyboard.press('Tab');
    const start = indices.indexOf(0);
    expect(start).toBeGreaterThanOrEqual(0);
    await eventually(option).toContain('validation example 0: true');
    const away = (place: number) =>
      [0, 1].map((k) => points[2 * place + k]! - points[2 * start + k]!);
    const rightOf = [...indices.keys()]
      .filter((place) => away(place)[0]! > Math.abs(away(place)[1]!))
      .sort((a, b) => Math.hypot(...away(a)) - Math.hypot(...away(b)));
    const leftOf = [...indices.keys()]
      .filter((place) => -away(place)[0]! > Math.abs(away(place)[1]!))
      .sort((a, b) => Math.hypot(...away(a)) - Math.hypot(...away(b)));
    const [key, next] =
      rightOf.length > 0 ? ['ArrowRight', rightOf[0]!] : ['ArrowLeft', leftOf[0]!];
    await view.page.keyboard.press(key);
    const index = indices[next]!;
    await eventually(option).toBe(
      `validation example ${index}: true ${predictions.labels[index]}, said ${predictions.predicted[index]}`,
    );
    await view.page.locator('.dot canvas').waitFor();
    await screenshot('embedding');
    await view.page.keyboard.press('Enter');
    await eventually(() => title().textContent()).toBe(`Validation example ${index}`);
  });

  test('by t-SNE, of another layer, and of fewer examples', async () => {
    await openDigits({ theme: 'light' });
    await tab('Embedding').click();
    await view.page.getByText('250', { exact: true }).click();
    await view.page.getByText('t-SNE', { exact: true }).click();
    const layer = facts.layers.length - 1;
    await view.page.getByLabel('features of').selectOption(String(layer));
    const query = { type: 'embedding', part: 'validation', layer } as const;
    const found = await explorer.ask({ ...query, method: 'tsne', examples: 250 });
    await eventually(() => words().textContent()).toContain(
      `t-SNE with about ${brief(found.perplexity!)} neighbours, a divergence of ${brief(found.divergence!)} is left`,
    );
    expect(await words().textContent()).toContain(`250 of`);
    await eventually(() => view.page.locator('#section').textContent()).toContain(
      'misclassified (',
    );
    await screenshot('embedding-light');
  });
});

test.each<ThemeName>(['dark', 'light'])('confusion matrix, %s', async (theme) => {
  await openDigits({ theme });
  await tab('Confusion matrix').click();
  const cell = (label: number, said: number) =>
    view.page.locator('.confusion tbody tr').nth(label).locator('td').nth(said);
  await cell(9, 9).waitFor();
  const { confusion, labels, predicted, accuracy, right } = predictions;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const [worst] = [...confusion.keys()]
    .filter((at) => at % 10 !== Math.floor(at / 10))
    .sort((a, b) => confusion[b]! - confusion[a]! || a - b);
  const [label, said] = [Math.floor(worst! / 10), worst! % 10];
  const ofClass = labels.filter((k) => k === label).length;
  expect(await cell(label, said).textContent()).toBe(
    `${confusion[worst!]}${percent(confusion[worst!]! / ofClass)}`,
  );
  expect(await cell(label, 10).textContent()).toBe(
    percent(confusion[label * 10 + label]! / ofClass),
  );
  const asSaid = predicted.filter((k) => k === said).length;
  expect(await view.page.locator('.confusion tfoot td').nth(said).textContent()).toBe(
    percent(confusion[said * 10 + said]! / asSaid),
  );
  expect(await words().textContent()).toBe(
    `${right.length} of ${labels.length} validation examples are right: ${percent(accuracy)}. Most often: true ${label}, said ${said} (${confusion[worst!]}).`,
  );
  // To the cell by keys, and Enter lists what is in it.
  await cell(0, 0).focus();
  for (let k = 0; k < label; k++) await view.page.keyboard.press('ArrowDown');
  for (let k = 0; k < said; k++) await view.page.keyboard.press('ArrowRight');
  await view.page.keyboard.press('Enter');
  const inCell = [...labels.keys()].filter((i) => labels[i] === label && predicted[i] === said);
  await eventually(async () =>
    (await rowTexts()).map((text) => text.replace(/^.* \d\.\d{4}/, '')),
  ).toEqual(inCell.map(String));
  expect(await view.page.getByLabel('list').locator('option:checked').textContent()).toBe(
    `true ${label}, said ${said}`,
  );
  expect(await cell(label, said).evaluate((node) => node.matches(':focus'))).toBe(true);
  await screenshot(`confusion-${theme}`);
  // An empty cell says so.
  const empty = confusion.indexOf(0);
  await cell(Math.floor(empty / 10), empty % 10).click();
  await eventually(() => view.page.locator('.examples').textContent()).toContain(
    `No validation example is true ${Math.floor(empty / 10)}, said ${empty % 10}.`,
  );
});

describe('work', () => {
  test('that takes a while shows how far it is, and can be cancelled', async () => {
    await openDigits();
    await tab('Class images').click();
    // From here on nobody answers but the test.
    const { exploration } = host;
    const asked: number[] = [];
    const cancelled: number[] = [];
    vi.spyOn(exploration, 'ask').mockImplementation((_session, id) => void asked.push(id));
    vi.spyOn(exploration, 'cancel').mockImplementation((id) => void cancelled.push(id));
    await view.page.getByRole('button', { name: 'Make an image of it' }).click();
    const work = view.page.locator('#section .work');
    await eventually(() => work.textContent()).toContain('Climbing: 0 %');
    await view.tell({ type: 'exploring', id: asked[0]!, share: 0.37 });
    await eventually(() => work.textContent()).toContain('Climbing: 37 %');
    expect(await work.getByRole('progressbar').getAttribute('value')).toBe('0.37');
    await work.getByRole('button', { name: 'Cancel' }).click();
    await eventually(() => cancelled).toEqual(asked);
    expect(await work.textContent()).toContain('Cancelled.');
    await view.page.getByRole('button', { name: 'Make an image of it' }).click();
    await eventually(() => asked.length).toBe(2);
    await view.tell({ type: 'explored', id: asked[1]!, ok: false, message: 'No way uphill.' });
    await eventually(() => work.textContent()).toContain('No way uphill.');
  });

  test('ends when another tab is shown, and nothing is asked for it', async () => {
    await openDigits();
    await tab('Class images').click();
    const { exploration } = host;
    const cancelled: number[] = [];
    vi.spyOn(exploration, 'ask').mockImplementation(() => {});
    vi.spyOn(exploration, 'cancel').mockImplementation((id) => void cancelled.push(id));
    await view.page.getByRole('button', { name: 'Make an image of it' }).click();
    await tab('Curves').click();
    await eventually(() => cancelled.length).toBeGreaterThan(0);
    const { length } = host.asked;
    await view.settle();
    expect(host.asked.length).toBe(length);
  });
});

describe('says what it cannot show, and why', () => {
  const refusal = () => view.page.locator('#section .refusal').first().textContent();
  const notice = () => view.page.locator('.features .notice').textContent();

  test('for values to predict', async () => {
    const run = await trainedRun((await sample('regression')).replace(/epochs: \d+/, 'epochs: 1'));
    const own = ownExplorer(run);
    await open(run);
    await title().waitFor();
    const answer = await own.ask({ type: 'example', example: EXAMPLE });
    const cells = await card().locator('.numbers-of tr').nth(1).locator('td').allTextContents();
    const [target, output] = [answer.targets![0]!, answer.outputs[0]!];
    expect(cells).toEqual([exact(target), exact(output), exact(output - target)]);
    const { refused } = (await own.opened).facts;
    for (const [name, type] of [
      ['Fool it', 'fool'],
      ['Class images', 'classImage'],
      ['Confusion matrix', 'confusion'],
    ] as const) {
      await tab(name).click();
      expect(await refusal()).toBe(refused[type]);
    }
    await tab('Embedding').click();
    const { targets } = (await own.ask({
      type: 'predictions',
      part: 'validation',
    })) as ValuePredictions;
    const ends = [Math.min(...targets), Math.max(...targets)].map(brief);
    await eventually(() => view.page.locator('#section').textContent()).toContain(
      `blue is low (${ends[0]}), orange high (${ends[1]}). There are no classes`,
    );
    await screenshot('embedding-regression');
    await tab('Saliency').click();
    await eventually(() => words().textContent()).toContain('Output 1 of the network is');
    await view.page.getByLabel('list').selectOption('largest error');
    const found = await own.ask({ type: 'predictions', part: 'validation' });
    if (found.task !== 'regression') throw new Error('These are values.');
    await eventually(async () => (await rowTexts()).join()).toContain('loss');
    await list().focus();
    await view.page.keyboard.press('Home');
    await eventually(() => title().textContent()).toBe(`Validation example ${found.worst[0]}`);
    await screenshot('regression');
    await own.dispose();
    await run.remove();
  });

  test('for examples that are no images', async () => {
    const run = await trainedRun((await sample('moons')).replace(/epochs: \d+/, 'epochs: 2'));
    await open(run);
    await title().waitFor();
    const own = ownExplorer(run);
    const { refused } = (await own.opened).facts;
    await tab('Feature maps').click();
    const units = view.page.getByRole('listbox', { name: /^Units of/ }).first();
    await units.locator('..').locator('canvas[width="0"]').waitFor({ state: 'detached' });
    await units.focus();
    await view.page.keyboard.press('Enter');
    await eventually(() => view.page.locator('.unit-detail .refusal').last().textContent()).toBe(
      refused.patches,
    );
    await screenshot('moons');
    await tab('Fool it').click();
    expect(await refusal()).toBe(refused.fool);
    await tab('Saliency').click();
    await eventually(() => view.page.locator('.saliency table').textContent()).toMatch(
      /feature [12]/,
    );
    await own.dispose();
    await run.remove();
  });

  test('for a run without checkpoint, or with a damaged one', async () => {
    const text = (await sample('moons')).replace(/epochs: \d+/, 'epochs: 1');
    const run = await trainedRun(text);
    const checkpoints = join(run.folder, 'checkpoints');
    for (const name of await readdir(checkpoints)) await writeFile(join(checkpoints, name), 'x');
    await open(run);
    await eventually(notice).toContain('no whole checkpoint');
    await rm(checkpoints, { recursive: true });
    await view.page.getByRole('button', { name: 'Try again' }).click();
    await eventually(notice).toContain('holds no checkpoint');
    await screenshot('no-checkpoint');
    await run.remove();
  });
});

test('a newer checkpoint is offered, and taken up when asked for', async () => {
  await openDigits();
  const source = view.page.locator('.features .from');
  expect(await source.textContent()).toContain('the network as of epoch 4');
  const { facts: known, checkpoint } = await explorer.opened;
  const { name, step } = checkpoint;
  const session = host.exploration.session;
  await view.tell({
    type: 'explorer',
    run: RUN,
    session,
    state: 'open',
    facts: known,
    checkpoint,
    newer: { name, epoch: 5, step },
  });
  await source.getByRole('button', { name: 'load the newer one of epoch 5' }).click();
  await eventually(() => host.exploration.session).toBe(session + 1);
});

describe('the page', () => {
  test.each<[ThemeName, number]>([
    ['dark', 1600],
    ['light', 900],
    ['high-contrast', 1180],
  ])('in %s, %d pixels wide, has nothing beside it', async (theme, width) => {
    await openDigits({ theme, width, height: 900 });
    for (const name of ['Feature maps', 'Fool it']) {
      await tab(name).click();
      if (name === 'Feature maps') {
        await view.page.locator('.layer-map canvas:not([width="0"])').nth(2).waitFor();
        await view.page.getByRole('listbox', { name: 'Channels of relu 1' }).focus();
        await view.page.keyboard.press('Enter');
        await view.page.getByRole('listitem').nth(11).waitFor();
      }
      await screenshot(`${theme}-${name.replace(' ', '-')}`);
      const scroll = await view.page.evaluate('document.documentElement.scrollWidth');
      expect(scroll).toBeLessThanOrEqual(width);
    }
  });
});
