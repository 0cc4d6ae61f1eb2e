import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../core/events/run-event.ts';
import { reportOf } from '../../../core/report/report.ts';
import type { ReportSource } from '../../../core/report/source.ts';
import { RunHistory } from '../../../core/runs/history.ts';
import * as events from '../runs/events.ts';

function report(run: RunEvent[], change: Partial<ReportSource> = {}): Promise<string> {
  const history = new RunHistory();
  history.push(run);
  return reportOf({
    ...{ history, folder: '/runs/one', config: 'data: {}', damage: null },
    ...{ writtenAt: Date.UTC(2026, 0, 1), version: '1.2.3' },
    ...change,
  });
}

const ten = events.steps(1, [2.5, 2, 1.5, 1.2, 1, 0.9, 0.8, 0.7, 0.6, 0.5]);
const whole: RunEvent[] = [
  events.started(),
  events.distributions(0),
  ten,
  events.ratios([5, 10], [1e-3, 1e-2, 2e-3, 2e-2]),
  events.epoch(1),
  events.distributions(10),
  events.activity(10),
  events.weights(10, { parameter: 0, codes: Int16Array.from({ length: 640 }, (_, i) => i * 51) }),
  events.weights(10),
  events.finished(),
];

/** The section below this title. */
function section(html: string, title: string): string {
  const [, rest = ''] = html.split(`<h2>${title}</h2>`);
  return rest.split('</section>')[0]!;
}

describe('a report', () => {
  it('is one page that asks for nothing and runs nothing', async () => {
    const html = await report(whole);
    expect(html).toMatch(/^<!DOCTYPE html>/);
    expect(html).toContain(
      'default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; img-src data:',
    );
    expect(html).not.toMatch(/<script|<link|<iframe|\son[a-z]+=|@import/);
    const addresses = html.match(/(\b(src|href)=|url\()[^>]{0,12}/g) ?? [];
    expect(addresses.every((address) => address.startsWith('src="data:'))).toBe(true);
    expect(html).not.toMatch(/\b(undefined|\[object)/);
  });

  it('says that nothing was found wrong only of a run that was judged', async () => {
    const judged = await report([events.started({ configText: 'data: {}' }), ten]);
    expect(section(judged, 'Findings')).toContain('Nothing was found wrong with this run.');
    const other = section(await report([events.started(), ten]), 'Findings');
    expect(other).toContain('This run was not judged');
    expect(other).not.toContain('Nothing was found wrong');
  });

  it('tells the numbers of the run', async () => {
    const html = await report(whole);
    expect(html).toContain('<dt>state</dt><dd>completed</dd>');
    expect(html).toContain('<dt>validation accuracy</dt><dd>0.800</dd>');
    expect(html).toContain('<dt>best</dt><dd>validation loss 1.10 at epoch 1</dd>');
    expect(html).toContain('<dt>kernels</dt><dd>relaxed-simd</dd>');
    expect(html).toContain('Trainscope 1.2.3');
    const curves = section(html, 'Curves');
    expect(curves).toContain(
      '<th scope="row">batch</th><td>2.5 at epoch 0.1</td><td>0.5 at epoch 1</td>',
    );
    expect(curves).toContain('<th scope="row">dense 1 weights</th><td>0.001 at epoch 0.5</td>');
    expect(section(html, 'Layers')).toContain('<td>0.500 ± 1.08</td><td>20 % dead</td>');
  });

  it('shows the first layer as an image, a weight a square', async () => {
    const weights = section(await report(whole), 'First layer');
    const [, base64 = ''] = /src="data:image\/png;base64,([^"]+)"/.exec(weights) ?? [];
    const image = decode(Buffer.from(base64, 'base64'));
    // 10 units of 8 × 8 weights, each weight 8 pixels wide, 2 pixels between.
    expect([image.width, image.height]).toEqual([10 * 66 - 2, 64]);
    const pixel = (x: number, y: number) => [
      ...image.data.subarray((y * image.width + x) * 4, (y * image.width + x) * 4 + 4),
    ];
    const level = (weight: number, most: number) => Math.round(((weight / most + 1) / 2) * 255);
    // Unit 2's weight at row 3, column 4: input 28.
    const grey = level(28 * 10 + 2, 630 + 2);
    expect(pixel(2 * 66 + 4 * 8 + 3, 3 * 8 + 3)).toEqual([grey, grey, grey, 255]);
    expect(pixel(64, 3)[3]).toBe(0);
    expect(weights).toContain('<th scope="row">unit 10</th>');
  });

  it('escapes whatever text the run has', async () => {
    const evil = `</style><script>alert("1")</script>&'`;
    const path = [evil];
    const finding = {
      ...{ rule: evil, severity: 'error' as const, path, step: 3, message: evil },
      ...{ evidence: { [evil]: evil }, fixes: [{ title: evil, edits: [] }] },
    };
    const plan = events.started().plan;
    const layers = plan.layers.map((layer) => ({ ...layer, label: evil }));
    const html = await report(
      [
        events.started({ name: evil, config: evil, plan: { ...plan, layers } }),
        events.distributions(0),
        ten,
        { type: 'finding', finding },
      ],
      { config: evil, folder: evil, damage: evil },
    );
    expect(html).not.toContain('<script');
    expect(html.match(/<\/style>/g)).toHaveLength(1);
    expect(html).toContain('<li class="error">');
  });

  it('says what is missing', async () => {
    const empty = await report([events.started()], { config: null });
    for (const text of [
      'there are no curves',
      'Nothing inside this network was measured',
      'The weights of this run were not kept',
      'The log tells nothing of its data',
      'The config of this run is missing',
      'The run still goes on',
    ])
      expect(empty).toContain(text);
    expect(await report([events.started()], { damage: 'The log is damaged at byte 7.' })).toContain(
      '<p class="notice">The log is damaged at byte 7.</p>',
    );
    const history = new RunHistory();
    history.push([events.started(), ten]);
    history.abandon();
    expect(await report([], { history })).toContain('The log ends before the run did');
    expect(await report([events.started(), ten])).toContain('No epoch was completed');
  });

  it('shows a run that is NaN from its first step, and layers that are', async () => {
    const broken = events.distributions(10);
    broken.statistics.fill(Number.NaN);
    broken.statistics.set([0, 3, 0], 10);
    const nothing = Array.from({ length: 10 }, () => Number.NaN);
    const html = await report([
      events.started(),
      events.steps(1, nothing),
      { ...broken, bins: broken.bins.fill(0), counts: new Uint32Array(0) },
      events.finished({ reason: 'diverged', message: 'The cost is NaN.', train: null }),
    ]);
    expect(html).toContain('✕ loss is NaN');
    expect(html).toContain('The cost is NaN.');
    expect(html).toContain('no finite value');
    const attributes = html.match(/\b(x|y|d|width|height|viewBox)="[^"]*"/g)!;
    expect(attributes.filter((each) => /NaN|Infinity/.test(each))).toEqual([]);
  });

  it('stays small, however long the run was', async () => {
    const length = 200_000;
    const loss = Array.from({ length }, (_, i) => 1 / (1 + i) + Math.sin(i) / 10 + 0.2);
    const epochs = Array.from({ length: 1000 }, (_, i) => events.epoch(i + 1));
    const long = await report([events.started({ epochs: 1000 }), events.steps(1, loss), ...epochs]);
    expect(long.length).toBeLessThan(150_000);
  });
});
