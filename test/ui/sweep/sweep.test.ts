import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FromSweep } from '../../../webview/sweep/protocol.ts';
import { type Dashboard, type Harness, startHarness } from '../dashboard/harness.ts';
import { curvesOf, hydrate, makeFacts, makeTrials, rowsOf } from './sweeps.ts';

const TRIALS = makeTrials(60);
const ranked = TRIALS.map(({ score }, place) => ({ score, place }))
  .filter(({ score }) => !Number.isNaN(score))
  .sort((a, b) => b.score - a.score);

describe('the view of a sweep', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness('sweep');
  });
  afterAll(() => harness?.close());

  async function open(trials = TRIALS, width = 1180): Promise<Dashboard> {
    const view = await harness.open({ width, height: 900 });
    await view.receive(hydrate(trials));
    return view;
  }

  const sent = (view: Dashboard): Promise<FromSweep[]> => view.page.evaluate('window.sent');
  const rows = ({ page }: Dashboard) =>
    page.locator('.trial-list tbody th').evaluateAll((all) => all.map((one) => one.textContent));
  const clean = async (view: Dashboard) => {
    expect(view.errors).toEqual([]);
    expect(await view.violations()).toEqual([]);
  };

  it('tells how far it is, its best over seeds, and lists the best first', async () => {
    const view = await open();
    expect(await view.number('trials').textContent()).toBe('trials 60 / 60');
    expect(await view.number('best').textContent()).toContain('0.968 ± 0.006 over 5 seeds');
    expect(await rows(view)).toEqual(ranked.slice(0, 20).map(({ place }) => String(place + 1)));
    const first = view.page.locator('.trial-list tbody tr').first();
    expect(await first.locator('td').nth(1).textContent()).toBe(ranked[0]!.score.toFixed(3));
    await view.page.getByRole('button', { name: /more of 60/ }).click();
    await view.settle();
    expect(await rows(view)).toHaveLength(60);
    await clean(view);
  });

  it('asks for losses that have not come, once, and writes the strong lines beside their ends', async () => {
    const view = await open();
    const asked = (await sent(view)).filter(({ type }) => type === 'curves');
    const told = TRIALS.flatMap(({ epochs }, place) => (epochs > 0 ? [place] : []));
    expect(asked).toEqual([{ type: 'curves', places: told }]);
    await view.receive({ type: 'curves', curves: curvesOf(TRIALS) });
    const best = ranked[0]!.place;
    const label = (await view.labels('Validation loss of every trial'))[0];
    expect(label).toBe(`trial ${best + 1} ${TRIALS[best]!.loss.toPrecision(3)}`);
    await clean(view);
  });

  it('takes in what comes: new trials, and those that go on', async () => {
    const view = await open(TRIALS.slice(0, 30));
    expect(await view.page.locator('.asking').isVisible()).toBe(false);
    await view.receive({
      type: 'update',
      facts: makeFacts(TRIALS, { phase: 'running', planned: 80 }),
      trials: rowsOf(TRIALS.slice(30), 30),
    });
    expect(await view.number('trials').textContent()).toBe('trials 60 / 80');
    expect(await view.page.locator('.state').textContent()).toBe('searching');
    expect(await view.page.locator('.asking').isVisible()).toBe(true);
    expect(await view.page.getByRole('button', { name: /^Stop/ }).isVisible()).toBe(true);
    await clean(view);
  });

  it('brushes an axis by pointer and by keys, and leaves the trials that pass there', async () => {
    const view = await open();
    const { page } = view;
    const box = (await page.locator('.parallel .drawing').boundingBox())!;
    // The upper half of the axis of the score.
    const x = box.x + box.width - 56;
    const middle = box.y + 30 + (box.height - 42) / 2;
    await page.mouse.move(x, box.y + 31);
    await page.mouse.down();
    await page.mouse.move(x, middle, { steps: 4 });
    await page.mouse.up();
    await view.settle();
    const half = (ranked[0]!.score + ranked.at(-1)!.score) / 2;
    const left = ranked.filter(({ score }) => score > half + 0.01).length;
    const note = await page.locator('.parallel .note').textContent();
    expect(Math.abs(Number(note!.split(' ')[0]) - left)).toBeLessThanOrEqual(1);
    await page.getByRole('button', { name: 'Show all' }).click();
    await view.settle();
    expect(await page.locator('.parallel .note').textContent()).toContain('pull along an axis');
    const end = page.getByRole('slider', { name: 'model.layers.1, from' });
    await end.focus();
    for (let i = 0; i < 4; i++) await page.keyboard.press('PageUp');
    await view.settle();
    expect(await end.getAttribute('aria-valuetext')).toBe('tanh');
    const kept = TRIALS.filter(({ values }) => values[3]! >= 1).length;
    expect(await page.locator('.parallel .note').textContent()).toBe(`${kept} of 60 trials`);
    await page.keyboard.press('Delete');
    await view.settle();
    expect(await page.getByRole('button', { name: 'Show all' }).isVisible()).toBe(false);
    await clean(view);
  });

  it('is walked through by keys: arrows go from trial to trial, Enter picks', async () => {
    const view = await open();
    const { page } = view;
    const list = page.getByRole('listbox', { name: /^Trials/ });
    await page.getByLabel('horizontal').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    if (!(await list.evaluate((one) => one === document.activeElement))) await list.focus();
    await page.keyboard.press('ArrowRight');
    const words = (await list.getByRole('option').textContent())!;
    const place = Number(words.match(/^trial (\d+): accuracy/)![1]) - 1;
    expect(TRIALS[place]!.values[0]).toBeGreaterThan(TRIALS[ranked[0]!.place]!.values[0]!);
    await page.keyboard.press('Enter');
    await view.settle();
    expect(await page.locator('.chosen b').textContent()).toBe(`trial ${place + 1}`);
    await page.getByRole('button', { name: 'Use these values' }).click();
    expect((await sent(view)).at(-1)).toEqual({ type: 'use', place });
    await clean(view);
  });

  it('pins trials, and compares their runs', async () => {
    const view = await open();
    const { page } = view;
    const [a, b] = [ranked[1]!.place, ranked[3]!.place];
    await page.getByRole('button', { name: `Pin trial ${a + 1}`, exact: true }).click();
    await view.settle();
    await page.getByRole('button', { name: `Pin trial ${b + 1}`, exact: true }).click();
    await view.settle();
    expect((await rows(view)).slice(0, 2)).toEqual([String(a + 1), String(b + 1)]);
    await page.getByRole('button', { name: 'Compare 2 runs' }).click();
    expect((await sent(view)).at(-1)).toEqual({ type: 'compare', places: [a, b] });
    await clean(view);
  });

  it('tells findings with their fixes, and lets ranges of a stage to come be changed', async () => {
    const view = await harness.open();
    const ranges = { 'optimizer.learningRate': { low: 1e-3, high: 0.1 } };
    await view.receive(
      hydrate(TRIALS, { phase: 'running', asks: true, next: { stage: 3, ranges } }),
    );
    const { page } = view;
    await page.getByRole('button', { name: 'Widen the range to [1e-7, 1]' }).click();
    expect((await sent(view)).at(-1)).toMatchObject({ type: 'finding', action: 'fix', fix: 0 });
    const high = page.getByLabel('optimizer.learningRate, to');
    await high.fill('1e-4');
    await high.blur();
    expect(await high.getAttribute('aria-invalid')).not.toBeNull();
    await high.fill('0.5');
    await high.blur();
    await page.getByRole('button', { name: 'Begin stage 3' }).click();
    expect((await sent(view)).at(-1)).toEqual({
      type: 'begin',
      ranges: { 'optimizer.learningRate': { low: 1e-3, high: 0.5 } },
    });
    await page.locator('.asking vscode-checkbox').click();
    expect((await sent(view)).at(-1)).toEqual({ type: 'ask', asks: false });
    await clean(view);
  });

  it('hands out every number, as CSV and in words', async () => {
    const view = await open();
    const { page } = view;
    await page.getByRole('button', { name: 'Export Trials', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Save CSV…' }).click();
    await page.waitForFunction("window.sent.at(-1).type === 'save'");
    const csv = await page.evaluate<string>('new TextDecoder().decode(window.sent.at(-1).bytes)');
    const lines = csv.trim().split('\r\n');
    expect(lines[0]).toBe(
      'trial,accuracy,loss,optimizer.learningRate,regularization.l2,model.layers.0.dense,model.layers.1,stage,epochs,state',
    );
    expect(lines).toHaveLength(61);
    const best = TRIALS[ranked[0]!.place]!;
    expect(lines[1]!.split(',')[3]).toBe(String(best.values[0]));
    await page.getByRole('button', { name: 'Export Parallel coordinates' }).click();
    await page.getByRole('menuitem', { name: 'Save SVG…' }).click();
    await page.waitForFunction("window.sent.at(-1).format === 'svg'");
    const svg = await page.evaluate<string>('new TextDecoder().decode(window.sent.at(-1).bytes)');
    expect(svg).toContain('>learningRate</text>');
    await clean(view);
  });

  it('has no place for a bar across at any width', async () => {
    const view = await open();
    for (const width of [400, 700, 1180, 2000]) {
      await view.page.setViewportSize({ width, height: 900 });
      await view.settle();
      const over = await view.page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect(over, `${width} pixels`).toBeLessThanOrEqual(0);
    }
    await clean(view);
  });
});
