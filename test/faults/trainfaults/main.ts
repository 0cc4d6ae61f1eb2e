// `npm run bench:faults`: how well faults are found and named, on trainings whose labels were measured.
//   --label         measures the labels again and writes manifest.json (an hour)
//   --label=5       over so many seeds, without the mix: a first look
//   --keep=FOLDER   keeps what is trained there, and takes from there what was trained before
//   --details=FILE  writes what was missed, and false alarms, by rule
//   --json          the figures as one line of JSON instead of tables
import { writeFileSync } from 'node:fs';
import { withFolder } from '../../bench/scratch.ts';
import { measureLabels, SEEDS } from './label.ts';
import { MANIFEST, readManifest } from './manifest.ts';
import { asDetails, asText, reportOf } from './report/print.ts';
import { controlledRuns, judgeRuns, mixRuns } from './report/runs.ts';

const KNOWN = ['--label', '--keep', '--details', '--json'];
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
    const seeds = Number(options.get('--label') || SEEDS);
    const manifest = await measureLabels({ seeds, mix: seeds === SEEDS }, pool);
    writeFileSync(MANIFEST, `${JSON.stringify(manifest, null, 1)}\n`);
    return;
  }
  const manifest = readManifest();
  const runs = await judgeRuns([...controlledRuns(manifest), ...mixRuns(manifest)], pool);
  const report = reportOf(runs);
  console.log(options.has('--json') ? JSON.stringify(report) : asText(report));
  const details = options.get('--details');
  if (details) writeFileSync(details, asDetails(runs));
});
