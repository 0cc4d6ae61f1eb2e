import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EnsembleEvent } from '../../../core/ensemble/protocol.ts';
import type { FromEnsemble } from '../../../webview/ensemble/protocol.ts';
import { type Dashboard, type Harness, startHarness } from '../dashboard/harness.ts';
import { BEGUN, MADE, member, NUMBERS, progress, RESULT, told } from './ensembles.ts';

describe('the view of an ensemble', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness('ensemble');
  });
  afterAll(() => harness?.close());

  const sent = (view: Dashboard): Promise<FromEnsemble[]> => view.page.evaluate('window.sent');
  const cells = (view: Dashboard, rows: string) =>
    view.page
      .locator(rows)
      .evaluateAll((all) =>
        all.map((one) => Array.from(one.children, (cell) => cell.textContent ?? '')),
      );
  const clean = async (view: Dashboard) => {
    expect(view.errors).toEqual([]);
    expect(await view.violations()).toEqual([]);
  };

  it('compares methods and combinations with one alone, and marks the best', async () => {
    const view = await harness.open();
    await view.receive(MADE);
    expect(await cells(view, '.comparison tbody tr')).toEqual([
      ['a member alone', '0.920', '', '0.380', '0.920 ± 0.020', '1', '10'],
      ['inits by averagebest', '0.960', '', '0.210', '0.920 ± 0.020', '3', '30'],
      ['inits by vote', '0.950', '', '–', '0.920 ± 0.020', '3', '30'],
    ]);
    expect(await view.page.locator('.is-best').count()).toBe(1);
    expect(await view.page.locator('.left-out').textContent()).toBe(
      'Left out: snapshots are taken where <b>it</b> restarts.',
    );
    expect(await view.number('best').textContent()).toBe('best 0.960 inits by average');
    expect(await view.number('single').textContent()).toBe('one alone, accuracy 0.920 ± 0.020');
    await clean(view);
  });

  it('draws every member as a dot, and all together at their place', async () => {
    const view = await harness.open();
    await view.receive(MADE);
    const marks = view.page.locator('.comparison tbody tr').nth(1).locator('svg');
    const dots = await marks
      .locator('circle')
      .evaluateAll((all) => all.map((one) => Number(one.getAttribute('cx'))));
    const d = (await marks.locator('path').getAttribute('d'))!;
    const at = Number(/^M([\d.]+) /.exec(d)![1]);
    // 0.90, 0.92, 0.94 and 0.96 lie equally far apart.
    const steps = [dots[1]! - dots[0]!, dots[2]! - dots[1]!, at - dots[2]!];
    for (const step of steps) expect(step).toBeCloseTo(steps[0]!, 0);
    expect(steps[0]).toBeGreaterThan(10);
    await clean(view);
  });

  it('shows where members differ: the example, each vote, and the truth', async () => {
    const view = await harness.open();
    await view.receive(MADE);
    const first = view.page.locator('.disputed li').first();
    expect(await cells(view, '.disputed li:first-child .votes tr')).toEqual([
      ['square', '', '×2', 'member 1, 3'],
      ['circle', '', '×1', 'member 2'],
    ]);
    expect(await first.locator('.truth').textContent()).toBe('truth circle');
    expect(await first.locator('.wrong').textContent()).toBe('together square ✗, wrong');
    // Pixels as they were read: 0, 255, 128, 0.
    const greys = await first.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, 2, 2);
      return [0, 4, 8, 12].map((i) => data[i]!);
    });
    expect(greys[0]).toBe(0);
    expect(greys[1]).toBe(255);
    expect(Math.abs(greys[2]! - 128)).toBeLessThan(3);
    expect(greys[3]).toBe(0);
    // A class may be called anything, and who says NaN is told.
    expect(await cells(view, '.disputed li:nth-child(2) .votes tr')).toEqual([
      ['<img src=x>', '', '×1', 'member 1'],
      ['square', '', '×1', 'member 3'],
      ['NaN', '', '×1', 'member 2'],
    ]);
    expect(await view.page.locator('img').count()).toBe(0);
    await clean(view);
  });

  it('shows numbers that lie apart: each member’s, the truth, and all on one scale', async () => {
    const view = await harness.open();
    await view.receive(NUMBERS);
    const first = view.page.locator('.disputed li').first();
    expect(await first.locator('.truth').textContent()).toBe('truth 30');
    expect(await first.locator('.told p').nth(1).textContent()).toBe('together 28 ± 8.53');
    expect(await cells(view, '.disputed li:first-child .said tr')).toEqual([
      ['member 1', '', '21'],
      ['member 3', '', '25.5'],
      ['member 4', '', '37.5'],
    ]);
    const places = async (li: number, mark: string) =>
      view.page
        .locator(`.disputed li:nth-child(${li}) .${mark}`)
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().x));
    const [low, , high] = await places(1, 'at-member');
    const [truth] = await places(1, 'at-truth');
    // 21, 30 and 37.5, in as many pixels each as in the other example.
    expect((truth! - low!) / (high! - low!)).toBeCloseTo(9 / 16.5, 1);
    const [least, , most] = await places(2, 'at-member');
    expect((most! - least!) / (high! - low!)).toBeCloseTo(3.5 / 16.5, 1);
    await view.page.getByRole('button', { name: 'Export Where they differ' }).click();
    await view.page.getByRole('menuitem', { name: 'Save CSV…' }).click();
    await view.page.waitForFunction(`window.sent.at(-1).format === 'csv'`);
    const csv = await view.page.evaluate<string>(
      'new TextDecoder().decode(window.sent.at(-1).bytes)',
    );
    expect(csv.split('\r\n').slice(0, 2)).toEqual([
      'example,row,truth,together,member 1,member 3,member 4,sd',
      '7,47,30,28,21,25.5,37.5,8.53',
    ]);
    await clean(view);
  });

  it('follows members while they are trained, and what comes of them', async () => {
    const view = await harness.open();
    await view.receive(told('hydrate', [BEGUN, progress(1, 4)], { phase: 'training' }));
    expect(await cells(view, '.members tbody tr')).toEqual([
      ['member 1', '1', '4 / 10', '0.540', '0.250', 'training'],
    ]);
    expect(await view.page.getByRole('button', { name: 'member 1' }).isDisabled()).toBe(true);
    const stop = view.page.getByRole('button', { name: /^Stop/ });
    await stop.click();
    expect((await sent(view)).at(-1)).toEqual({ type: 'command', command: 'stop' });
    await view.receive(told('update', [member(1), progress(2, 6)], { phase: 'training' }));
    await view.receive(told('update', [member(2), member(3), ...RESULT]));
    expect(await cells(view, '.members tbody tr')).toEqual([
      ['member 1', '1', '10 / 10', '0.900', '0.400', 'completed'],
      ['member 2', '2', '10 / 10', '0.920', '0.350', 'completed · overfitting'],
      ['member 3', '3, bootstrap', '10 / 10', '0.940', 'NaN', 'completed'],
    ]);
    expect(await view.page.locator('.comparison tbody tr').count()).toBe(3);
    expect(await stop.isVisible()).toBe(false);
    await view.page.getByRole('button', { name: 'member 2' }).focus();
    await view.page.keyboard.press('Enter');
    expect((await sent(view)).at(-1)).toEqual({ type: 'open', members: [2] });
    await clean(view);
  });

  it('tells who failed and why; of the others each keeps its number', async () => {
    const view = await harness.open();
    const message = 'This run needs about 3.0 GiB of memory; the limit is <b>2.0 GiB</b>.';
    const failed = { ...member(2), reason: 'failed', message, validation: null, run: null };
    const two = RESULT.map((event) =>
      event.type === 'disagreement' ? { ...event, members: 2, numbers: [1, 3, 4] } : event,
    );
    await view.receive(
      told('hydrate', [BEGUN, member(1), failed as EnsembleEvent, member(3), ...two]),
    );
    const lines = await view.page.locator('.left-out li').allTextContents();
    expect(lines.at(-1)).toBe(`Without member 2 (seed 2): failed. ${message}`);
    expect(await cells(view, '.members tbody tr:nth-child(2)')).toEqual([
      ['member 2', '2', '10 / 10', '–', '–', `failed: ${message} · overfitting`],
    ]);
    expect(await view.page.getByRole('button', { name: 'member 2' }).isDisabled()).toBe(true);
    expect(await cells(view, '.disputed li:first-child .votes tr')).toEqual([
      ['square', '', '×2', 'member 1, 4'],
      ['circle', '', '×1', 'member 3'],
    ]);
    await clean(view);
  });

  it('says why there is nothing to compare', async () => {
    const view = await harness.open();
    await view.receive(told('hydrate', [], { phase: 'stopped' }));
    expect(await view.page.locator('main > p').textContent()).toMatch(/^It was stopped before/);
    const resume = view.page.getByRole('button', { name: 'Go on with it' });
    expect(await resume.isVisible()).toBe(false);
    const stopped = { phase: 'stopped', canGoOn: true } as const;
    await view.receive(told('hydrate', [BEGUN, member(1)], stopped));
    expect(await view.page.locator('main > p').textContent()).toMatch(/It can go on where it was/);
    expect(await cells(view, '.members tbody tr')).toHaveLength(1);
    await resume.click();
    expect((await sent(view)).at(-1)).toEqual({ type: 'command', command: 'resume' });
    await view.receive(told('hydrate', [], { phase: 'failed', message: 'The disk is full.' }));
    expect(await view.page.getByRole('alert').textContent()).toBe('The disk is full.');
    await clean(view);
  });

  it('hands out its numbers and its pictures', async () => {
    const view = await harness.open();
    await view.receive(MADE);
    const { page } = view;
    const take = async (what: string, how: string, format: string) => {
      await page.getByRole('button', { name: `Export ${what}` }).click();
      await page.getByRole('menuitem', { name: how }).click();
      await page.waitForFunction(`window.sent.at(-1).format === '${format}'`);
      return page.evaluate<string>('new TextDecoder().decode(window.sent.at(-1).bytes)');
    };
    const csv = (await take('Comparison', 'Save CSV…', 'csv')).trim().split('\r\n');
    expect(csv[0]).toBe(
      'method,combined by,members,accuracy,loss,"accuracy alone, mean","accuracy alone, sd","loss alone, mean","loss alone, sd",epochs,best',
    );
    expect(csv[2]).toBe('inits,average,3,0.96,0.21,0.92,0.02,NaN,NaN,30,best');
    const svg = await take('Comparison', 'Save SVG…', 'svg');
    expect(svg).toContain('>inits by average</text>');
    expect(svg.match(/<circle/g)).toHaveLength(9);
    const disputed = (await take('Where they differ', 'Save CSV…', 'csv')).trim().split('\r\n');
    expect(disputed.slice(0, 2)).toEqual([
      'example,row,truth,together,member 1,member 2,member 3',
      '4,19,circle,square,square,circle,square',
    ]);
    await clean(view);
  });

  it('has no place for a bar across at any width', async () => {
    const view = await harness.open();
    await view.receive(MADE);
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
