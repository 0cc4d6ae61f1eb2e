import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { packageExtension } from '../../../extension/development/package.ts';
import { projectRoot } from '../../../extension/development/project.ts';
import { type Figure, median, type Outcome } from '../figures.ts';
import { withFolder } from '../scratch.ts';
import { writeRun } from '../written-run.ts';
import { writeSweep } from '../written-sweep.ts';
import { activationTime } from './activation.ts';
import { type Brushing, measureBrushing } from './brushing.ts';
import { type EmptyPage, measureEmptyPage } from './empty-page.ts';
import { type InsideView, measureInside } from './inside.ts';
import { type Opening, openDashboard, watchDrawings } from './opening.ts';
import { type Editor, startEditor } from './window.ts';

const WINDOWS = 3;
/** Openings of the dashboard in each window; the first has the most to load. */
const OPENINGS = 3;
/** 1,000,000 steps of 101 layers, which are measured 200 times. */
const RUN = { name: 'deep', epochs: 200, stepsPerEpoch: 5000, measuredPairs: 49 };
const RUN_NAME = '1,000,000 steps, 101 layers measured 200 times';
const TRIALS = 1000;
/** By its own clock: the same on a busy machine. */
const THREAD = "the main thread's own time";

/** What needs a real VS Code, and the size of what it installs. */
export async function benchEditor(): Promise<Outcome> {
  const megabytes = packageExtension().bytes / 1e6;
  const measured = await withFolder(async (folder) => {
    const workspace = join(folder, 'workspace');
    await cp(join(projectRoot, 'extension/samples'), workspace, { recursive: true });
    const kept = join(workspace, '.trainscope');
    const run = writeRun(join(kept, 'runs'), { ...RUN, startedAt: Date.now() });
    writeSweep(join(kept, 'sweeps'), 'digits.train.yaml', TRIALS);
    const editor = await startEditor(folder, workspace);
    try {
      const windows: WindowFigures[] = [];
      for (let i = 0; i < WINDOWS; i++) windows.push(await measureWindow(editor, run));
      return windows;
    } finally {
      await editor.close();
    }
  });
  return { figures: [...figuresOf(measured), figure('.vsix', megabytes, 'MB', 2)] };
}

interface WindowFigures {
  activation: number;
  openings: Opening[];
  inside: InsideView;
  empty: EmptyPage;
  brushing: Brushing;
}

async function measureWindow(editor: Editor, run: string): Promise<WindowFigures> {
  let nextDrawing!: Awaited<ReturnType<typeof watchDrawings>>;
  const window = await editor.open(async (page) => {
    nextDrawing = await watchDrawings(page);
  });
  const activation = await activationTime(window);
  const openings: Opening[] = [];
  for (let i = 1; i <= OPENINGS; i++)
    openings.push(await openDashboard(window, nextDrawing, run, i < OPENINGS));
  const inside = await measureInside(window);
  const empty = await measureEmptyPage(window, nextDrawing);
  const brushing = await measureBrushing(window);
  await window.close();
  return { activation, openings, inside, empty, brushing };
}

function figuresOf(windows: readonly WindowFigures[]): Figure[] {
  const of = (what: (window: WindowFigures) => number) => median(windows.map(what));
  return [
    figure(
      'activation of the extension, told by VS Code',
      of(({ activation }) => activation),
      'ms',
      50,
    ),
    figure(
      'an empty view: from the command to its box',
      of(({ empty }) => empty.opened),
      'ms',
    ),
    figure(
      `${THREAD} for it`,
      of(({ empty }) => empty.threadOpened),
      'ms',
    ),
    ...openingFigures(windows),
    figure(
      `${RUN_NAME}: from the tab to its layers`,
      of(({ inside }) => inside.shown),
      'ms',
      1000,
    ),
    figure(
      `${THREAD} for its layers`,
      of(({ inside }) => inside.threadShown),
      'ms',
    ),
    figure(
      'an empty view: a frame in which its box moves',
      of(({ empty }) => 1000 / empty.framesPerSecond),
      'ms',
    ),
    figure(
      `${RUN_NAME}: a frame of scrubbing`,
      of(({ inside }) => 1000 / inside.framesPerSecond),
      'ms',
      1000 / 30,
    ),
    figure(
      `${THREAD} for a frame of scrubbing`,
      of(({ inside }) => inside.threadFrame),
      'ms',
      1000 / 30,
    ),
    figure(
      `${THREAD} for a frame of the empty view`,
      of(({ empty }) => empty.threadFrame),
      'ms',
    ),
    figure(
      'a frame of scrubbing / a frame of the empty view',
      of(({ inside, empty }) => empty.framesPerSecond / inside.framesPerSecond),
      '×',
    ),
    figure(
      `${RUN_NAME}: the view's memory`,
      of(({ inside }) => inside.megabytes),
      'MB',
      300,
    ),
    figure(
      `${THREAD} for a move while an axis of ${TRIALS} trials is brushed, in scripts`,
      of(({ brushing }) => brushing.script),
      'ms',
      16,
    ),
    figure(
      `${THREAD} for such a move, in all`,
      of(({ brushing }) => brushing.thread),
      'ms',
    ),
    figure(
      `sweep of ${TRIALS} trials: a frame while an axis is brushed`,
      of(({ brushing }) => brushing.frame),
      'ms',
    ),
    figure(
      `sweep of ${TRIALS} trials: the same, longer than 95 of 100`,
      of(({ brushing }) => brushing.worst),
      'ms',
    ),
  ];
}

function openingFigures(windows: readonly WindowFigures[]): Figure[] {
  const first = windows.map(({ openings }) => openings[0]!);
  const again = windows.flatMap(({ openings }) => openings.slice(1));
  const until = (name: string, values: Opening[], what: keyof Opening, aim: number | null = null) =>
    figure(
      `${RUN_NAME}: from the command to ${name}`,
      median(values.map((opening) => opening[what])),
      'ms',
      aim,
    );
  return [
    until('the curves, first dashboard of a window', first, 'drawn', 1000),
    until('the line of numbers, first dashboard of a window', first, 'numbers'),
    until('its empty frame, first dashboard of a window', first, 'framed'),
    until('the curves, later dashboards', again, 'drawn', 1000),
    until('the line of numbers, later dashboards', again, 'numbers'),
    until('its empty frame, later dashboards', again, 'framed'),
    figure(`${THREAD} for it, first`, median(first.map(({ thread }) => thread)), 'ms'),
    figure(`${THREAD} for it, later`, median(again.map(({ thread }) => thread)), 'ms'),
  ];
}

const figure = (name: string, value: number, unit: string, aim: number | null = null): Figure => ({
  ...{ name, value, unit, aim },
});
