import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RunDelta } from '../../../webview/protocol.ts';
import { type Dashboard, type Harness, startHarness } from './harness.ts';
import { divergedRun, earlierRun, header, hydrate, SETTINGS, series, trainingRun } from './runs.ts';

let harness: Harness;
let dashboard: Dashboard;

beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

async function open(options: Parameters<Harness['open']>[0] = {}): Promise<Dashboard> {
  dashboard = await harness.open(options);
  return dashboard;
}

/** Whatever a test did: the policy held and nothing was thrown. */
afterEach(async () => {
  expect(await dashboard.violations()).toEqual([]);
  expect(dashboard.errors).toEqual([]);
});

describe('what it shows', () => {
  test('asks for its data, and waits for it in words', async () => {
    const view = await open();
    expect(await view.sent()).toEqual([{ type: 'ready', settings: null }]);
    expect(await view.page.getByRole('status').textContent()).toBe('Preparing…');
    await view.receive({ type: 'hydrate', settings: SETTINGS, focus: '', runs: [] });
    expect(await view.page.getByRole('status').textContent()).toContain('Press ▶ Train');
  });

  test('the line of numbers', async () => {
    const view = await open();
    await view.receive(hydrate(trainingRun()));
    expect(await view.page.getByRole('heading', { level: 1 }).textContent()).toBe('digits · run 7');
    expect(await view.number('epoch').textContent()).toBe('epoch 12.4 / 20');
    expect(await view.number('quality').textContent()).toBe('validation accuracy 0.953');
    expect(await view.number('loss').textContent()).toBe('loss 0.121');
    expect(await view.number('pace').textContent()).toBe('41,800 examples/s · 9 s left');
    expect(await view.page.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('62');
    expect(await view.page.locator('.runs').isVisible()).toBe(false);
  });

  test('curves with a label at the end of each line, and the same in words', async () => {
    const view = await open();
    await view.receive(hydrate(trainingRun(), earlierRun(6, 0.25)));
    expect((await view.labels('Loss')).sort()).toEqual([
      'run 6 0.314',
      'train 0.121',
      'validation 0.173',
    ]);
    expect((await view.labels('Accuracy')).sort()).toEqual([
      'run 6 0.949',
      'train 0.984',
      'validation 0.953',
    ]);
    expect(await view.panel('Accuracy').locator('.note').textContent()).toBe('gap 0.031');
    expect(await view.labels('Update : weight')).toContain('dense 3 weights');
    const words = await view.panel('Loss').locator('canvas').getAttribute('aria-label');
    expect(words).toBe(
      'Loss by epochs, logarithmic axis. run 6 0.314, train 0.121, validation 0.173.',
    );
    const row = view.panel('Accuracy').getByRole('row', { name: /^validation/ });
    expect(await row.textContent()).toMatch(/0\.6678.* at epoch 1.*0\.952.* at epoch 12$/);
  });

  test('runs over several seeds as their mean and its deviation', async () => {
    const view = await open();
    // Validation accuracy ends at 0.953, 0.943 and 0.933: 0.943 ± 0.010.
    const seeded = [0, 1, 2].map((k) => {
      const run = earlierRun(k, 0.5);
      run.header.name = `digits seed ${k + 1} · 10:00:0${k}`;
      const curve = run.series.find(({ id }) => id === 'validationQuality')!;
      curve.y.forEach((value, i) => {
        curve.y[i] = value - 0.01 * k;
      });
      return run;
    });
    const other = earlierRun(6, 0.25);
    await view.receive({
      ...hydrate(...seeded, other),
      focus: seeded[0]!.header.id,
    });
    const last = seeded[0]!.series.find(({ id }) => id === 'validationQuality')!.y.at(-1)!;
    const mean = (last - 0.01).toFixed(3);
    const labels = await view.labels('Accuracy');
    expect(labels).toContain(`mean of 3 seeds ${mean} ± 0.010`);
    // The other seeds are told by the band; another run has its own line.
    expect(labels.filter((label) => /seed \d/.test(label))).toEqual([]);
    expect(labels.some((label) => label.startsWith('run 6'))).toBe(true);
    const upper = view
      .panel('Accuracy')
      .getByRole('row', { name: /^validation, mean \+ deviation of 3 seeds/ });
    expect(await upper.textContent()).toMatch(
      new RegExp(`${String(last).slice(0, 5)}\\d* at epoch 20$`),
    );
  });

  test('labels do not overlap', async () => {
    const view = await open({ width: 700 });
    await view.receive(
      hydrate(trainingRun(), ...[1, 2, 3, 4, 5, 6].map((n) => earlierRun(n, 0.3 + n / 99))),
    );
    for (const title of ['Loss', 'Accuracy', 'Update : weight', 'Learning rate']) {
      const labels = await view.panel(title).locator('.label').all();
      const boxes = await Promise.all(labels.map(async (label) => (await label.boundingBox())!));
      expect(boxes.length).toBeGreaterThan(3);
      boxes.forEach((a, i) => {
        for (const b of boxes.slice(i + 1)) {
          const apart =
            a.x + a.width <= b.x ||
            b.x + b.width <= a.x ||
            a.y + a.height <= b.y ||
            b.y + b.height <= a.y;
          expect(apart).toBe(true);
        }
      });
    }
  });

  test('NaN is marked where it happened, said in words, and the reason stands in a banner', async () => {
    const view = await open();
    await view.receive(hydrate(divergedRun()));
    expect(await view.page.locator('.banner').textContent()).toContain(
      'the learning rate 1 is too high',
    );
    expect(await view.number('loss').textContent()).toBe('loss NaN');
    expect(await view.labels('Loss')).toEqual(
      expect.arrayContaining(['✕ loss is NaN', 'train NaN', 'validation NaN']),
    );
    const words = await view.panel('Loss').locator('canvas').getAttribute('aria-label');
    expect(words).toMatch(/loss is NaN at epoch 2\.7/);
    expect(words).toMatch(/validation loss is NaN at epoch 3/);
    expect(await view.page.getByRole('button', { name: 'Stop' }).isVisible()).toBe(false);
  });

  test('a log that is being read is waited for in words, and its curves come', async () => {
    const view = await open();
    const run = trainingRun();
    const completed = { ...run.header, state: 'completed' as const };
    await view.receive(hydrate({ header: { ...completed, reading: true }, series: [] }));
    expect(await view.page.locator('.curves .empty').allTextContents()).toEqual(
      Array<string>(4).fill('Reading the run…'),
    );
    await view.panel('Loss').locator('.cursor').hover();
    await view.receive({ type: 'update', runs: [{ header: completed, series: run.series }] });
    expect(await view.labels('Loss')).not.toEqual([]);
    expect(await view.page.getByText('Reading the run…').count()).toBe(0);
  });

  test('a single infinite value is marked and the curve goes on', async () => {
    const view = await open();
    const run = trainingRun();
    run.series.find((s) => s.id === 'batchLoss')!.y[300] = Number.POSITIVE_INFINITY;
    await view.receive(hydrate(run));
    expect(await view.labels('Loss')).toContain('✕ loss is ∞');
    expect(await view.labels('Loss')).toContain('train 0.121');
  });

  test('R² in the place of accuracy for regression', async () => {
    const view = await open();
    const run = trainingRun();
    await view.receive(hydrate({ ...run, header: { ...run.header, quality: 'R²' } }));
    expect(await view.panel('R²').isVisible()).toBe(true);
    expect(await view.number('quality').textContent()).toBe('validation R² 0.953');
  });

  test('fits from 400 to 2,000 pixels', async () => {
    for (const width of [400, 860, 2000]) {
      const view = await open({ width });
      await view.receive(hydrate(trainingRun(), earlierRun(6, 0.25)));
      const size = await view.page.evaluate<number>('document.documentElement.scrollWidth');
      expect(size).toBe(width);
    }
  });
});

describe('while it trains', () => {
  const tail = (run: RunDelta, keep: number, x: number[], y: number): RunDelta => ({
    header: run.header,
    series: [{ ...series('smoothLoss', 'train', x, () => y), keep }],
  });

  test('deltas are appended', async () => {
    const view = await open();
    const run = trainingRun();
    await view.receive(hydrate(run));
    await view.receive({ type: 'update', runs: [tail(run, 600, [12.5, 13], 0.0999)] });
    expect(await view.labels('Loss')).toContain('train 0.0999');
    // the text alternative follows within two seconds
    const row = view.panel('Loss').getByRole('row', { name: /^train .* 0\.0999 at epoch 13$/ });
    await row.waitFor({ state: 'attached', timeout: 4000 });
  });

  test('a new run joins, a deleted one leaves', async () => {
    const view = await open();
    await view.receive(hydrate(trainingRun()));
    await view.receive({ type: 'update', runs: [earlierRun(6, 0.25)] });
    expect(await view.labels('Loss')).toContain('run 6 0.314');
    await view.receive({ type: 'remove', run: earlierRun(6, 0.25).header.id });
    expect(await view.labels('Loss')).not.toContain('run 6 0.314');
    await view.receive({ type: 'remove', run: trainingRun().header.id });
    expect(await view.page.getByText('No run to show').isVisible()).toBe(true);
  });

  test('at most ten redraws a second, however many messages come', async () => {
    const view = await open();
    const run = trainingRun();
    await view.receive(hydrate(run));
    const one = await view.drawings();
    await view.page.evaluate('window.receive({type: "update", runs: []})');
    await view.settle();
    const each = (await view.drawings()) - one;
    expect(each).toBeGreaterThan(0);
    const before = await view.drawings();
    await view.page.evaluate(`new Promise((done) => {
      const end = performance.now() + 1000;
      const send = () => {
        window.receive({ type: 'update', runs: [] });
        performance.now() < end ? setTimeout(send, 5) : done();
      };
      send();
    })`);
    expect((await view.drawings()) - before).toBeLessThanOrEqual(11 * each);
  });
});

describe('what it asks of the host', () => {
  test('buttons', async () => {
    const view = await open();
    const run = trainingRun();
    await view.receive(hydrate(run));
    const { id } = run.header;
    for (const name of ['Pause', 'Stop', 'Reveal the run folder', 'digits']) {
      await view.page.getByRole('button', { name, exact: true }).click();
    }
    const paused = header({ state: 'paused' }, { epoch: 3, epochs: 20 });
    await view.receive({ type: 'update', runs: [{ header: paused, series: [] }] });
    await view.page.getByRole('button', { name: 'Resume' }).click();
    const commands = ['pause', 'stop', 'reveal', 'openConfig', 'resume'];
    expect((await view.sent()).slice(1)).toEqual(
      commands.map((command) => ({ type: 'command', run: id, command })),
    );
  });

  test('settings, kept for the next time', async () => {
    const view = await open();
    await view.receive(hydrate(trainingRun(), earlierRun(6, 0.25)));
    await view.page.getByRole('button', { name: 'log' }).click();
    await view.page.getByText('steps', { exact: true }).click();
    await view.page.getByRole('slider', { name: /^smooth/ }).fill('0.9');
    await view.page.getByRole('checkbox', { name: 'Show digits · run 6' }).click();
    await view.settle();
    const hidden = [earlierRun(6, 0.25).header.id];
    const settings = { tab: 'curves', xAxis: 'steps', logLoss: false, smoothing: 0.9, hidden };
    const sent = (await view.sent()).slice(1);
    expect(sent.map((message) => message.type)).toEqual(Array(4).fill('settings'));
    expect(sent.at(-1)).toEqual({ type: 'settings', settings });
    expect(await view.labels('Loss')).not.toContain('run 6 0.314');
    expect((await view.saved()).settings).toEqual(settings);
    await view.page.reload();
    expect(await view.sent()).toEqual([{ type: 'ready', settings }]);
  });

  test('another x axis shows with its data, not before', async () => {
    const view = await open();
    await view.receive(hydrate(trainingRun()));
    const words = () => view.panel('Loss').locator('canvas').getAttribute('aria-label');
    await view.page.getByText('time', { exact: true }).click();
    await view.page.waitForTimeout(2100);
    expect(await words()).toContain('Loss by epochs');
    await view.receive({ ...hydrate(trainingRun()), settings: { ...SETTINGS, xAxis: 'time' } });
    await view.page.waitForTimeout(2100);
    expect(await words()).toContain('Loss by time');
  });

  test('focus', async () => {
    const view = await open();
    await view.receive(hydrate(trainingRun(), earlierRun(6, 0.25)));
    await view.page.getByRole('button', { name: 'digits · run 6' }).click();
    await view.settle();
    const { id } = earlierRun(6, 0.25).header;
    expect((await view.sent()).at(-1)).toEqual({ type: 'focus', run: id });
    expect(await view.page.getByRole('heading', { level: 1 }).textContent()).toBe('digits · run 6');
    expect(await view.labels('Loss')).toEqual(
      expect.arrayContaining(['run 7 0.173', 'train 0.214']),
    );
    expect((await view.saved()).focus).toBe(id);
  });

  test('another learning rate, if it is one', async () => {
    const view = await open();
    await view.receive(hydrate(trainingRun()));
    const button = view.page.getByRole('button', { name: /^Learning rate/ });
    const field = view.page.getByRole('textbox', { name: 'Learning rate' });
    await button.focus();
    await view.page.keyboard.press('Enter');
    await field.fill('-3');
    await field.press('Enter');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await view.page.getByText('A number above 0').isVisible()).toBe(true);
    // numbers that arrive meanwhile leave what is being typed alone
    await view.receive({ type: 'update', runs: [{ header: trainingRun().header, series: [] }] });
    await field.fill('3e-3');
    await field.press('Enter');
    expect(await field.isVisible()).toBe(false);
    expect((await view.sent()).slice(1)).toEqual([
      { type: 'learningRate', run: trainingRun().header.id, value: 3e-3 },
    ]);
    await button.click();
    await field.press('Escape');
    expect(await button.isVisible()).toBe(true);
    expect(await view.sent()).toHaveLength(2);
  });
});

describe('reading values', () => {
  test('under the pointer, in every panel the same place', async () => {
    const view = await open();
    await view.receive(hydrate(trainingRun()));
    const cursor = view.panel('Accuracy').locator('.cursor');
    const box = (await cursor.boundingBox())!;
    await view.page.mouse.move(box.x + box.width * 0.4, box.y + 60);
    const readout = view.panel('Accuracy').locator('.readout');
    expect(await readout.textContent()).toMatch(/^epoch \d+train0\.\d{4,6}validation0\.\d{4,6}$/);
    expect(await view.panel('Loss').locator('.rule').isVisible()).toBe(true);
    expect(await view.panel('Loss').locator('.readout').isVisible()).toBe(false);
    await view.page.mouse.move(5, 5);
    expect(await readout.isVisible()).toBe(false);
  });

  test('by the keyboard, which reaches everything', async () => {
    const view = await open();
    await view.receive(hydrate(trainingRun(), earlierRun(6, 0.25)));
    const reached: string[] = [];
    for (let i = 0; i < 24; i++) {
      await view.page.keyboard.press('Tab');
      reached.push(
        (await view.page.evaluate<string>(
          "document.activeElement.ariaLabel ?? document.activeElement.value ?? ''",
        )) || (await view.page.evaluate<string>('document.activeElement.textContent')),
      );
    }
    for (const name of [
      'digits',
      'Learning rate 1e-2: change',
      'Pause',
      'Stop',
      'log',
      'epochs',
      'Export Loss',
      'Read values: Loss',
      'Read values: Update : weight',
      'Show digits · run 6',
      'digits · run 6',
    ]) {
      expect(reached).toContain(name);
    }
    const cursor = view.page.getByRole('slider', { name: 'Read values: Accuracy' });
    await cursor.focus();
    await view.page.keyboard.press('Home');
    await view.page.keyboard.press('ArrowRight');
    expect(await cursor.getAttribute('aria-valuetext')).toMatch(
      /^epoch 2: train 0\.82\d+, validation 0\.799\d+/,
    );
    await view.page.keyboard.press('Escape');
    expect(await cursor.getAttribute('aria-valuetext')).toContain('arrow keys');
    const box = view.page.getByRole('checkbox', { name: 'Show digits · run 6' });
    await box.focus();
    await view.page.keyboard.press('Space');
    expect((await view.sent()).at(-1)).toMatchObject({
      settings: { hidden: [earlierRun(6, 1).header.id] },
    });
  });
});

describe('themes', () => {
  test.each(['dark', 'light', 'high-contrast', 'high-contrast-light'] as const)(
    '%s',
    async (theme) => {
      const view = await open({ theme });
      await view.receive(hydrate(trainingRun(), earlierRun(6, 0.25)));
      expect(await view.labels('Loss')).toContain('train 0.121');
    },
  );

  test('a change is followed at once, by lines and text', async () => {
    const view = await open({ theme: 'dark' });
    await view.receive(hydrate(trainingRun()));
    const label = view.panel('Loss').locator('.label', { hasText: 'train' });
    const color = () => label.getAttribute('style');
    const picture = async () =>
      (await view.panel('Accuracy').locator('canvas').screenshot()).toString('base64');
    const [darkText, darkPicture] = [await color(), await picture()];
    await view.theme('light');
    expect(await color()).toContain('color: rgb(0, 99, 211)');
    expect(darkText).toContain('color: rgb(89, 164, 249)');
    expect(await picture()).not.toBe(darkPicture);
  });
});
