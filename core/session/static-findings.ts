import type { Config } from '../config/index.ts';
import { Diagnosis } from '../diagnosis/diagnosis.ts';
import { ALL_RULES } from '../diagnosis/rules/index.ts';
import type { Finding } from '../events/finding.ts';
import {
  type DataEvent,
  FORMAT_VERSION,
  type StartedEvent,
  type Task,
} from '../events/run-event.ts';
import type { LayerShape } from '../network/shapes.ts';
import type { Prepared } from './prepare.ts';
import type { RunRequest } from './protocol.ts';
import { startedEvent } from './started.ts';

/** What the rules say of a config and its data before the first step: no kernel is run. */
export function staticFindings(
  prepared: Prepared,
  request: Pick<RunRequest, 'configFile' | 'configText'>,
): Finding[] {
  const started = startedEvent(prepared, request, { kernels: 'simd', threads: 1 });
  return findingsAtStart(started, prepared.dataset.statistics);
}

/** The same of shapes and facts, where nothing has been planned. */
export function findingsOfShapes(
  { config, configText }: { config: Config; configText: string },
  shapes: readonly LayerShape[],
  { task, shape, statistics }: { task: Task; shape: number[]; statistics: DataEvent },
): Finding[] {
  const { seed, epochs, batchSize, ema } = config.training;
  const examples = statistics.trainExamples;
  const size = batchSize === 'full' ? examples : Math.min(batchSize, examples);
  const layers = shapes.map(({ path, label, layer, outputShape, parameters }) => ({
    path,
    label,
    kind: layer.kind,
    outputShape,
    parameters: parameters.map(({ name, shape: extents }) => ({
      id: `${path.join('.')}.${name}`,
      name,
      shape: extents,
    })),
  }));
  const parameterCount = shapes.reduce((sum, each) => sum + each.parameterCount, 0);
  const started: StartedEvent = {
    type: 'started',
    formatVersion: FORMAT_VERSION,
    startedAt: 0,
    name: '',
    config: 'config.yaml',
    configText,
    task,
    plan: { inputShape: shape, layers, parameterCount, arenaBytes: 0 },
    kernels: 'simd',
    threads: 1,
    seed,
    epochs,
    stepsPerEpoch: Math.ceil(examples / size),
    batchSize: size,
    ema,
  };
  return findingsAtStart(started, statistics);
}

function findingsAtStart(started: StartedEvent, data: DataEvent): Finding[] {
  const diagnosis = new Diagnosis(ALL_RULES);
  diagnosis.see(started);
  diagnosis.see(data);
  return diagnosis.findings;
}
