import { cp, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Encoder } from 'cbor-x/index-no-eval';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { reportOfRun } from '../../../core/report/run-report.ts';
import { LOG_FILE } from '../../../core/runs/index.ts';
import { LogReader, type RecordPlace } from '../../../core/runs/log-reader.ts';
import { frame } from '../../../core/runs/tfrecord.ts';
import { TABS, type Tab } from '../../../webview/protocol.ts';
import { started } from '../../unit/runs/events.ts';
import { sample, type TrainedRun, trainedRun } from './explored.ts';
import { type Harness, startHarness } from './harness.ts';
import { WholeDashboard } from './whole.ts';

vi.mock('../../../extension/load-core.ts', async () => {
  const core = await import('../../../extension/core.ts');
  return { loadCore: () => core };
});

/**
 * What a view says of a run, by tab; what is not here must only say something. With what the features say, by
 * section, goes that all charts can be taken away.
 */
interface Said {
  banner?: RegExp;
  tabs?: { [T in Tab]?: RegExp };
  sections?: { [title: string]: RegExp };
  /** What the report says, or why there is none. */
  report: RegExp;
}

const rows = (layers: string, training = 'epochs: 2, batchSize: 15, seed: 1') => `
data: { source: circles, examples: 60, validation: 0.25 }
model: { layers: [${layers}] }
training: { ${training} }
optimizer: { type: sgd, learningRate: 0.1 }
`;
const noPicture = /plain list of \d features, no image, so the weights have no picture/;
const noImages = /needs images, but an example here is a plain list of 2 features/;
const noClasses = /needs classes, but the network predicts values \(task: regression\)/;
const notMeasured = /Nothing inside this network was measured: .* Train it again with inspect/;
const lost = /^There is nothing to show here: the log of this run cannot be read\.$/;
const cutOff = /The log ends before the run did/;

/** Runs that are as they should be, of networks and data that views have nothing to show of. */
const TRAINED: { [name: string]: { config: () => Promise<string> | string; says: Said } } = {
  'values to predict': {
    config: async () => (await sample('regression')).replace(/epochs: \d+/, 'epochs: 1'),
    says: {
      tabs: { weights: noPicture, findings: /^Nothing was found wrong with this run\.$/ },
      sections: {
        'Fool it': noClasses,
        'Class images': noClasses,
        'Confusion matrix': noClasses,
        Embedding: /There are no classes: the network predicts values/,
      },
      report: /validation R²/,
    },
  },
  'rows, and layers of one unit': {
    config: () => rows('dense: 1, relu, dense: 1, tanh, dense: 2'),
    says: {
      tabs: { weights: /1 unit ↓ × 1 input →/, graph: /of 45 · the network as of epoch 2/ },
      sections: { 'Feature maps': /1 unit/, 'Fool it': noImages, 'Class images': noImages },
      report: noPicture,
    },
  },
  'weights that overflow': {
    // One step: its loss is finite, what comes after it is not.
    config: () =>
      rows('dense: 4, relu, dense: 2', 'epochs: 1, batchSize: full, seed: 1').replace(
        '0.1',
        '1e38',
      ),
    says: {
      tabs: {
        curves: /✕ validation loss is NaN/,
        layers: /\d % NaN or ∞/,
        graph: /The gradient is NaN from .* on backward/,
      },
      sections: {
        'Feature maps': /NaN or ∞/,
        Saliency: /its gradient is not finite/,
        Embedding: /so large that their distances are not finite/,
      },
      report: /validation loss is NaN/,
    },
  },
  'nothing measured inside': {
    config: () => `${rows('dense: 30, relu, dense: 30, relu, dense: 2')}inspect: none\n`,
    says: {
      tabs: {
        layers: notMeasured,
        weights: /No weights of this run were kept/,
        graph: notMeasured,
      },
      report: /Nothing inside this network was measured/,
    },
  },
};

/** Logs that something happened to; the run has all else that it had. */
const DAMAGED: {
  [name: string]: {
    change: (log: Buffer, records: Place[]) => Uint8Array;
    says: Said;
  };
} = {
  'no step': {
    change: (log, [, second]) => log.subarray(0, second!.at),
    says: {
      tabs: {
        curves: /Nothing was recorded/,
        layers: notMeasured,
        weights: /ended before its first step/,
        graph: notMeasured,
        findings: /ended before its first step/,
      },
      report: /there are no curves/,
    },
  },
  'a log that was cut': {
    change: (log, records) => log.subarray(0, last(records, 'steps').at + 40),
    says: {
      tabs: { layers: /epoch 1 · step 3 \(latest\)/, weights: /epoch 1 · step 3 \(latest\)/ },
      report: cutOff,
    },
  },
  'a log that is damaged': {
    change: (log, records) => tampered(log, last(records, 'epoch').at),
    says: { banner: /^The log is damaged at byte \d+; what follows/, report: /damaged at byte/ },
  },
  'a damaged look inside': {
    change: (log, records) => tampered(log, last(records, 'distributions').at + 40),
    says: {
      banner: /^The log is damaged at byte \d+, and what was measured there is left out/,
      tabs: { layers: /epoch 1 · step 3 \(latest\)/ },
      report: /damaged at byte/,
    },
  },
  'a log of nothing': unreadable(() => new Uint8Array(), /^The log of \S+ is empty\.$/),
  'a log that is none': unreadable((log) => tampered(log, 3), /^The log is damaged at byte 0;/),
  'a log of a newer version': unreadable(
    () => frame(encoder.encode({ ...started(), formatVersion: 2 })),
    /^This run was written by a newer Trainscope \(log format 2/,
  ),
};

type Place = RecordPlace & { type: string };
const encoder = new Encoder({ useRecords: false, tagUint8Array: true });

function unreadable(change: (log: Buffer) => Uint8Array, why: RegExp) {
  const inside = { layers: lost, weights: lost, features: lost, graph: lost, findings: lost };
  const tabs = { curves: /Its log cannot be read/, ...inside };
  return { change, says: { banner: why, tabs, report: why } };
}

function last(records: Place[], type: string): Place {
  return records.findLast((record) => record.type === type)!;
}

function tampered(bytes: Buffer, at: number): Uint8Array {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 0x55;
  return copy;
}

/** Where the records of a log are, by type. */
async function recordsOf(log: string): Promise<Place[]> {
  const places: Place[] = [];
  const reader = new LogReader(log, 0, (type, place) => {
    places.push({ ...place, type });
    return false;
  });
  for await (const _ of reader.read());
  return places;
}

let harness: Harness;
let dashboard: WholeDashboard;
/** The run whose log is damaged. */
let whole: TrainedRun;
const trained: TrainedRun[] = [];

beforeAll(async () => {
  whole = await trainedRun(rows('dense: 30, relu, dense: 30, tanh, dense: 2'));
  trained.push(whole);
  harness = await startHarness();
  dashboard = new WholeDashboard(await harness.open());
});
afterAll(async () => {
  await dashboard.dispose();
  await harness.close();
  for (const run of trained) await run.remove();
});

const page = () => dashboard.view.page;
/** What is read of the tab that is shown. */
const pane = () => page().locator('main > :visible').first().innerText();
/** Busy, or a word that nobody meant. */
const notYet = /^\s*$|^(Reading|Loading|Waiting|Preparing)|: \d+ %\s|undefined|\[object|\bnull\b/;
const eventually = <T>(look: () => Promise<T>) =>
  expect.poll(look, { timeout: 20_000, interval: 60 });

async function check(folder: string, { banner, tabs = {}, sections, report }: Said): Promise<void> {
  await dashboard.open(folder);
  for (const tab of TABS) {
    await page().locator(`#tab-${tab}`).click();
    await eventually(pane).not.toMatch(notYet);
    await eventually(pane).toMatch(tabs[tab] ?? /\S/);
    await screenshot(`${basename(folder)}-${tab}`);
    if (tab === 'features' && sections) await checkSections(sections);
    if (sections) await checkExports();
  }
  if (banner) expect(await page().locator('.banner').textContent()).toMatch(banner);
  else expect(await page().locator('.banner').isVisible()).toBe(false);
  expect(dashboard.view.errors).toEqual([]);
  expect(await dashboard.view.violations()).toEqual([]);
  const written = await reportOfRun(folder).then(
    ({ html }) => html,
    (error: Error) => error.message,
  );
  expect(written).toMatch(report);
  expect(written).not.toMatch(/\b(undefined|\[object)/);
}

async function screenshot(name: string): Promise<void> {
  if (process.env.SCREENSHOTS)
    await page().screenshot({ path: `${process.env.SCREENSHOTS}/bad-${name}.png` });
}

async function checkSections(said: { [title: string]: RegExp }): Promise<void> {
  const titles = await page().locator('.section-tabs [role=tab]').allTextContents();
  for (const title of titles) {
    await page().getByRole('tab', { name: title, exact: true }).click();
    const section = () => page().locator('#section').innerText();
    await eventually(section).not.toMatch(notYet);
    await eventually(section).toMatch(said[title] ?? /\S+\s+\S+/);
    await checkExports();
  }
}

/** Each chart that is seen can be taken away as numbers, or says that there is nothing of it. */
async function checkExports(): Promise<void> {
  const saved = () => dashboard.heard.filter(({ type }) => type === 'save').length;
  for (const button of await page().locator('.export:visible').all()) {
    const before = saved();
    await button.click();
    const item = page().getByRole('menuitem', { name: 'Save CSV…' });
    if ((await item.count()) === 0) {
      expect(await page().getByRole('menu').innerText()).toBe('There is nothing to save yet');
      await page().keyboard.press('Escape');
      continue;
    }
    await item.click();
    await eventually(async () => saved()).toBe(before + 1);
  }
}

test.each(Object.entries(TRAINED))('%s', async (_, { config, says }) => {
  const run = await trainedRun(await config());
  trained.push(run);
  await check(run.folder, says);
});

test.each(Object.entries(DAMAGED))('%s', async (name, { change, says }) => {
  const { folder } = whole;
  const own = join(dirname(folder), name.replaceAll(' ', '-'));
  await cp(folder, own, { recursive: true });
  const log = join(own, LOG_FILE);
  await writeFile(log, change(await readFile(log), await recordsOf(log)));
  await check(own, says);
});
