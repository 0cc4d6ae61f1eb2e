import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseGraphFile } from '../../../core/inspection/graph/file.ts';
import type { ToExpression } from '../../../webview/protocol.ts';
import { type Dashboard, type Harness, startHarness } from './harness.ts';

const samples = join(import.meta.dirname, '../../../extension/samples');

async function sample(name: string): Promise<ToExpression> {
  const file = `${name}.graph.yaml`;
  const { file: read } = parseGraphFile(await readFile(join(samples, file), 'utf8'), file);
  return shown(read!.expression, read!.values);
}

const shown = (expression: string, values: Record<string, number>): ToExpression => ({
  file: 'file:///a.graph.yaml',
  name: 'a',
  problem: null,
  expression,
  names: Object.keys(values),
  values: Float64Array.from(Object.values(values)),
});

describe('the graph of a formula', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness('expression');
  });
  afterAll(() => harness?.close());

  async function open(message: ToExpression, width = 1180): Promise<Dashboard> {
    const view = await harness.open({ width });
    await view.receive(message);
    return view;
  }

  /** What stands at each node: its name, value and gradient. */
  const nodes = ({ page }: Dashboard) =>
    page.locator('.node').evaluateAll((all) => all.map((node) => node.getAttribute('aria-label')));
  const sentences = ({ page }: Dashboard) => page.locator('.sentences li').allTextContents();
  const step = ({ page }: Dashboard) => page.getByLabel('Steps forward and backward');

  it('shows the values and gradients of the lecture, and where the gradient goes', async () => {
    const view = await open(await sample('circuit'));
    expect(await nodes(view)).toEqual([
      'x, value -2, gradient -4',
      'y, value 5, gradient -4',
      'q, gate +, value 3, gradient -4',
      'z, value -4, gradient 3',
      'f, gate ×, value -12, gradient 1',
    ]);
    expect(await view.page.getByRole('heading', { level: 2 }).textContent()).toBe(
      'Where does the gradient flow, and where does it die?',
    );
    expect(await view.page.locator('.verdict').textContent()).toBe(
      'The gradient of f reaches everything that is given.',
    );
    await view.page.locator('.node[data-node="0"]').hover();
    await view.settle();
    expect(await sentences(view)).toEqual([
      'x = -2 is given',
      '∂f/∂x = ∂f/∂q · ∂q/∂x = -4 · 1 = -4',
    ]);
    expect(await view.violations()).toEqual([]);
    expect(view.errors).toEqual([]);
  });

  it('goes forward and backward one gate at a time', async () => {
    const view = await open(await sample('circuit'));
    const { page } = view;
    await step(view).focus();
    await page.keyboard.press('Home');
    await view.settle();
    expect(await nodes(view)).toEqual([
      'x, value -2',
      'y, value 5',
      'q, gate +',
      'z, value -4',
      'f, gate ×',
    ]);
    const on = page.getByRole('button', { name: 'One step on' });
    const told: string[][] = [];
    for (let i = 0; i < 5; i++) {
      await on.click();
      await view.settle();
      told.push([
        (await page.locator('.stepper .value').textContent())!,
        ...(await sentences(view)),
      ]);
    }
    expect(told).toEqual([
      ['forward 1 of 2', 'q = x + y = -2 + 5 = 3'],
      ['forward 2 of 2', 'f = q · z = 3 · (-4) = -12'],
      ['backward 0 of 2', '∂f/∂f = 1: the gradient starts here'],
      ['backward 1 of 2', '∂f/∂q = z = -4', '∂f/∂z = q = 3'],
      [
        'backward 2 of 2',
        '∂f/∂x = ∂f/∂q · ∂q/∂x = -4 · 1 = -4',
        '∂f/∂y = ∂f/∂q · ∂q/∂y = -4 · 1 = -4',
      ],
    ]);
    await page.getByRole('button', { name: 'One step back' }).click();
    await view.settle();
    expect(await nodes(view)).toContain('x, value -2');
  });

  it('computes anew when a value is changed, and takes it back', async () => {
    const view = await open(await sample('circuit'));
    const { page } = view;
    await page.getByRole('spinbutton', { name: 'z' }).fill('2');
    await view.settle();
    expect(await nodes(view)).toEqual([
      'x, value -2, gradient 2',
      'y, value 5, gradient 2',
      'q, gate +, value 3, gradient 2',
      'z, value 2, gradient 3',
      'f, gate ×, value 6, gradient 1',
    ]);
    // what is no number changes nothing
    await page.getByRole('spinbutton', { name: 'z' }).fill('');
    await view.settle();
    expect(await nodes(view)).toContain('z, value 2, gradient 3');
    await page.getByRole('button', { name: 'reset' }).click();
    await view.settle();
    expect(await nodes(view)).toContain('z, value -4, gradient 3');
  });

  it('is walked through by keys', async () => {
    const view = await open(await sample('sigmoid'));
    const { page } = view;
    await page.locator('.node[tabindex="0"]').focus();
    const at = () => page.evaluate('document.activeElement.getAttribute("aria-label")');
    expect(await at()).toBe('f, gate 1/x, value 0.731, gradient 1');
    await page.keyboard.press('ArrowLeft');
    expect(await at()).toBe('q₇, gate +1, value 1.37, gradient -0.534');
    await view.settle();
    expect(await sentences(view)).toEqual([
      'q₇ = q₆ + 1 = 0.368 + 1 = 1.37',
      '∂f/∂q₇ = −1/q₇² = -0.534',
    ]);
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowLeft');
    expect(await at()).toMatch(/^q₃, gate \+|^w2/);
    await page.keyboard.press('ArrowRight');
    expect(await at()).toBe('q₄, gate +, value 1, gradient 0.197');
    // a given value is changed
    await page.locator('.node[data-node="0"]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.locator('.node[data-node="0"]').focus();
    await page.keyboard.press('ArrowRight');
    expect(await at()).toMatch(/^q₁, gate ×/);
  });

  it('is taken away as lines, and as a table of its nodes', async () => {
    const view = await open(await sample('circuit'));
    const taken = async (item: string) => {
      await view.page.getByRole('button', { name: 'Export the graph' }).click();
      await view.page.getByRole('menuitem', { name: item }).click();
      await view.settle();
      return view.page.evaluate<string>(`(() => {
        const { bytes, text, reason } = window.sent.at(-1);
        return bytes ? new TextDecoder().decode(bytes) : (text ?? reason);
      })()`);
    };
    const svg = await taken('Save SVG…');
    expect(svg).toContain('<title>graph of f</title>');
    expect(svg).not.toMatch(/<image|var\(|class=|stroke="none"[^>]*d="M-/);
    expect(svg.match(/<circle/g)).toHaveLength(2);
    for (const number of ['-12', '-4', '5']) expect(svg).toContain(`>${number}</text>`);
    const [, color] = /<text[^>]* fill="(rgb\([^"]*\))"[^>]*>-12</.exec(svg)!;
    expect(color).not.toBe('rgb(0, 0, 0)');
    expect(await taken('Copy as Markdown')).toContain('| q | x + y | 3 | -4 | ∂/∂x 1, ∂/∂y 1 |');
    expect(view.errors).toEqual([]);
    expect(await view.violations()).toEqual([]);
  });

  it('says where the gradient dies, adds what comes back on several ways, and shows infinities', async () => {
    const view = await open(shown('a = max(x, y); f = a * a', { x: 1, y: 2 }));
    const verdict = () => view.page.locator('.verdict').textContent();
    expect(await verdict()).toBe('The gradient dies at a on the way to x.');
    await view.page.locator('.node[data-node="2"]').hover();
    await view.settle();
    expect(await sentences(view)).toEqual([
      'a = max(x, y) = max(1, 2) = 2',
      '∂f/∂a by way of f = a = 2',
      '∂f/∂a by way of f = a = 2',
      '∂f/∂a = 2 + 2 = 4: gradients of all ways add up',
    ]);
    expect(await view.page.locator('.line.dead').count()).toBe(1);
    await view.receive(shown('x / y', { x: 1, y: 0 }));
    expect(await nodes(view)).toEqual([
      'x, value 1, gradient ∞',
      'y, value 0, gradient -∞',
      'q₁, gate 1/x, value ∞, gradient 1',
      'f, gate ×, value ∞, gradient 1',
    ]);
    expect(await verdict()).toBe('The gradient is infinite from y on backward.');
    await view.receive({ file: 'a', name: 'a', problem: 'Line 2: "y" has no value.' });
    expect(await view.page.getByText('Line 2: "y" has no value.').isVisible()).toBe(true);
    expect(await view.page.locator('.graph-view').isVisible()).toBe(false);
    expect(view.errors).toEqual([]);
  });

  it('has all numbers in a table', async () => {
    const view = await open(await sample('circuit'));
    await view.page.getByText('All numbers as a table').click();
    await view.settle();
    const rows = await view.page.locator('tbody tr').allInnerTexts();
    expect(rows.map((row) => row.split('\t').map((cell) => cell.trim()))).toEqual([
      ['x', 'given', '-2', '-4', ''],
      ['y', 'given', '5', '-4', ''],
      ['q', 'x + y', '3', '-4', '∂/∂x 1, ∂/∂y 1'],
      ['z', 'given', '-4', '3', ''],
      ['f', 'q · z', '-12', '1', '∂/∂q -4, ∂/∂z 3'],
    ]);
  });

  it('enlarges, moves and fits', async () => {
    const view = await open(await sample('sigmoid'), 700);
    const { page } = view;
    const place = () => page.locator('.viewport svg > g').first().getAttribute('transform');
    const whole = await place();
    await page.getByRole('button', { name: 'Zoom in' }).click();
    const larger = await place();
    expect(larger).not.toBe(whole);
    const { x, y } = (await page.locator('.viewport svg').first().boundingBox())!;
    await page.mouse.move(x + 20, y + 20);
    await page.mouse.down();
    await page.mouse.move(x + 60, y + 30);
    await page.mouse.up();
    expect(await place()).not.toBe(larger);
    await page.getByRole('button', { name: 'Zoom to fit' }).click();
    expect(await place()).toBe(whole);
  });
});
