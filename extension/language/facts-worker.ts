import { parentPort, workerData } from 'node:worker_threads';
import { loadDataset } from '../../core/data/index.ts';
import { UserError } from '../../core/events/user-error.ts';
import type { DataFacts, FactsAnswer, FactsRequest } from './facts-protocol.ts';

/**
 * Loads the data of a config and tells its facts, in a thread of its own: large files must not hold
 * up the editor. It answers once and ends; a defect of ours ends it with an `error` event.
 */
async function lookAt({ config, folder, readableRoots }: FactsRequest): Promise<DataFacts> {
  const { seed } = config.training;
  const context = { folder, seed, readableRoots, shapesOnly: true };
  const dataset = await loadDataset(config.data, context);
  return {
    task: dataset.task,
    shape: dataset.shape,
    outputs: dataset.outputs,
    trainExamples: dataset.train.indices.length,
    validationExamples: dataset.validation?.indices.length ?? 0,
    statistics: dataset.statistics,
  };
}

async function answer(request: FactsRequest): Promise<FactsAnswer> {
  try {
    return { ok: true, facts: await lookAt(request) };
  } catch (error) {
    if (error instanceof UserError)
      return { ok: false, message: error.message, place: error.place };
    throw error;
  }
}

void answer(workerData as FactsRequest).then((facts) => parentPort!.postMessage(facts));
