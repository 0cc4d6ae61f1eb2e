import type { JudgedTrace } from '../../../core/diagnosis/rule.ts';
import { Trace } from '../../../core/diagnosis/trace.ts';
import type { NeighbourProbe, RunEvent } from '../../../core/events/run-event.ts';
import { train } from './judged.ts';

/** A run of which only this is known, epoch by epoch. */
export interface Told {
  /** What is left of guessing's loss in training, and on validation examples. */
  train: readonly number[];
  validation?: readonly number[];
  /** Right answers, in both. */
  accuracy?: readonly number[];
  /** ‖update‖ / ‖W‖. */
  ratio?: number;
  neighbours?: Omit<NeighbourProbe, 'probe'>;
}

/** Plan and data of a small run with three classes of about equal size: what is told of it is made up. */
export async function beginning(epochs: number, batchSize = 32, rest = ''): Promise<RunEvent[]> {
  const { events } = await train(`data: { source: blobs, examples: 120, validation: 0.2 }
model: { layers: [dense: 3] }
training: { epochs: ${epochs}, batchSize: ${batchSize} }
${rest}`);
  return events.filter(({ type }) => type === 'started' || type === 'data');
}

export function traceOf(
  first: readonly RunEvent[],
  { train: own, validation = own, accuracy = own.map(() => 0.4), ratio = 0.03, neighbours }: Told,
): JudgedTrace {
  const trace = new Trace();
  for (const event of first) trace.add(event);
  if (neighbours)
    trace.add({ type: 'probe', step: 0, epoch: 0, time: 0, probe: 'neighbours', ...neighbours });
  const { stepsPerEpoch, plan } = trace.started!;
  const counts = [...trace.data!.classCounts!];
  const all = counts.reduce((sum, count) => sum + count, 0);
  const guess = counts.reduce((sum, count) => sum - (count / all) * Math.log(count / all), 0);
  const sets = plan.layers.flatMap(({ parameters }) => parameters).length;
  for (const [i, left] of own.entries()) {
    const step = (i + 1) * stepsPerEpoch;
    trace.step = step;
    trace.addRatios(step, new Float32Array(sets).fill(ratio));
    const quality = { accuracy: accuracy[i]!, rmse: null, r2: null };
    trace.add({
      type: 'epoch',
      epoch: i + 1,
      step,
      time: 0,
      examplesPerSecond: 1,
      train: { loss: left * guess, dataLoss: left * guess, ...quality },
      validation: { loss: validation[i]! * guess, ...quality },
    });
  }
  return trace as JudgedTrace;
}
