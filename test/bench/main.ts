// `npm run bench`: the figures of this machine, in one run. `npm run bench -- step log`: only these
// parts. With --json, the last line is {"workloads":[…],"figures":[{"name","value","unit","aim"}],…}.
import { benchCommands } from './commands.ts';
import { benchEditor } from './editor/editor.ts';
import type { Outcome } from './figures.ts';
import { benchLog } from './log.ts';
import { thisMachine, underLoad } from './machine.ts';
import { printTables } from './report.ts';
import { benchStep } from './step.ts';

const parts: { [name: string]: () => Promise<Outcome> } = {
  step: benchStep,
  commands: benchCommands,
  log: benchLog,
  editor: benchEditor,
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
const figures = outcomes.flatMap((outcome) => outcome.figures);
if (process.argv.includes('--json')) console.log(JSON.stringify({ workloads, figures, machine }));
else printTables(machine, workloads, figures);
process.exit(failed ? 1 : 0);
