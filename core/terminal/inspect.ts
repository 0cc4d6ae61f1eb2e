import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { jsonLine } from '../events/json-line.ts';
import { UserError } from '../events/user-error.ts';
import type { RunHistory } from '../runs/history.ts';
import type { Look } from '../runs/look.ts';
import { readRun } from '../runs/read-run.ts';
import { LOG_FILE } from '../runs/run-folder.ts';
import { formatCount } from './format.ts';
import { type Chosen, inspectionLines } from './inspection-lines.ts';
import { layerNamed } from './layer-choice.ts';
import { layerLines } from './layer-view.ts';
import type { Output } from './output.ts';
import { runNamed, runsBeside } from './run-name.ts';

export interface InspectOptions {
  json: boolean;
  /** The moment after so many updates. */
  step?: string;
  /** The latest moment only. */
  last: boolean;
  layer?: string;
  values: boolean;
}

/**
 * Prints what was measured inside a run: for people the layers at one moment, as JSON all of it. Returns
 * the exit code.
 */
export async function inspectVerb(
  run: string,
  options: InspectOptions,
  output: Output,
): Promise<number> {
  if (options.values && !options.json)
    throw new UserError('--values prints the values of weights as JSON: give it with --json.');
  const folder = runNamed(run, runsBeside(process.cwd()));
  const { history, end } = await readRun(folder).catch((error: unknown) => {
    if (!(error instanceof UserError) || error.place.file !== undefined) throw error;
    throw new UserError(error.message, { file: join(folder, LOG_FILE) });
  });
  if (options.json) await printLines(history, folder, options, output);
  else printTable(history, options, output);
  if (!end.damage) return 0;
  output.error(new UserError(end.damage, { file: join(folder, LOG_FILE) }));
  return 2;
}

async function printLines(
  history: RunHistory,
  folder: string,
  options: InspectOptions,
  output: Output,
): Promise<void> {
  const chosen = choose(history, options);
  const { name, config, epochs } = history.started!;
  const { state, step, epoch, inspected } = history;
  const moments = inspected.distributions.events.map(({ step, epoch, batch }) => ({
    step,
    epoch,
    batch,
  }));
  const first = { type: 'run', name, config, folder, state, step, epoch, epochs, moments };
  output.screen.write(`${jsonLine(first)}\n`);
  let heard = true;
  output.onClosed(() => {
    heard = false;
  });
  for await (const lines of inspectionLines(history, chosen)) {
    output.screen.write(lines.map((line) => `${jsonLine(line)}\n`).join(''));
    // Whether its reader has gone is told in between.
    await setImmediate();
    if (!heard) return;
  }
}

function printTable(history: RunHistory, options: InspectOptions, output: Output): void {
  const { name, plan } = history.started!;
  const { state, step, inspected } = history;
  const print = (...lines: string[]) => output.screen.write(`${lines.join('\n')}\n`);
  const title = `${name} · ${state} · ${formatCount(step)} ${step === 1 ? 'step' : 'steps'}`;
  const { includes, distributions } = choose(history, {
    ...options,
    last: options.step === undefined,
  });
  const [moment] = distributions;
  if (!moment) {
    const live = state === 'training' || state === 'paused';
    print(title, `Nothing was measured inside this network${live ? ' yet' : ''}.`);
    return;
  }
  const where = moment.batch === 'probe' ? 'on the probe' : 'on the batch of that step';
  const epoch = Number(moment.epoch.toFixed(2));
  const steps = inspected.distributions.events.map((event) => event.step);
  print(
    title,
    `measured ${where} after ${formatCount(moment.step)} ${moment.step === 1 ? 'step' : 'steps'} (epoch ${epoch})`,
    '',
    ...layerLines(plan, moment, inspected.activity.before(moment.step), includes),
  );
  if (steps.length > 1)
    print(
      '',
      `There are ${formatCount(steps.length)} moments, from step ${steps[0]} to ${formatCount(steps.at(-1)!)}: see --step, and --json for all of them.`,
    );
}

/** What the options ask for; nothing where nothing was measured. */
function choose(history: RunHistory, { step, last, layer, values }: InspectOptions): Chosen {
  const { plan } = history.started!;
  const { distributions, activity, weights } = history.inspected;
  const only = layer === undefined ? null : layerNamed(plan, layer);
  const includes = (index: number) => only === null || index === only;
  const at = step === undefined ? null : wholeNumber(step);
  const all = distributions.events;
  if ((at === null && !last) || all.length === 0) {
    const pictures = weights.flatMap(({ events }) => events);
    return { distributions: all, activity: activity.events, weights: pictures, includes, values };
  }
  const moment = at === null ? all.at(-1)! : momentAt(all, at);
  // What was known at that moment.
  const known = [activity.before(moment.step)].filter((event) => event !== null);
  const pictures = weights.map((moments) => moments.before(moment.step));
  return {
    distributions: [moment],
    activity: known,
    weights: pictures.filter((event) => event !== null),
    includes,
    values,
  };
}

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new UserError(`--step ${text}: expected how many steps were done, such as 0 or 460.`);
}

function momentAt(all: readonly Look[], step: number): Look {
  const found = all.find((event) => event.step === step);
  if (found) return found;
  const near = [
    all.findLast((event) => event.step < step),
    all.find((event) => event.step > step),
  ].flatMap((event) => (event ? [event.step] : []));
  throw new UserError(
    `--step ${step}: nothing was measured then; the nearest moment${near.length > 1 ? 's are' : ' is'} at ${near.join(' and ')}.`,
  );
}
