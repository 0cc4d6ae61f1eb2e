import * as z from 'zod';
import { augmentSchema } from './augment.ts';
import { count, nonNegative, words } from './fields.ts';

const GENERATED = {
  spiral: 'Arms that wind around a center, a class each.',
  blobs: 'Gaussian clouds around random centers.',
  circles: 'Rings around one center.',
  moons: 'Two half circles that reach into each other.',
  gaussian: 'Gaussian clouds around evenly spaced centers.',
};

export type GeneratorSource = keyof typeof GENERATED;

/** Whether `data.source` names a generator. `./spiral` is a file of that name. */
export function isGeneratorSource(source: string): source is GeneratorSource {
  return Object.hasOwn(GENERATED, source);
}

const FILES_ONLY = ['format', 'label', 'labels', 'validationLabels', 'image'] as const;
const GENERATED_ONLY = ['examples', 'classes', 'noise'] as const;
const DEFAULT_EXAMPLES = 1000;

const image = z.strictObject({
  height: count().meta({ description: 'Height of an image.', unit: 'pixels' }),
  width: count().meta({ description: 'Width of an image.', unit: 'pixels' }),
  channels: count()
    .default(1)
    .meta({
      description: 'Values per pixel: 1 for gray, 3 for color.',
      examples: [1, 3],
    }),
});

export const dataSchema = z
  .strictObject({
    source: z.union([words(GENERATED), z.string().min(1)]).meta({
      description:
        'Where the examples come from: a file or folder, relative to this config, or the name of a generator of points in the plane.',
      expected: 'a file name or a generator',
      examples: ['digits.csv', 'train-images-idx3-ubyte.gz', 'mnist.npz', 'photos', 'spiral'],
    }),
    format: words({
      csv: 'A table with a header, one row an example.',
      idx: 'The format of MNIST, also gzipped.',
      cifar10: 'The binary version of CIFAR-10.',
      npy: 'An array of NumPy, its first axis the examples: [n, features], [n, height, width] or [n, height, width, channels].',
      npz: 'Arrays of NumPy in one file, found by their names: x and y, images and labels, data and target, x_train and y_train; as validation data x_val and y_val or x_test and y_test come first.',
      images: 'A folder of PNG and JPEG images, with a folder for each class.',
    })
      .optional()
      .meta({
        description: 'Format of the source.',
        fallback: 'seen from the name of the file or what the folder holds',
      }),
    label: z
      .string()
      .min(1)
      .optional()
      .meta({
        description: 'CSV: name of the column that the network is to predict.',
        expected: 'the name of a column',
        fallback: 'none: a CSV file needs it',
        examples: ['digit'],
      }),
    labels: z
      .string()
      .min(1)
      .optional()
      .meta({
        description: 'IDX and npy: the file of labels.',
        expected: 'a file name',
        fallback: "IDX: found by MNIST's naming",
        examples: ['train-labels-idx1-ubyte.gz', 'y.npy'],
      }),
    validation: z
      .union([z.number().gt(0).lt(1), z.string().min(1)])
      .default(0.2)
      .meta({
        description:
          'Examples kept out of training, on which the network is judged: a fraction of the source, drawn with the seed, or a file of its own.',
        expected: 'a fraction above 0 and below 1, or a file name',
        examples: [0.2, 'test.csv'],
      }),
    validationLabels: z
      .string()
      .min(1)
      .optional()
      .meta({
        description: 'IDX and npy: the file of labels of the validation file.',
        expected: 'a file name',
        fallback: "IDX: found by MNIST's naming",
        examples: ['t10k-labels-idx1-ubyte.gz', 'y_test.npy'],
      }),
    limit: count()
      .optional()
      .meta({
        description: 'Uses only the first examples of the source.',
        unit: 'examples',
        fallback: 'all examples',
        examples: [1000],
      }),
    task: words({
      classification: 'Predicts one of several classes.',
      regression: 'Predicts a number.',
    })
      .default('classification')
      .meta({ description: 'What the network learns to predict.' }),
    image: image.optional().meta({
      description:
        'Shape of an example whose columns are the pixels of an image, row by row. A folder of images is brought to this size, without keeping the ratio of the sides: averaged where it shrinks, interpolated where it grows.',
      fallback:
        'as the format says; a CSV row is a plain list of features; images of a folder are all of the size of the first',
      expected: 'a map such as { height: 8, width: 8 }',
    }),
    preprocess: z
      .array(
        words({
          center: 'Subtracts the mean of each feature.',
          standardize: 'Subtracts the mean of each feature and divides by its standard deviation.',
          scale: 'Divides by the range: pixels come to 0..1.',
          meanImage: 'Images: subtracts the mean image, pixel by pixel.',
          perChannel: 'Images: subtracts the mean of each color channel over all pixels.',
          pca: 'Centers, then rotates onto the principal axes, that of the largest variance first. Comes last. Takes seconds for 784 features, a minute or two for 3,072.',
          whiten:
            'As pca, then divides by the standard deviation along each axis, √(variance + 1e-5). Comes last.',
        }),
      )
      .default([])
      .meta({
        description:
          'Steps applied to the inputs in this order, with statistics of the training part only.',
        expected: 'a list such as [standardize]',
        fallback: 'none',
      }),
    augment: augmentSchema,
    targets: words({
      standardize:
        'Subtracts the mean of each target and divides by its standard deviation, both of the training part.',
    })
      .optional()
      .meta({
        description:
          "Regression: what is done to the numbers to predict before training. RMSE stays in the target's own unit; the loss is that of the changed targets.",
        fallback: 'none',
      }),
    seed: z
      .number()
      .int()
      .min(0)
      .optional()
      .meta({
        description:
          'Start of the random numbers that make the split and the points of a generator: with one of its own, other values of training.seed give other weights on the same split.',
        fallback: 'training.seed',
        expected: 'a whole number of at least 0',
        examples: [1],
      }),
    bootstrap: z.boolean().default(false).meta({
      description:
        'Whether to train on a bootstrap sample: as many examples as the training part has, drawn from it with replacement by training.seed. Some come several times, about 37 % not at all.',
    }),
    examples: count()
      .max(100_000_000)
      .optional()
      .meta({
        description: 'Generators: how many points to make, validation included.',
        unit: 'examples',
        fallback: String(DEFAULT_EXAMPLES),
      }),
    classes: count().min(2).max(100).optional().meta({
      description: 'Generators: number of classes. Moons are always two.',
      fallback: '3 for spiral and blobs, 2 for the others',
    }),
    noise: nonNegative()
      .optional()
      .meta({
        description:
          'Generators: standard deviation of the Gaussian noise on each coordinate; the shapes have a radius of about 1.',
        fallback: 'what suits the shape',
        examples: [0.05],
      }),
  })
  .superRefine((data, context) => {
    const generated = isGeneratorSource(data.source);
    for (const key of generated ? FILES_ONLY : GENERATED_ONLY) {
      if (data[key] === undefined) continue;
      context.addIssue({
        code: 'custom',
        path: [key],
        params: { at: 'key' },
        message: generated
          ? `"${key}" is for files; the source "${data.source}" is a generator. Remove it.`
          : `"${key}" is for generators (${Object.keys(GENERATED).join(', ')}); the source "${data.source}" is a file. Remove it${key === 'examples' ? ', or use "limit" to take fewer examples' : ''}.`,
      });
    }
    if (generated && data.task === 'regression') {
      context.addIssue({
        code: 'custom',
        path: ['task'],
        message: `The generator "${data.source}" makes classes: task must be classification.`,
      });
    }
    if (generated && typeof data.validation === 'string') {
      context.addIssue({
        code: 'custom',
        path: ['validation'],
        message: `validation must be a fraction above 0 and below 1 for the generator "${data.source}", found a file name.`,
      });
    }
    const rotation = data.preprocess.findIndex((step) => step === 'pca' || step === 'whiten');
    if (rotation >= 0 && data.augment.length > 0) {
      context.addIssue({
        code: 'custom',
        path: ['augment'],
        params: { at: 'key' },
        message: `"augment" changes raw images at each step, but ${data.preprocess[rotation]} mixes their pixels once, when they are loaded. Remove one of them.`,
      });
    }
    if (data.targets !== undefined && data.task === 'classification') {
      context.addIssue({
        code: 'custom',
        path: ['targets'],
        params: { at: 'key' },
        message:
          '"targets" is for numbers to predict, but the task is classification. Remove it, or set task: regression.',
      });
    }
    for (const [index, step] of data.preprocess.entries()) {
      const next = data.preprocess[index + 1];
      if (next === undefined || (step !== 'pca' && step !== 'whiten')) continue;
      if (step === 'pca' && next === 'whiten') continue;
      context.addIssue({
        code: 'custom',
        path: ['preprocess', index],
        message: `${step} mixes all features, so that ${next} would find nothing of its own: put ${step} last.`,
      });
    }
    if (data.source === 'moons' && data.classes !== undefined && data.classes !== 2) {
      context.addIssue({
        code: 'custom',
        path: ['classes'],
        message: `Moons are always 2 classes, found ${data.classes}.`,
      });
    }
    if (data.validationLabels !== undefined && typeof data.validation === 'number') {
      context.addIssue({
        code: 'custom',
        path: ['validationLabels'],
        params: { at: 'key' },
        message:
          '"validationLabels" belongs to a validation file, but validation is a fraction. Remove it, or set validation to a file.',
      });
    }
  })
  .transform((data) => ({ ...data, examples: data.examples ?? DEFAULT_EXAMPLES }));
