import type { Figure } from './figures.ts';
import type { Machine } from './machine.ts';
import type { GrowthRow } from './step/growth.ts';
import type { PeakFigures, StepRow } from './step/step.ts';

export interface Report {
  workloads: StepRow[];
  peak: PeakFigures | null;
  growth: GrowthRow[];
  figures: Figure[];
  machine: Machine;
}

/** The figures for people. */
export function printTables({ workloads, peak, growth, figures, machine }: Report): void {
  const { processor, cores, node, load } = machine;
  console.log(`\n${processor}, ${cores} cores, Node ${node}`);
  for (const [part, { before, after }] of Object.entries(load))
    console.log(`load during ${part}: ${before} → ${after}`);
  if (peak) {
    const { one, two } = peak;
    console.log(`peak: ${one.toFixed(1)} GFLOP/s on one thread, ${two.toFixed(1)} on two`);
  }
  if (workloads.length > 0) {
    console.log(
      '\nTraining step, median µs (ratio: the better of PyTorch on 1 and 2 threads / ours)',
    );
    console.table(Object.fromEntries(workloads.map((row) => [row.name, stepColumns(row)])));
  }
  if (growth.length > 0) {
    console.log('\nHow the cost of a step grows (256 inputs, 2 × 256 units, batch 64, one thread)');
    console.table(growth.map(growthColumns));
  }
  if (figures.length > 0) {
    console.log('\nMedians');
    console.table(Object.fromEntries(figures.map((figure) => [figure.name, columns(figure)])));
  }
}

function stepColumns(row: StepRow) {
  const { aim, ratio, peakFraction } = row;
  const met =
    ratio !== null && ratio >= aim.ratio && peakFraction >= (aim.peakFraction ?? 0)
      ? 'met'
      : 'missed';
  return {
    network: row.description,
    µs: Math.round(row.us),
    threads: row.threads,
    'µs on 1': Math.round(row.oneThreadUs),
    'plain SIMD': Math.round(row.plainUs),
    PyTorch: row.pytorchUs === null ? '—' : Math.round(row.pytorchUs),
    'tfjs-wasm': row.tfjsUs === null ? '—' : Math.round(row.tfjsUs),
    ratio: ratio === null ? '—' : Number(ratio.toFixed(2)),
    'GFLOP/s': Number(row.gflops.toFixed(1)),
    'of peak': Number(peakFraction.toFixed(2)),
    aim: `≥ ${aim.ratio} ×${aim.peakFraction ? `, ≥ ${aim.peakFraction} of peak` : ''}`,
    '': ratio === null ? '' : met,
  };
}

function growthColumns({ what, value, us, gflops }: GrowthRow) {
  return { what, value, µs: Math.round(us), 'GFLOP/s': Number(gflops.toFixed(1)) };
}

function columns({ value, unit, aim }: Figure) {
  return {
    value: value === null ? '—' : Number(value.toPrecision(3)),
    unit,
    aim: aim === null ? '' : `≤ ${aim}`,
    '': value === null || aim === null ? '' : value <= aim ? 'met' : 'missed',
  };
}
