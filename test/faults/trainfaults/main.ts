// `npm run bench:faults`: how well faults are found and named, on trainings whose labels were measured.
//   --label         measures the labels again and writes manifest.json
//   --label=changes, --label=mix: only these
//   --keep=FOLDER   keeps what is trained there, and takes from there what was trained before
//   --details=FILE  writes what was missed, and false alarms, by rule
//   --repair        instead: what `trainscope repair` and others make of the faults, on held-out seeds
//   --repair=N      of every Nth fault
//   --json          the figures as one line of JSON instead of tables
import { writeFileSync } from 'node:fs';
import { withFolder } from '../../bench/scratch.ts';
import { drawMix, labelSubjects } from './label.ts';
import { readManifest, writeManifest } from './manifest.ts';
import { asDetails, asText, repairsAsText, reportOf } from './report/print.ts';
import { repairAll } from './report/repairs.ts';
import { controlledRuns, judgeRuns, mixRuns } from './report/runs.ts';

const KNOWN = ['--label', '--keep', '--details', '--repair', '--json'];
const options = new Map(
  process.argv.slice(2).map((argument) => {
    const [name, value = ''] = argument.split('=', 2);
    return [name!, value];
  }),
);
const unknown = [...options.keys()].filter((name) => !KNOWN.includes(name));
if (unknown.length > 0) {
  console.error(`No such option: ${unknown.join(', ')}. Known: ${KNOWN.join(', ')}.`);
  process.exit(2);
}

await withFolder(async (scratch) => {
  const keep = options.get('--keep') || null;
  let told = 0;
  const progress = (done: number, all: number) => {
    if (Date.now() - told < 5000 && done < all) return;
    told = Date.now();
    console.error(`${done} of ${all} trainings`);
  };
  const pool = { keep, scratch, progress };
  if (options.has('--label')) {
    const which = options.get('--label');
    if (which !== 'mix') writeManifest({ subjects: await labelSubjects(pool) });
    if (which !== 'changes') writeManifest({ mix: await drawMix(pool) });
    return;
  }
  const manifest = readManifest();
  if (options.has('--repair')) {
    const repairs = await repairAll(manifest, Number(options.get('--repair')) || 1, pool);
    console.log(options.has('--json') ? JSON.stringify(repairs) : repairsAsText(repairs));
    return;
  }
  const runs = await judgeRuns([...controlledRuns(manifest), ...mixRuns(manifest)], pool);
  const report = reportOf(runs);
  console.log(options.has('--json') ? JSON.stringify(report) : asText(report));
  const details = options.get('--details');
  if (details) writeFileSync(details, asDetails(runs));
});
