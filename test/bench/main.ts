// `npm run bench`: the figures of this machine, in one run. `npm run bench -- step log`: only these
// parts. With --json, the last line is {"workloads":[{"name","us","pytorchUs","ratio","peakFraction",…}],
// "peak":{"one","two"},"growth":[…],"figures":[{"name","value","unit","aim"}],"machine":{…}}.
import { benchCommands } from './commands.ts';
import { benchEditor } from './editor/editor.ts';
import { benchOverhead } from './editor/overhead.ts';
import type { Outcome } from './figures.ts';
import { benchInspect } from './inspect.ts';
import { benchLog } from './log.ts';
import { thisMachine, underLoad } from './machine.ts';
import { printTables } from './report.ts';
import { benchGrowth } from './step/growth.ts';
import { benchStep } from './step/step.ts';
import { benchSweep } from './sweep.ts';

const parts: { [name: string]: () => Promise<Outcome> } = {
  step: benchStep,
  growth: benchGrowth,
  inspect: benchInspect,
  commands: benchCommands,
  log: benchLog,
  editor: benchEditor,
  overhead: benchOverhead,
  sweep: benchSweep,
};

const wanted = process.argv.slice(2).filter((argument) => argument !== '--json');
const unknown = wanted.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  console.error(`No such part: ${unknown.join(', ')}. Known: ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}

const machine = thisMachine();
const outcomes: Outcome[] = [];
let failed = false;
for (const [name, bench] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.error(`Measuring: ${name}…`);
  try {
    outcomes.push(await underLoad(machine, name, bench));
  } catch (error) {
    // The other parts do not depend on it.
    console.error(error);
    failed = true;
  }
}
const workloads = outcomes.flatMap((outcome) => outcome.workloads ?? []);
const growth = outcomes.flatMap((outcome) => outcome.growth ?? []);
const figures = outcomes.flatMap((outcome) => outcome.figures);
const peak = outcomes.find((outcome) => outcome.peak)?.peak ?? null;
const report = { workloads, peak, growth, figures, machine };
if (process.argv.includes('--json')) console.log(JSON.stringify(report));
else printTables(report);
process.exit(failed ? 1 : 0);
