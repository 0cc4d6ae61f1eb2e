// `npm run bench`: the figures of this machine, in one run, as a table or with --json.
import { startPyTorch } from './pytorch.ts';
import { benchSteps } from './step.ts';

const pytorch = await startPyTorch();
if (!pytorch) console.error('No PyTorch in the system Python: its column stays empty.');
const steps = await benchSteps(pytorch);
pytorch?.close();

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ workloads: steps }));
} else {
  console.log('\nTraining step, median µs (ratio: PyTorch on one thread / ours)');
  console.table(
    Object.fromEntries(
      steps.map((row) => [
        row.name,
        {
          'relaxed SIMD': Math.round(row.us),
          'plain SIMD': Math.round(row.plainUs),
          PyTorch: row.pytorchUs === null ? '—' : Math.round(row.pytorchUs),
          ratio: row.ratio === null ? '—' : Number(row.ratio.toFixed(2)),
          'GFLOP/s': Number(row.gflops.toFixed(1)),
        },
      ]),
    ),
  );
}
