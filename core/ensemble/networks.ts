import { join } from 'node:path';
import type { Config } from '../config/index.ts';
import type { Dataset, Examples } from '../data/dataset.ts';
import { fingerprint } from '../data/fingerprint.ts';
import { loadDataset } from '../data/index.ts';
import { findSource } from '../data/source-file.ts';
import { UserError } from '../events/user-error.ts';
import { ExampleBook } from '../inspection/explorer/examples.ts';
import type { Exploration } from '../inspection/explorer/exploration.ts';
import { Model } from '../inspection/explorer/model.ts';
import { planExploration } from '../inspection/explorer/plan.ts';
import type { Part } from '../inspection/explorer/protocol.ts';
import { Reading } from '../inspection/explorer/reading.ts';
import { CHECKPOINT_FOLDER } from '../runs/checkpoint-folder.ts';
import { configFolderOf } from '../runs/run-folder.ts';
import { readRunConfig } from '../session/explore.ts';
import { SafetensorsFile } from '../training/checkpoint/safetensors.ts';
import { decodeState } from '../training/checkpoint/state.ts';
import { restoreJudged } from '../training/checkpoint/tensors.ts';
import { rotateInputs } from '../training/principal-axes.ts';
import type { MemberSource } from './protocol.ts';

/** Data as they were read, and as they are turned for the network. */
interface Data {
  key: string;
  dataset: Dataset;
  turned: Dataset;
  fingerprint: string;
}

export interface Network extends Exploration {
  config: Config;
  /** Of the training part, among all rows of its store: examples of the book's `train` are those rows. */
  trained: Uint32Array;
}

export interface NetworksHost {
  readableRoots: string[] | null;
  /** Asks for memory before any is taken: null grants it, a sentence refuses it. */
  reserve(bytes: number): Promise<string | null>;
}

/**
 * Networks with their data, one at a time: members of one run share an arena, those of one data set the
 * data.
 */
export class Networks {
  readonly #host: NetworksHost;
  /** The first that were read, and the last. */
  #data: Data[] = [];
  #last: { run: string; network: Network; data: Data } | null = null;
  #reserved = 0;

  constructor(host: NetworksHost) {
    this.#host = host;
  }

  /** A network of this config without its parameters. Throws UserError where data do not fit it. */
  async untrained(config: Config, folder: string): Promise<Network> {
    const data = await this.#dataOf(config, folder);
    return this.#networkOf(config, data);
  }

  /** A member; valid until the next one. Throws UserError where it cannot be read. */
  async at({ run, checkpoint, by }: MemberSource): Promise<Network> {
    const { readableRoots } = this.#host;
    if (this.#last?.run !== run) {
      this.#last = null;
      const { config } = await readRunConfig({ run, readableRoots });
      const data = await this.#dataOf(config, configFolderOf(run));
      this.#last = { run, network: await this.#networkOf(config, data), data };
    }
    const { network, data } = this.#last;
    const name = join(CHECKPOINT_FOLDER, checkpoint);
    const { path } = await findSource(name, [], { folder: run, readableRoots });
    const file = await SafetensorsFile.open(path, checkpoint);
    try {
      if (decodeState(file.metadata, checkpoint).data !== data.fingerprint)
        throw new UserError(
          'The data have changed since this run was trained: what its network says of others would mislead. Bring them back, or train again.',
          { file: run },
        );
      const { model } = network;
      await restoreJudged(model.memory, model.plan.network, file, by);
    } finally {
      await file.close();
    }
    return network;
  }

  async #networkOf(config: Config, { dataset, turned }: Data): Promise<Network> {
    const plan = planExploration(config, dataset);
    await this.#reserve(plan.bytes);
    const model = new Model(plan, () => {}, config.training.seed);
    const book = new ExampleBook(withAllRows(dataset), withAllRows(turned));
    const reading = new Reading(plan.shapes, plan.loss, plan.outputs, dataset);
    const { indices: trained } = dataset.train;
    return { config, model, book, reading, poll: () => {}, trained };
  }

  /** Two networks are there at most: the one without parameters, and a member. */
  async #reserve(bytes: number): Promise<void> {
    const wanted = 2 * bytes - this.#reserved;
    if (wanted <= 0) return;
    const refusal = await this.#host.reserve(wanted);
    if (refusal !== null) throw new UserError(refusal, { path: ['model', 'layers'] });
    this.#reserved += wanted;
  }

  async #dataOf({ data, training }: Config, folder: string): Promise<Data> {
    const { seed = training.seed, bootstrap } = data;
    const key = JSON.stringify([folder, { ...data, seed }, bootstrap ? training.seed : null]);
    const known = this.#data.find((one) => one.key === key);
    if (known) return known;
    const { readableRoots } = this.#host;
    const dataset = await loadDataset(data, { folder, seed: training.seed, readableRoots });
    const turned = await rotateInputs(dataset);
    const read = { key, dataset, turned, fingerprint: fingerprint(dataset) };
    this.#data = [...this.#data.slice(0, 1), read];
    return read;
  }
}

/** The training part is all that was read, in its order: members may each have been given a part. */
function withAllRows(dataset: Dataset): Dataset {
  const { store } = dataset.train;
  const indices = Uint32Array.from({ length: store.count }, (_, row) => row);
  return { ...dataset, train: { store, indices } };
}

/** Whether two networks are judged by the same examples. */
export function sameValidation(a: Exploration, b: Exploration): boolean {
  const [first, second] = [a, b].map(({ book }) => book.examples('validation')) as [
    Examples,
    Examples,
  ];
  return (
    first === second ||
    (isSame(first.indices, second.indices) &&
      isSame(first.store.labels, second.store.labels) &&
      isSame(first.store.targets, second.store.targets))
  );
}

type Numbers = ArrayLike<number> | null;

function isSame(a: Numbers, b: Numbers): boolean {
  if (a === b || a === null || b === null) return a === b;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * What a network says of examples, [indices × width]; of a regression in the data's unit. `draw`: with
 * dropout as in training, which set of masks.
 */
export function outputsOf(
  { model, book }: Exploration,
  part: Part,
  indices: Uint32Array,
  draw: number | null = null,
): Float32Array {
  const width = model.plan.outputs;
  const outputs = new Float32Array(indices.length * width);
  const batches = Math.ceil(indices.length / model.capacity);
  for (let batch = 0; batch < batches; batch++) {
    const from = batch * model.capacity;
    const own = indices.subarray(from, from + model.capacity);
    book.put(part, own, model.inputs(own.length));
    if (draw === null) model.forward(own.length, model.last);
    else model.forwardMasked(own.length, draw * batches + batch);
    outputs.set(model.values(model.last, own.length), from * width);
  }
  book.toTargetUnit(outputs);
  return outputs;
}
