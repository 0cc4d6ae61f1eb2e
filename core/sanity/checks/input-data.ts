import { tellPlace } from '../../diagnosis/data-place.ts';
import type { Fix } from '../../events/finding.ts';
import { number, percent } from '../../events/numbers.ts';
import { probeData } from '../../inspection/probes/data.ts';
import { type Check, outcome } from '../check.ts';
import type { CheckContext } from '../context.ts';

/** Root mean square of what enters the network: some units of one are what inits are made for. */
const LARGEST_SIZE = 10;
const SMALLEST_SIZE = 0.01;
/** Between the widest column and the narrowest: the narrow one is hardly learned from. */
const MOST_UNEQUAL = 100;
/** More validation examples than this are in the training part by chance no more. */
const MOST_LEAKED = 0.01;

/** Missing values, columns that say nothing or the same, scale, and examples that are in both parts. */
export const inputData: Check = {
  id: 'input-data',
  title: 'Inputs are whole, varied and of one scale',
  run(context) {
    const { dataset } = context;
    const { nonFinite, firstNonFinite, std, trainExamples } = dataset.statistics;
    const { duplicateFeatures, leaked, validationExamples } = probeData(dataset);
    const isImage = dataset.shape.length === 3;
    const constant = indices(std, (spread) => !(spread > 0));
    const scale = scaleOf(context);
    const evidence = {
      examples: trainExamples,
      features: std.length,
      nonFinite,
      constant: constant.length,
      duplicates: duplicateFeatures.slice(0, 8),
      leaked,
      size: scale.size,
      ratio: scale.ratio,
    };
    const source = ['data', 'source'];
    const preprocess = ['data', 'preprocess'];
    if (nonFinite > 0) {
      const share = percent(nonFinite / (trainExamples * std.length));
      const first = firstNonFinite ? `, the first in ${tellPlace(firstNonFinite)}` : '';
      const message = `${count(nonFinite, 'input value')} (${share}) are missing or not finite${first}: every cost they touch becomes NaN. Fill them in, or remove these rows.`;
      return outcome('fail', source, message, evidence);
    }
    if (constant.length === std.length) {
      const message = `No feature varies: all ${trainExamples.toLocaleString('en-US')} examples are the same, and nothing can be told from them.`;
      return outcome('fail', source, message, evidence);
    }
    if (validationExamples > 0 && leaked > MOST_LEAKED * validationExamples) {
      const message = `${leaked.toLocaleString('en-US')} of ${count(validationExamples, 'validation example')} are in the training part too: what is measured on them is memory. Remove duplicates before the split, or validate with another file.`;
      return outcome('warn', ['data', 'validation'], message, evidence);
    }
    const wrong = wrongScale(scale, isImage);
    if (wrong) return outcome('warn', preprocess, wrong, evidence, standardizeFixes(context));
    if (!isImage && constant.length > 0) {
      const message = `${count(constant.length, 'feature')} never ${constant.length === 1 ? 'varies' : 'vary'} (${listed(constant)}): nothing is learned from what is always the same. Remove such columns, or look where their values went.`;
      return outcome('warn', source, message, evidence);
    }
    if (!isImage && duplicateFeatures.length > 0) {
      const pairs = duplicateFeatures.slice(0, 3).map(([a, b]) => `${a + 1} and ${b + 1}`);
      const message = `Features ${pairs.join(', ')} hold the same values throughout: one of each says it all. Remove the other.`;
      return outcome('warn', source, message, evidence);
    }
    const message = `${count(trainExamples, 'example')} of ${count(std.length, 'value')}, all finite, of size ${number(scale.size)} as they enter the network.`;
    return outcome('pass', source, message, evidence);
  },
};

export interface Scale {
  /** Root mean square over all features, preprocessed. */
  size: number;
  /** Largest over smallest size of a feature that varies. */
  ratio: number;
}

/** Of what enters the network, from the statistics of the columns. */
export function scaleOf({ dataset }: CheckContext): Scale {
  const { statistics, preprocessing, rotation } = dataset;
  const { mean, std } = statistics;
  let squares = 0;
  let known = 0;
  let largest = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (let j = 0; j < mean.length; j++) {
    if (!Number.isFinite(std[j]!)) continue;
    const factor = preprocessing ? preprocessing.scale[j]! : 1;
    const middle = (mean[j]! - (preprocessing ? preprocessing.offset[j]! : 0)) * factor;
    const spread = std[j]! * factor;
    squares += middle * middle + spread * spread;
    known++;
    if (spread > 0) {
      const size = Math.hypot(middle, spread);
      largest = Math.max(largest, size);
      smallest = Math.min(smallest, size);
    }
  }
  // Whitened components are of size 1; others keep the sum of squares.
  const size = rotation === 'whiten' ? 1 : Math.sqrt(squares / Math.max(1, known));
  return { size, ratio: rotation || largest === 0 ? 1 : largest / smallest };
}

/** Why the scale is unsuitable, in a sentence; null where it is not. */
export function wrongScale({ size, ratio }: Scale, isImage: boolean): string | null {
  if (size > LARGEST_SIZE || size < SMALLEST_SIZE) {
    return `Inputs are of size ${number(size)} as they enter the network, where about 1 is what initial weights and learning rates are made for: training will ${size > 1 ? 'overshoot' : 'crawl'}. Standardize them.`;
  }
  if (!isImage && ratio > MOST_UNEQUAL) {
    return `The largest feature is ${number(ratio)} times as large as the smallest: the small ones are hardly heard. Standardize them.`;
  }
  return null;
}

export function standardizeFixes({ config }: CheckContext): Fix[] {
  const { preprocess } = config.data;
  // Rotations come last.
  const rotations = preprocess.filter((step) => step === 'pca' || step === 'whiten');
  const value = ['standardize', ...rotations];
  return [{ title: 'Standardize the inputs', edits: [{ path: ['data', 'preprocess'], value }] }];
}

function indices(values: Float64Array, test: (value: number) => boolean): number[] {
  return [...values.keys()].filter((j) => test(values[j]!));
}

/** Counted from 1, as people do. */
function listed(features: readonly number[]): string {
  const shown = features.slice(0, 5).map((j) => j + 1);
  const rest = features.length - shown.length;
  return `number ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function count(n: number, noun: string): string {
  return `${n.toLocaleString('en-US')} ${noun}${n === 1 ? '' : 's'}`;
}
