import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunEvent } from '../../core/events/run-event.ts';
import { LOG_FILE, listRuns, RunHistory, readRunLog, SeriesFeed } from '../../core/runs/index.ts';
import { DEFAULT_SETTINGS } from '../../webview/protocol.ts';
import { median, type Outcome, timed } from './figures.ts';
import { withFolder } from './scratch.ts';
import { writeRun } from './written-run.ts';

const REPETITIONS = 9;
const RUNS = 500;

/** 1,000 epochs of 1,000 steps. */
export const LONG_RUN = { name: 'million', epochs: 1000, stepsPerEpoch: 1000 };

/** Reading runs: what the editor's host does before a dashboard or the sidebar has anything to show. */
export function benchLog(): Promise<Outcome> {
  return withFolder(async (folder) => {
    const long = writeRun(join(folder, 'long'), { ...LONG_RUN, startedAt: Date.now() });
    const many = join(folder, 'many');
    // Copies of one: waiting for the disk 500 times takes minutes.
    const short = { name: 'short', epochs: 20, stepsPerEpoch: 250, startedAt: Date.now() };
    const first = writeRun(many, short);
    for (let n = 2; n <= RUNS; n++) await cp(first, `${first}-${n}`, { recursive: true });
    const reading: number[] = [];
    const whole = await timed(REPETITIONS, async () => reading.push(await openRun(long)));
    const list = await timed(REPETITIONS, async () => {
      const found = await listRuns(many);
      if (found.length !== RUNS) throw new Error(`${found.length} runs listed, not ${RUNS}.`);
    });
    return {
      figures: [
        figure('1,000,000 steps: its log read and its first curves made', median(whole)),
        figure('of these, the log read', median(reading)),
        figure(`list of ${RUNS} runs`, median(list)),
      ],
    };
  });
}

/** As the dashboard's host does it; resolves to how many milliseconds the reading took. */
async function openRun(folder: string): Promise<number> {
  const began = performance.now();
  const history = new RunHistory();
  await readRunLog(join(folder, LOG_FILE), (events: RunEvent[]) => history.push(events));
  const read = performance.now() - began;
  const points = new SeriesFeed(history, DEFAULT_SETTINGS).deltas().map(({ x }) => x.length);
  if (history.step !== 1_000_000 || points.length < 8) throw new Error('The run is not whole.');
  return read;
}

const figure = (name: string, value: number) => ({ name, value, unit: 'ms', aim: null });
