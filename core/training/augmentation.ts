import type { Augmentation } from '../config/index.ts';
import { philox4x32, streamWords } from '../data/random.ts';
import type { Kernels, Offset } from '../kernels/kernels.ts';

/** What the images are: their shape, and the range that their values keep to. */
export interface ImageFrame {
  height: number;
  width: number;
  channels: number;
  /** Black. */
  low: number;
  high: number;
}

/** Changes the image of the batch's row `row`, in place, at a step. */
export type Change = (row: number, image: Offset, step: number) => void;

/** Working memory of one thread: a copy of the image, or what noise needs. */
export function augmentationBytes({ height, width, channels }: ImageFrame): number {
  return Math.max(128, height * width * channels * 4);
}

/**
 * The changes in their order. What they draw depends on the seed, the step, the row of the batch and
 * the place in the list, and on nothing else: not on threads, nor on parts of the batch.
 */
export function buildChanges(
  kernels: Kernels,
  augment: readonly Augmentation[],
  frame: ImageFrame,
  seed: number,
  scratch: Offset,
): Change[] {
  return augment.map((change, index) =>
    buildChange(kernels, change, frame, new RowDraws(seed, `augment ${index}`), scratch),
  );
}

function buildChange(
  kernels: Kernels,
  change: Augmentation,
  { height, width, channels, low, high }: ImageFrame,
  draws: RowDraws,
  scratch: Offset,
): Change {
  const size = height * width * channels;
  switch (change.kind) {
    case 'crop': {
      const places = 2 * change.pixels + 1;
      return (row, image, step) => {
        draws.begin(row, step);
        const down = draws.integer(0, places) - change.pixels;
        const right = draws.integer(1, places) - change.pixels;
        kernels.copy(size, image, scratch);
        kernels.shiftImage(height, width, channels, down, right, low, scratch, image);
      };
    }
    case 'flip': {
      const columns = change.direction === 'horizontal' ? 1 : 0;
      return (row, image, step) => {
        draws.begin(row, step);
        if (draws.integer(0, 2) === 0) return;
        kernels.copy(size, image, scratch);
        kernels.flipImage(height, width, channels, columns, scratch, image);
      };
    }
    case 'rotate': {
      const most = (change.degrees * Math.PI) / 180;
      return (row, image, step) => {
        draws.begin(row, step);
        kernels.copy(size, image, scratch);
        const angle = draws.around(0, 0, most);
        kernels.rotateImage(height, width, channels, angle, low, scratch, image);
      };
    }
    case 'colorJitter':
      return (row, image, step) => {
        draws.begin(row, step);
        kernels.jitterColors(
          height * width,
          channels,
          draws.around(0, 1, change.brightness),
          draws.around(1, 1, change.contrast),
          draws.around(2, 1, change.saturation),
          low,
          high,
          image,
        );
      };
    case 'noise': {
      const [key0, key1, purpose] = draws.words;
      const std = change.std * (high - low);
      const blocks = 4 * Math.ceil(size / 16);
      return (row, image, step) =>
        kernels.addNoise(
          size,
          std,
          low,
          high,
          row * blocks,
          purpose,
          step,
          Math.floor(step / TWO_32),
          key0,
          key1,
          image,
          scratch,
        );
    }
    case 'cutout': {
      const { side } = change;
      return (row, image, step) => {
        draws.begin(row, step);
        const top = draws.integer(0, height) - (side >> 1);
        const left = draws.integer(1, width) - (side >> 1);
        kernels.cutOut(height, width, channels, top, left, side, low, image);
      };
    }
  }
}

const TWO_32 = 2 ** 32;

/** Four random words for each row and step. Drawing allocates nothing. */
class RowDraws {
  /** Two of the key, and the purpose's word of the counter. */
  readonly words: [number, number, number];
  readonly #counter = new Uint32Array(4);
  readonly #drawn = new Uint32Array(4);

  constructor(seed: number, purpose: string) {
    this.words = streamWords(seed, purpose);
  }

  begin(row: number, step: number): void {
    this.#counter[0] = row;
    this.#counter[1] = this.words[2];
    this.#counter[2] = step;
    this.#counter[3] = Math.floor(step / TWO_32);
    philox4x32(this.#counter, this.words[0], this.words[1], this.#drawn);
  }

  /** The k-th: a whole number in [0, n); for the small n here the words are many enough. */
  integer(k: number, n: number): number {
    return Math.floor((this.#drawn[k] / TWO_32) * n);
  }

  /** The k-th: uniform within center ± spread. */
  around(k: number, center: number, spread: number): number {
    return center + spread * (2 * (this.#drawn[k] / TWO_32) - 1);
  }
}
