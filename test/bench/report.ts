import type { Figure } from './figures.ts';
import type { Machine } from './machine.ts';
import type { StepRow } from './step.ts';

/** The figures for people. */
export function printTables(machine: Machine, workloads: StepRow[], figures: Figure[]): void {
  const { processor, cores, node, load } = machine;
  console.log(`\n${processor}, ${cores} cores, Node ${node}`);
  for (const [part, { before, after }] of Object.entries(load))
    console.log(`load during ${part}: ${before} → ${after}`);
  if (workloads.length > 0) {
    console.log('\nTraining step, median µs (ratio: PyTorch on one thread / ours)');
    console.table(Object.fromEntries(workloads.map((row) => [row.name, stepColumns(row)])));
  }
  console.log('\nMedians');
  console.table(Object.fromEntries(figures.map((figure) => [figure.name, columns(figure)])));
}

function stepColumns({ us, plainUs, pytorchUs, ratio, gflops }: StepRow) {
  return {
    'relaxed SIMD': Math.round(us),
    'plain SIMD': Math.round(plainUs),
    PyTorch: pytorchUs === null ? '—' : Math.round(pytorchUs),
    ratio: ratio === null ? '—' : Number(ratio.toFixed(2)),
    'GFLOP/s': Number(gflops.toFixed(1)),
  };
}

function columns({ value, unit, aim }: Figure) {
  return {
    value: value === null ? '—' : Number(value.toPrecision(3)),
    unit,
    aim: aim === null ? '' : `≤ ${aim}`,
    '': value === null || aim === null ? '' : value <= aim ? 'met' : 'missed',
  };
}
