import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { networkGraph } from '../../../core/inspection/graph/network-graph.ts';
import { LOG_FILE, RunHistory, readRunLog } from '../../../core/runs/index.ts';
import { InspectionFeed } from '../../../core/runs/inspection-feed.ts';
import type { ExplorerHandle } from '../../../core/session/launch-explorer.ts';
import { brief, short } from '../../../webview/format.ts';
import { ExploringHost, ownExplorer, RUN, type TrainedRun, trainedRun } from './explored.ts';
import { type Dashboard, type Harness, startHarness } from './harness.ts';
import { hydrate, SETTINGS, trainingRun } from './runs.ts';

const SMALL = `
data: { source: circles, examples: 60, noise: 0.05, validation: 0.25 }
model: { layers: [dense: 4, relu, dense: 3, tanh, dense: 2], init: he }
training: { epochs: 2, batchSize: 15, seed: 1 }
`;
/** Sigmoids with small weights: the gradient vanishes. */
const DEEP = `
data: { source: circles, examples: 60, validation: 0.25 }
model:
  layers:
${'    - dense: 30\n    - sigmoid\n'.repeat(49)}    - residual: [dense: 30, relu]
    - dense: 2
  init: { normal: 0.01 }
training: { epochs: 1, batchSize: 45, seed: 1 }
`;

/** What is to be seen inside a run. */
async function momentsOf({ folder }: TrainedRun) {
  const history = new RunHistory();
  await readRunLog(join(folder, LOG_FILE), (events) => history.push(events));
  return new InspectionFeed(history).news()!;
}

describe('the graph of a run', () => {
  let harness: Harness;
  let small: TrainedRun;
  let deep: TrainedRun;
  let explorer: ExplorerHandle;
  beforeAll(async () => {
    harness = await startHarness();
    small = await trainedRun(SMALL);
    deep = await trainedRun(DEEP);
    explorer = ownExplorer(small);
  });
  afterAll(async () => {
    await harness?.close();
    await explorer?.dispose();
    await small?.remove();
    await deep?.remove();
  });

  async function open(run: TrainedRun, options: Parameters<Harness['open']>[0] = {}) {
    const view = await harness.open(options);
    const host = new ExploringHost(run);
    await host.show(view, 'graph');
    await tellInside(view, run);
    return { view, host, page: view.page };
  }

  async function tellInside(view: Dashboard, run: TrainedRun): Promise<void> {
    const moments = await momentsOf(run);
    await view.receive({ type: 'inspection', run: RUN, moments, pictures: [] });
  }

  async function screenshot({ page }: Dashboard, name: string): Promise<void> {
    const folder = process.env.SCREENSHOTS;
    if (folder) await page.screenshot({ path: `${folder}/graph-${name}.png`, fullPage: false });
  }

  it('shows a small network value by value, as the engine has them', async () => {
    const { view, host, page } = await open(small);
    await page.locator('.node').first().waitFor();
    const labels = () =>
      page.locator('.node').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
    const expected = async (index: number) => {
      const { facts } = await explorer.opened;
      const example = { part: 'train', index } as const;
      const answer = await explorer.ask({ type: 'backpropagation', example });
      const { graph, flow } = networkGraph(facts.layers, answer);
      return graph.nodes.map(
        ({ name, symbol }, i) =>
          `${name}${symbol ? `, gate ${symbol}` : ''}, value ${short(flow.values[i]!)}, gradient ${short(flow.gradients[i]!)}`,
      );
    };
    expect(await labels()).toEqual(await expected(0));
    await screenshot(view, 'small');
    const index = page.getByRole('spinbutton', { name: 'Example' });
    await index.fill('7');
    await index.press('Enter');
    const wanted = await expected(7);
    await expect.poll(labels, { timeout: 10_000 }).toEqual(wanted);
    expect((await view.saved()).graph).toEqual({ part: 'train', index: 7 });
    // one step back: the last layer to hear is the first
    await page.getByRole('button', { name: 'One step back' }).click();
    await view.settle();
    expect((await labels())[0]).toBe(wanted[0]!.replace(/, gradient .*/, ''));
    await page.locator('.node[data-node="2"]').hover();
    await view.settle();
    const [first, second] = await page.locator('.sentences li').allTextContents();
    expect(first).toMatch(/^a₁ = \S+·x₁ \+ \S+·x₂ \+ \S+ = /);
    const seventh = { part: 'train', index: 7 } as const;
    const { layers, input } = await explorer.ask({ type: 'backpropagation', example: seventh });
    const own = layers[0]!.gradient[0]!;
    const [a, b, bias] = [own * input[0]!, own * input[1]!, own].map(short);
    expect(second).toBe(
      `To its weights goes ∂L/∂a₁ · what comes in = ${a}, ${b}, and to its bias ${bias}`,
    );
    expect(view.errors).toEqual([]);
    expect(await view.violations()).toEqual([]);
    await host.exploration.dispose();
  });

  it('shows a large network layer by layer, with the size of values and gradients', async () => {
    const { view, host, page } = await open(deep, { height: 900 });
    const moments = await momentsOf(deep);
    const boxes = page.locator('.layer-boxes li');
    expect(await boxes.count()).toBe(moments.layers.length + 1);
    expect(await page.getByRole('heading', { level: 2 }).first().textContent()).toBe(
      'Where does the gradient flow, and where does it die?',
    );
    expect(await page.locator('.graph .verdict:visible').textContent()).toMatch(
      /^The gradient (vanishes: it shrinks to .* from dense \d+ to dense 1|dies: nothing of it is left at [\w ]+) \(epoch 1 · step 1\)\.$/,
    );
    const { columnOf, rows } = tableOf(moments);
    const at = (layer: number, name: string) =>
      brief(moments.numbers[rows * (moments.steps.length - 1) + columnOf(layer, name)]!);
    const box = boxes.nth(99).locator('.box > *');
    expect((await box.allTextContents()).slice(0, 3)).toEqual(['dense 50', '30', '930 parameters']);
    for (const layer of [0, 57, moments.layers.length - 1]) {
      const between = boxes.nth(layer + 1).locator('.between');
      expect(await between.locator('.value').textContent()).toBe(
        `${at(layer, 'mean')} ± ${at(layer, 'std')}`,
      );
      expect(await between.locator('.gradient').textContent()).toBe(
        `${at(layer, 'gradientMean')} ± ${at(layer, 'gradientStd')}`,
      );
    }
    await screenshot(view, 'deep');
    const scrubber = page.getByLabel('Moment of the training').locator('visible=true');
    await scrubber.focus();
    await page.keyboard.press('Home');
    await view.settle();
    expect(await page.locator('.graph .verdict:visible').textContent()).toMatch(
      /\w \(before training\)\.$/,
    );
    expect(view.errors).toEqual([]);
    await host.exploration.dispose();
  });

  it('says why there is nothing to see, and falls back to layers', async () => {
    const view = await harness.open();
    const { page } = view;
    await view.receive({ ...hydrate(trainingRun()), settings: { ...SETTINGS, tab: 'graph' } });
    expect(await page.locator('.graph .notice').textContent()).toMatch(/^Waiting/);
    await tellInside(view, small);
    expect(await page.locator('.graph .notice').textContent()).toBe(
      'Loading the network and its data…',
    );
    const message = 'This run has no checkpoint.';
    await view.receive({ type: 'explorer', run: RUN, session: 1, state: 'closed', message });
    expect(await page.locator('.graph .reason').textContent()).toBe(
      `Layer by layer, as no example can be shown. ${message}`,
    );
    expect(await page.locator('.layer-boxes li').count()).toBe(6);
    expect(view.errors).toEqual([]);
  });
});

/** Where a number of a layer stands in the table of a moment. */
function tableOf({ layers, steps, numbers }: Awaited<ReturnType<typeof momentsOf>>) {
  const rows = numbers.length / steps.length;
  const width = rows / (layers.length + 1);
  return {
    rows,
    columnOf: (layer: number, name: string) =>
      (layer + 1) * width +
      ['mean', 'std', '', '', '', 'gradientMean', 'gradientStd'].indexOf(name),
  };
}
