import type { GeneratorSource } from '../config/index.ts';
import { UserError } from '../events/user-error.ts';
import { RandomStream } from './random.ts';
import type { Source } from './source.ts';

export interface GeneratorOptions {
  /** Over all classes. */
  examples: number;
  classes?: number | undefined;
  /** Standard deviation of the Gaussian noise on each coordinate. */
  noise?: number | undefined;
}

type Point = [x: number, y: number];

/** Where example `i` of the `count` of its class lies before noise. */
type Curve = (klass: number, i: number, count: number) => Point;

interface Generator {
  noise: number;
  classes: number;
  curve(classes: number, seed: number): Curve;
}

/**
 * Sets of labelled points in the plane, mostly within [−1, 1]², with the noise and the number of
 * classes that each has by default.
 */
const generators: Record<GeneratorSource, Generator> = {
  /** Arms that wind ¾ of a turn from the center to radius 1, a class each. */
  spiral: {
    noise: 0.03,
    classes: 3,
    curve: (classes) => (klass, i, count) => {
      const radius = (i + 0.5) / count;
      return onCircle(klass / classes + 0.75 * radius, radius);
    },
  },
  /** Gaussian clouds around random centers. */
  blobs: {
    noise: 0.15,
    classes: 3,
    curve: (classes, seed) => {
      const random = new RandomStream(seed, 'blobs');
      const centers = Array.from(
        { length: classes },
        (): Point => [2 * random.uniform() - 1, 2 * random.uniform() - 1],
      );
      return (klass) => centers[klass]!;
    },
  },
  /** Rings around one center; the first class is the outermost, of radius 1. */
  circles: {
    noise: 0.05,
    classes: 2,
    curve: (classes) => (klass, i, count) => onCircle(i / count, 1 - klass / classes),
  },
  /** Two half circles that reach into each other. */
  moons: {
    noise: 0.1,
    classes: 2,
    curve: () => (klass, i, count) => {
      const [x, y] = onCircle((i + 0.5) / count / 2, 2 / 3);
      return klass === 0 ? [x - 1 / 3, y - 1 / 6] : [1 / 3 - x, 1 / 6 - y];
    },
  },
  /** Gaussian clouds around centers that stand evenly on a circle. */
  gaussian: {
    noise: 0.2,
    classes: 2,
    curve: (classes) => (klass) => onCircle(1 / 8 + klass / classes, 2 / 3),
  },
};

/**
 * Classes take turns, so that every beginning of the set is balanced. Throws UserError if there are
 * fewer examples than classes.
 */
export function generate(name: GeneratorSource, options: GeneratorOptions, seed: number): Source {
  const generator = generators[name];
  const { examples, classes = generator.classes, noise = generator.noise } = options;
  if (examples < classes) {
    throw new UserError(`${examples} examples cannot show ${classes} classes.`, {
      path: ['data', 'examples'],
    });
  }
  const curve = generator.curve(classes, seed);
  const random = new RandomStream(seed, name, 1);
  const inputs = new Float32Array(2 * examples);
  const labels = new Int32Array(examples);
  for (let i = 0; i < examples; i++) {
    const klass = i % classes;
    const ofClass = Math.ceil((examples - klass) / classes);
    const [x, y] = curve(klass, Math.floor(i / classes), ofClass);
    inputs[2 * i] = x + noise * random.normal();
    inputs[2 * i + 1] = y + noise * random.normal();
    labels[i] = klass;
  }
  return {
    store: { count: examples, inputs, labels, targets: null },
    shape: [2],
    classes: Array.from({ length: classes }, (_, klass) => String(klass)),
    columns: ['x', 'y'],
  };
}

/**
 * The point at this angle, in turns. The sums of sine and cosine are our own because the engine's
 * differ between versions in the last bit, and the same seed must give the same points.
 */
function onCircle(turns: number, radius: number): Point {
  const quarter = Math.round(4 * turns);
  const angle = 2 * Math.PI * (turns - quarter / 4);
  let sine = 1;
  let cosine = 1;
  // Taylor's series by Horner's rule, for |angle| ≤ π/4: the first term left out is below 2⁻⁶⁰.
  for (let n = 16; n > 0; n -= 2) {
    sine = 1 - (sine * angle * angle) / (n * (n + 1));
    cosine = 1 - (cosine * angle * angle) / (n * (n - 1));
  }
  sine *= angle;
  switch (((quarter % 4) + 4) % 4) {
    case 0:
      return [radius * cosine, radius * sine];
    case 1:
      return [-radius * sine, radius * cosine];
    case 2:
      return [-radius * cosine, -radius * sine];
    default:
      return [radius * sine, -radius * cosine];
  }
}
