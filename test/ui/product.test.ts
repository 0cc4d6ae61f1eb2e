import { existsSync, rmSync, statSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'csv-parse/sync';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { firstLayerSmoothness } from '../../core/inspection/filters/smoothness.ts';
import { LAYER_NUMBERS, type LayerNumber, layerTable } from '../../core/inspection/layer-table.ts';
import { decodeWeights } from '../../core/inspection/weight-codes.ts';
import { LOG_FILE, RunHistory, readRunLog } from '../../core/runs/index.ts';
import { launchExplorer } from '../../core/session/launch-explorer.ts';
import { MemoryBudget } from '../../core/session/memory-budget.ts';
import { projectRoot } from '../../extension/development/project.ts';
import { type Served, serve } from '../../extension/development/serve.ts';
import { probability } from '../../webview/features/bars.ts';
import { brief, exact } from '../../webview/format.ts';
import { installChromium, launchChromium } from '../browser.ts';

const WAIT = { timeout: 30_000 };

/** The packaged extension, installed in a real VS Code, used by hand in a real browser. */
describe('the whole product', () => {
  const artifacts = join(projectRoot, 'test/artifacts');
  let scratch: string;
  let workspace: string;
  let server: Served;
  let browser: Browser;
  let page: Page;
  let trained: Record<string, string>;

  beforeAll(async () => {
    await mkdir(artifacts, { recursive: true });
    scratch = await mkdtemp(join(await realpath(tmpdir()), 'trainscope-ui-'));
    workspace = join(scratch, 'samples');
    await cp(join(projectRoot, 'extension/samples'), workspace, { recursive: true });
    server = await serve({
      stateFolder: join(scratch, 'state'),
      workspace,
      file: 'digits.train.yaml',
      port: 0,
    });
    browser = await launchChromium(await installChromium());
    page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  });

  // What a failed test left on the screen.
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    await page?.screenshot({ path: join(artifacts, 'product-failed.png') });
    console.log(server?.output().split('\n').slice(-30).join('\n'));
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    if (scratch) rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  });

  it('asks for the token of its URL', async () => {
    const url = new URL(server.url);
    url.searchParams.delete('tkn');
    expect((await fetch(url)).status).toBe(403);
  });

  it('trains when ▶ Train above the file is pressed', async () => {
    await page.goto(server.url);
    await page.locator('.codelens-decoration a', { hasText: '▶ Train' }).click({ timeout: 60_000 });
    await dashboard().locator('header[data-state=completed]').waitFor({ timeout: 90_000 });
    await curvesAreDrawn();
    trained = await numbers();
    await page.screenshot({ path: join(artifacts, 'product-trained.png') });
    const { epoch = '', quality = '', loss = '' } = trained;
    const [, done, planned] = /([\d,]+) \/ ([\d,]+)/.exec(epoch) ?? [];
    expect(done).toBeDefined();
    expect(done).toBe(planned);
    expect(quality).toContain('validation accuracy');
    expect(figure(quality)).toBeGreaterThanOrEqual(0.95);
    expect(figure(loss)).toBeGreaterThan(0);
    expect(figure(loss)).toBeLessThan(0.5);
  });

  it('keeps the run on disk beside its config', async () => {
    const runs = join(workspace, '.trainscope/runs');
    const [run = '', ...others] = await readdir(runs);
    expect(others).toEqual([]);
    for (const file of ['config.yaml', 'events.log'])
      expect(existsSync(join(runs, run, file)), file).toBe(true);
  });

  it('shows what its log tells of the inside of each layer', async () => {
    const { started, inspected } = await readHistory();
    const { distributions, activity } = inspected;
    const { layers } = started!.plan;
    const table = layerTable({ layers }, distributions.events.at(-1)!, activity.events.at(-1)!);
    const view = dashboard();
    await view.getByRole('tab', { name: 'Layers' }).click();
    for (const [layer, { label }] of layers.entries()) {
      const numberOf = (name: LayerNumber) =>
        table[(layer + 1) * LAYER_NUMBERS.length + LAYER_NUMBERS.indexOf(name)]!;
      const row = view.getByRole('row', { name: new RegExp(`^${label}`) });
      const words = view.getByLabel(new RegExp(`^Activations of ${label}: mean`));
      await words.waitFor({ timeout: 20_000 });
      const said = await words.getAttribute('aria-label');
      expect(said).toBe(
        `Activations of ${label}: mean ${brief(numberOf('mean'))}, deviation ${brief(numberOf('std'))}`,
      );
      const dead = numberOf('dead');
      if (!Number.isNaN(dead)) expect(await row.textContent()).toMatch(/\d %\s*dead/);
    }
    await page.screenshot({ path: join(artifacts, 'product-layers.png') });
  });

  it('shows the weights that its log tells, and what is read from them', async () => {
    const { started, inspected } = await readHistory();
    const { plan } = started!;
    const [first, , second] = inspected.weights.map(({ events }) => events.at(-1));
    const { verdict, explanation } = firstLayerSmoothness(plan, first!)!;
    const view = dashboard();
    await view.getByRole('tab', { name: 'Weights' }).click();
    const images = view.locator('.first-layer');
    const told = `${verdict!.charAt(0).toUpperCase()}${verdict!.slice(1)}. ${explanation}`;
    await expect.poll(() => images.locator('.verdict').textContent()).toBe(told);
    const [inputs, units] = plan.layers[0]!.parameters[0]!.shape;
    expect(await images.locator('.filter-detail figcaption').textContent()).toBe(
      `unit 1 of ${units}`,
    );
    const weight = view.getByRole('slider', { name: 'Read the weights of unit 1' });
    await weight.focus();
    await page.keyboard.press('End');
    const last = decodeWeights(first!)[(inputs! - 1) * units!]!;
    await expect
      .poll(() => weight.getAttribute('aria-valuetext'))
      .toBe(`row 8, column 8: ${exact(last)}`);
    const scale = view.locator('.matrix .scale-bar');
    await expect
      .poll(() => scale.textContent())
      .toBe(`-${brief(second!.scale)}${brief(second!.scale)}`);
    await page.screenshot({ path: join(artifacts, 'product-weights.png') });
    await view.getByRole('tab', { name: 'Curves' }).click();
    await curvesAreDrawn();
  });

  it('saves a chart as numbers, and the run as a page that stands alone', async () => {
    const history = await readHistory();
    const view = dashboard();
    await view.getByRole('button', { name: 'Export Loss' }).click();
    await view.getByRole('menuitem', { name: 'Save CSV…' }).click();
    const [run = ''] = await readdir(join(workspace, '.trainscope/runs'));
    const csv = await saved(`${run}-loss.csv`);
    const rows = parse(csv, { columns: true }) as Record<string, string>[];
    const validation = rows.filter(({ curve }) => curve === 'validation');
    expect(validation.map(({ Loss }) => Number(Loss))).toEqual(
      history.epochs.map((epoch) => epoch.validation!.loss),
    );

    await view.getByRole('button', { name: 'Export report…' }).click();
    const html = await saved(`${run}-report.html`);
    expect(html).toContain(`<h1>${history.started!.name}</h1>`);
    const report = await browser.newPage({ viewport: { width: 900, height: 1200 } });
    const asked: string[] = [];
    const told: string[] = [];
    report.on('request', (request) => asked.push(request.url()));
    report.on('console', (message) => told.push(message.text()));
    report.on('pageerror', (error) => told.push(String(error)));
    const url = pathToFileURL(join(workspace, `${run}-report.html`)).href;
    await report.goto(url);
    expect(told).toEqual([]);
    expect(asked.filter((one) => !one.startsWith('data:'))).toEqual([url]);
    const images = await report
      .locator('img')
      .evaluateAll((all) =>
        all.map((one) => one instanceof HTMLImageElement && one.naturalWidth > 0),
      );
    expect(images).toEqual([true]);
    const last = history.epochs.at(-1)!;
    const loss = report.locator('dt', { hasText: 'validation loss' }).locator('+ dd');
    expect(await loss.first().textContent()).toBe(brief(last.validation!.loss));
    await report.screenshot({ path: join(artifacts, 'report.png'), fullPage: true });
    await report.close();
  });

  it('shows what the network says of an example, as it says it in this process', async () => {
    const runs = join(workspace, '.trainscope/runs');
    const [run = ''] = await readdir(runs);
    const explorer = launchExplorer(
      { run: join(runs, run), checkpoint: 'latest', readableRoots: null },
      { workerFile: join(projectRoot, 'dist/worker.js'), budget: new MemoryBudget(2 ** 32) },
    );
    try {
      const view = dashboard();
      await view.getByRole('tab', { name: 'Features' }).click();
      const list = view.getByRole('listbox', { name: 'Examples' });
      await list.locator('.row canvas').nth(3).click({ timeout: 60_000 });
      const title = view.locator('.card h2');
      await expect.poll(() => title.textContent(), WAIT).toBe('Validation example 3');
      const example = { part: 'validation', index: 3 } as const;
      const { probabilities, label } = await explorer.ask({ type: 'example', example });
      const rows = await view.locator('.card .bars tr').all();
      expect(rows).toHaveLength(10);
      for (const row of rows) {
        const digit = Number(await row.locator('th').textContent());
        const shown = await row.locator('.number').textContent();
        expect(shown).toBe(probability(probabilities![digit]!));
        expect((await row.textContent())!.includes('true class')).toBe(digit === label);
      }
      await view.locator('.layer-map canvas:not([width="0"])').first().waitFor(WAIT);
      await page.screenshot({ path: join(artifacts, 'product-features.png') });
      await view.getByRole('tab', { name: 'Fool it' }).click();
      await view.getByRole('button', { name: 'Find the smallest step' }).click();
      const fooled = {
        type: 'fool',
        example,
        epsilon: 'smallest',
        steps: 1,
        target: null,
      } as const;
      const { epsilon, predicted } = await explorer.ask(fooled);
      const said = view.locator('.fool p.said');
      const words = `is taken for ${predicted}, with a change of at most ${brief(epsilon!)} `;
      await expect.poll(() => said.textContent(), WAIT).toContain(words);
      await view.getByRole('tab', { name: 'Curves' }).click();
      await curvesAreDrawn();
    } finally {
      await explorer.dispose();
    }
  });

  it('shows the graph of its network, and the circuit of a sample gate by gate', async () => {
    const { started, inspected } = await readHistory();
    const { layers } = started!.plan;
    const table = layerTable({ layers }, inspected.distributions.events.at(-1)!, null);
    const at = (layer: number, name: LayerNumber) =>
      brief(table[(layer + 1) * LAYER_NUMBERS.length + LAYER_NUMBERS.indexOf(name)]!);
    const view = dashboard();
    await view.getByRole('tab', { name: 'Graph' }).click();
    const boxes = view.locator('.layer-boxes li');
    await boxes.first().waitFor({ timeout: 20_000 });
    for (const [layer, { label }] of layers.entries()) {
      const box = boxes.nth(layer + 1);
      expect(await box.locator('strong').textContent()).toBe(label);
      expect(await box.locator('.between .gradient').textContent()).toBe(
        `${at(layer, 'gradientMean')} ± ${at(layer, 'gradientStd')}`,
      );
    }
    await page.screenshot({ path: join(artifacts, 'product-graph.png') });
    await view.getByRole('tab', { name: 'Curves' }).click();
    await curvesAreDrawn();

    await page.keyboard.press('F1');
    await page.keyboard.type('Open Computational Graph');
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-list').getByText('circuit', { exact: true }).click();
    // it stands in a panel of its own
    const labels = async () => {
      const all = page.frames().map((frame) =>
        frame
          .locator('.node')
          .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('aria-label')))
          .catch(() => []),
      );
      return (await Promise.all(all)).flat();
    };
    await expect
      .poll(labels, { timeout: 30_000 })
      .toEqual([
        'x, value -2, gradient -4',
        'y, value 5, gradient -4',
        'q, gate +, value 3, gradient -4',
        'z, value -4, gradient 3',
        'f, gate ×, value -12, gradient 1',
      ]);
    await page.screenshot({ path: join(artifacts, 'product-circuit.png') });
    // the formula and its graph are closed: what follows looks at the dashboard alone
    const tabs = page.locator('.tab', { hasText: 'circuit' });
    for (let left = await tabs.count(); left > 0; left--) {
      await tabs.first().click({ button: 'middle' });
      await expect.poll(() => tabs.count(), { timeout: 10_000 }).toBe(left - 1);
    }
    await curvesAreDrawn();
  });

  it('shows the same numbers after the window is reloaded', async () => {
    // In a browser, VS Code stores which editors are open every five seconds.
    await page.waitForTimeout(7_000);
    await page.reload();
    await dashboard().locator('header[data-state=completed]').waitFor({ timeout: 60_000 });
    await curvesAreDrawn();
    expect(await numbers()).toEqual(trained);
    await page.screenshot({ path: join(artifacts, 'product-reloaded.png') });
  });

  /** Agrees to the name that VS Code proposes for a file, and waits until it is whole. */
  async function saved(name: string): Promise<string> {
    const input = page.locator('.quick-input-widget input[type=text]');
    await expect
      .poll(() => input.inputValue(), { timeout: 20_000 })
      .toMatch(new RegExp(`${name}$`));
    await page.keyboard.press('Enter');
    const file = join(workspace, name);
    const size = () => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    await expect.poll(size, { timeout: 20_000 }).toBeGreaterThan(0);
    await page.waitForTimeout(500);
    return readFile(file, 'utf8');
  }

  /** What the log of the only run tells. */
  async function readHistory(): Promise<RunHistory> {
    const runs = join(workspace, '.trainscope/runs');
    const [run = ''] = await readdir(runs);
    const history = new RunHistory();
    await readRunLog(join(runs, run, LOG_FILE), (events) => history.push(events));
    return history;
  }

  function dashboard(): FrameLocator {
    return page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  }

  async function curvesAreDrawn(): Promise<void> {
    const empty = dashboard()
      .getByText(/Nothing was recorded|Reading the run/)
      .filter({ visible: true });
    await expect.poll(() => empty.count(), { timeout: 20_000 }).toBe(0);
  }

  /** The text of each figure in the line of numbers, by its name. */
  async function numbers(): Promise<Record<string, string>> {
    const figures = await dashboard().locator('.numbers .figure[data-number]').all();
    const entries = figures.map(async (one) => [
      await one.getAttribute('data-number'),
      await one.textContent(),
    ]);
    return Object.fromEntries(await Promise.all(entries));
  }

  /** The number in a figure's text: "loss 0.034" is 0.034. */
  function figure(text: string): number {
    return Number(/-?[\d.]+(e-?\d+)?/.exec(text.replaceAll(',', ''))?.[0]);
  }
});
