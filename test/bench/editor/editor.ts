import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { packageExtension } from '../../../extension/development/package.ts';
import { projectRoot } from '../../../extension/development/project.ts';
import { type Figure, median, type Outcome } from '../figures.ts';
import { LONG_RUN } from '../log.ts';
import { withFolder } from '../scratch.ts';
import { writeRun } from '../written-run.ts';
import { activationTime } from './activation.ts';
import { type InsideView, measureInside } from './inside.ts';
import { type Opening, openDashboard, watchDrawings } from './opening.ts';
import { measureOverhead, type Overhead } from './overhead.ts';
import { type Editor, startEditor } from './window.ts';

const WINDOWS = 7;
/** Openings of the dashboard in each window; the first has the most to load. */
const OPENINGS = 4;
const AIM = { activation: 50, opening: 1000, overhead: 5, megabytes: 2 };
/** 1,000,000 steps of 101 layers, which are measured 200 times. */
const DEEP_RUN = { name: 'deep', epochs: 200, stepsPerEpoch: 5000, measuredPairs: 49 };
const DEEP_AIM = { opened: 1000, shown: 1000, milliseconds: 1000 / 30, megabytes: 300 };
const DEEP_WINDOWS = 3;

/** What needs a real VS Code, and the size of what it installs. */
export async function benchEditor(): Promise<Outcome> {
  const megabytes = packageExtension().bytes / 1e6;
  const figures = await withFolder(async (folder) => {
    const workspace = join(folder, 'workspace');
    await cp(join(projectRoot, 'extension/samples'), workspace, { recursive: true });
    const runs = join(workspace, '.trainscope/runs');
    const run = writeRun(runs, { ...LONG_RUN, startedAt: Date.now() });
    const deep = writeRun(runs, { ...DEEP_RUN, startedAt: Date.now() });
    const editor = await startEditor(folder, workspace);
    try {
      return [
        ...(await measureEditor(editor, workspace, run)),
        ...(await measureDeep(editor, deep)),
      ];
    } finally {
      await editor.close();
    }
  });
  return { figures: [...figures, figure('.vsix', megabytes, 'MB', AIM.megabytes)] };
}

async function measureEditor(editor: Editor, workspace: string, run: string): Promise<Figure[]> {
  const measured: WindowTimes[] = [];
  for (let i = 0; i < WINDOWS; i++) measured.push(await measureWindow(editor, run));
  const activation = median(measured.map((window) => window.activation));
  const window = await editor.open();
  const overhead = await measureOverhead(window, workspace);
  await window.close();
  return [
    figure('activation of the extension, told by VS Code', activation, 'ms', AIM.activation),
    ...openingFigures(measured),
    ...overheadFigures(overhead),
  ];
}

/** What the inside of a long, deep run costs to look at. */
async function measureDeep(editor: Editor, run: string): Promise<Figure[]> {
  const views: InsideView[] = [];
  for (let i = 0; i < DEEP_WINDOWS; i++) {
    let nextDrawing!: Awaited<ReturnType<typeof watchDrawings>>;
    const window = await editor.open(async (page) => {
      nextDrawing = await watchDrawings(page);
    });
    views.push(await measureInside(window, nextDrawing, run));
    await window.close();
  }
  const of = (what: (view: InsideView) => number) => median(views.map(what));
  const name = '1,000,000 steps, 101 layers measured 200 times';
  return [
    figure(
      `${name}: to the curves`,
      of(({ opened }) => opened),
      'ms',
      DEEP_AIM.opened,
    ),
    figure(
      `${name}: from the tab to its layers`,
      of(({ shown }) => shown),
      'ms',
      DEEP_AIM.shown,
    ),
    figure(
      `${name}: a frame of scrubbing`,
      of(({ framesPerSecond }) => 1000 / framesPerSecond),
      'ms',
      DEEP_AIM.milliseconds,
    ),
    figure(
      `${name}: the view's memory`,
      of(({ megabytes }) => megabytes),
      'MB',
      DEEP_AIM.megabytes,
    ),
  ];
}

interface WindowTimes {
  activation: number;
  openings: Opening[];
}

async function measureWindow(editor: Editor, run: string): Promise<WindowTimes> {
  let nextDrawing!: Awaited<ReturnType<typeof watchDrawings>>;
  const window = await editor.open(async (page) => {
    nextDrawing = await watchDrawings(page);
  });
  const activation = await activationTime(window);
  const openings: Opening[] = [];
  for (let i = 0; i < OPENINGS; i++) openings.push(await openDashboard(window, nextDrawing, run));
  await window.close();
  return { activation, openings };
}

function openingFigures(measured: WindowTimes[]): Figure[] {
  const first = measured.map(({ openings }) => openings[0]!);
  const again = measured.flatMap(({ openings }) => openings.slice(1));
  const until = (name: string, values: Opening[], what: keyof Opening, aim: number | null) =>
    figure(
      `1,000,000 steps: from the command to ${name}`,
      median(values.map((opening) => opening[what])),
      'ms',
      aim,
    );
  return [
    until('the curves, first dashboard of a window', first, 'drawn', AIM.opening),
    until('the line of numbers, first dashboard of a window', first, 'numbers', null),
    until('its empty frame, first dashboard of a window', first, 'framed', null),
    until('the curves, later dashboards', again, 'drawn', AIM.opening),
    until('the line of numbers, later dashboards', again, 'numbers', null),
    until('its empty frame, later dashboards', again, 'framed', null),
  ];
}

function overheadFigures({ whole, epochs, seconds }: Overhead): Figure[] {
  const percent = (name: string, value: number, aim: number | null) =>
    figure(`dashboard in sight: more than the command line's ${name}`, 100 * value, '%', aim);
  return [
    percent(`${seconds.toFixed(0)} s from first step to end`, whole, AIM.overhead),
    percent('time of a median epoch', epochs, null),
  ];
}

const figure = (name: string, value: number, unit: string, aim: number | null): Figure => ({
  ...{ name, value, unit, aim },
});
