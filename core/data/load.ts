import { type Config, isGeneratorSource } from '../config/index.ts';
import type { ConfigPath, DataPlace } from '../events/finding.ts';
import type { Task } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';
import { refuseAugmentation } from './augmentation.ts';
import { readCifar10 } from './cifar10.ts';
import { matchClasses } from './classes.ts';
import { readCsv } from './csv.ts';
import type { Dataset, Examples } from './dataset.ts';
import { deduceFormat, type FileFormat } from './format.ts';
import { generate } from './generators.ts';
import { readIdx } from './idx.ts';
import { readImages } from './images/folder.ts';
import { readNpy } from './npy.ts';
import { readNpz } from './npz.ts';
import { composePreprocessing, rotationOf, standardizeTargets } from './preprocess.ts';
import { featureCount, type Source } from './source.ts';
import { findSource, type ReadContext, type SourceFile } from './source-file.ts';
import { bootstrap, split, wholeStore } from './split.ts';
import { countClasses, featureStatistics, firstNonFinite, rangeOfTargets } from './statistics.ts';

type DataConfig = Config['data'];

export interface LoadContext extends ReadContext {
  /** The bootstrap draws from its streams; generators and the split do where the data have no seed of their own. */
  seed: number;
}

/**
 * Reads (or generates) the data that a config names, splits it, and measures the training part.
 * Throws UserError, whose place is the key to blame, for whatever is wrong with it; an AbortError
 * when `context.signal` says so.
 */
export async function loadDataset(data: DataConfig, context: LoadContext): Promise<Dataset> {
  const { task, seed = context.seed } = data;
  const source = isGeneratorSource(data.source)
    ? generate(data.source, data, seed)
    : await readSource(data, context);
  applyImage(source, data);
  refuseAugmentation(data.augment, source.shape);
  if (source.classes && source.classes.length < 2) throw singleClass(source, data);
  const { train: part, validation } = await parts(source, data, { ...context, seed });
  const train = data.bootstrap ? bootstrap(part, context.seed) : part;
  const features = featureCount(source.shape);
  const statistics = featureStatistics(train, features);
  const { inputs, targets, count } = source.store;
  const isBytes = inputs instanceof Uint8Array;
  const outputs = source.classes?.length ?? targets!.length / count;
  return {
    task,
    shape: source.shape,
    outputs,
    classes: source.classes,
    train,
    validation,
    preprocessing: composePreprocessing(data.preprocess, statistics, source.shape, isBytes),
    rotation: rotationOf(data.preprocess),
    targetScaling: data.targets === 'standardize' ? standardizeTargets(train, outputs) : null,
    statistics: {
      type: 'data',
      trainExamples: train.indices.length,
      validationExamples: validation.indices.length,
      classes: source.classes,
      classCounts: source.classes && countClasses(train, source.classes.length),
      ...(targets && { targetRange: rangeOfTargets(train) }),
      ...statistics,
      ...(statistics.nonFinite > 0 && { firstNonFinite: placeOfGap(source, train, data.source) }),
    },
  };
}

function placeOfGap(source: Source, train: Examples, file: string): DataPlace {
  const { example, feature } = firstNonFinite(train, featureCount(source.shape))!;
  return {
    file,
    example: example + 1,
    ...(source.lines && { line: source.lines[example]! }),
    column: source.columns?.[feature] ?? feature + 1,
  };
}

async function readSource(data: DataConfig, context: ReadContext): Promise<Source> {
  const file = await findSource(data.source, ['data', 'source'], context);
  const format = data.format ?? (await deduceFormat(file, context.signal));
  refuseUnusedKeys(format, data);
  return readFormat(format, file, data, context, {
    labels: { name: data.labels, key: ['data', 'labels'] },
    limit: data.limit,
    train: null,
  });
}

interface PartOptions {
  labels: { name: string | undefined; key: ConfigPath };
  limit: number | undefined;
  /** The training data, when this is the validation data: columns and classes must be the same. */
  train: Source | null;
}

async function readFormat(
  format: FileFormat,
  file: SourceFile,
  data: DataConfig,
  context: ReadContext,
  part: PartOptions,
): Promise<Source> {
  const { task } = data;
  const { limit } = part;
  switch (format) {
    case 'csv': {
      if (data.label === undefined) {
        throw new UserError(
          `Which column of "${file.name}" is to be predicted? Add \`label:\` with its name.`,
          { path: ['data'] },
        );
      }
      const columns = part.train?.columns ?? undefined;
      return readCsv(file, { label: data.label, task, limit, columns, signal: context.signal });
    }
    case 'idx':
      return readIdx(file, { task, limit, labels: part.labels, context });
    case 'npy':
      return readNpy(file, { task, limit, labels: part.labels, context });
    case 'npz':
      return readNpz(file, { task, limit, isValidation: part.train !== null });
    case 'images':
      refuseRegression(task, 'A folder of images');
      return readImages(file, { limit, image: data.image, shape: part.train?.shape, context });
    case 'cifar10':
      refuseRegression(task, 'CIFAR-10');
      return readCifar10(file, limit, part.train?.classes ?? null, context);
  }
}

function refuseRegression(task: Task, what: string): void {
  if (task !== 'regression') return;
  throw new UserError(`${what} has classes; \`task: regression\` needs numbers to predict.`, {
    path: ['data', 'task'],
  });
}

/** Keys that only some formats have. */
const KEYS_OF_FORMATS = {
  label: { formats: ['csv'], meaning: 'the column of a CSV file' },
  labels: { formats: ['idx', 'npy'], meaning: 'the file of labels of an IDX or npy file' },
  validationLabels: {
    formats: ['idx', 'npy'],
    meaning: 'the file of labels of an IDX or npy file',
  },
} as const satisfies { [key: string]: { formats: readonly FileFormat[]; meaning: string } };

function refuseUnusedKeys(format: FileFormat, data: DataConfig): void {
  for (const key of ['label', 'labels', 'validationLabels'] as const) {
    const { formats, meaning } = KEYS_OF_FORMATS[key];
    if (data[key] === undefined || formats.some((each) => each === format)) continue;
    throw new UserError(
      `"${key}" is ${meaning}, but the format of "${data.source}" is ${format}. Remove it, or set another format.`,
      { path: ['data', key] },
    );
  }
}

async function parts(
  source: Source,
  data: DataConfig,
  context: LoadContext,
): Promise<{ train: Examples; validation: Examples }> {
  if (typeof data.validation === 'number') {
    return split(source.store, data.validation, context.seed);
  }
  const key = ['data', 'validation'];
  const file = await findSource(data.validation, key, context);
  const format = data.format ?? (await deduceFormat(file, context.signal));
  const validation = await readFormat(format, file, data, context, {
    labels: { name: data.validationLabels, key: ['data', 'validationLabels'] },
    limit: undefined,
    train: source,
  });
  applyImage(validation, data);
  if (validation.shape.join() !== source.shape.join()) {
    throw new UserError(
      `Validation examples have the shape ${validation.shape.join('×')}, training examples ${source.shape.join('×')}; they must agree.`,
      { path: key },
    );
  }
  matchClasses(source, validation, key);
  return { train: wholeStore(source.store), validation: wholeStore(validation.store) };
}

/** `image` gives flat features their height, width and channels. */
function applyImage(source: Source, { image }: DataConfig): void {
  if (!image) return;
  const shape = [image.height, image.width, image.channels];
  const expected = featureCount(shape);
  const found = featureCount(source.shape);
  if (expected !== found) {
    throw new UserError(
      `An image of ${shape.join('×')} has ${expected.toLocaleString('en-US')} values, but each example has ${found.toLocaleString('en-US')}.`,
      { path: ['data', 'image'] },
    );
  }
  source.shape = shape;
}

function singleClass(source: Source, data: DataConfig): UserError {
  const name = JSON.stringify(source.classes![0]);
  const key = data.limit !== undefined ? 'limit' : data.label !== undefined ? 'label' : 'source';
  const which = data.limit === undefined ? 'All' : `With \`limit: ${data.limit}\`, all`;
  return new UserError(
    `${which} ${source.store.count.toLocaleString('en-US')} examples have the class ${name}; at least two classes are needed.`,
    { path: ['data', key] },
  );
}
