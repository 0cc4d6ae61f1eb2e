import type { Json } from '../../../../core/events/finding.ts';
import { block, type Draft, denseLayers, type Hidden, type Tables } from './draft.ts';
import { blobs, circles, digits, friedman, spiral } from './tables.ts';

/** A healthy training that changes are made to. */
export interface Base {
  name: string;
  /** Thresholds are tuned on `tuned` bases and reported on `held out` ones. */
  part: 'tuned' | 'held out';
  /** 0 for regression. */
  classes: number;
  tables(): Tables;
  hidden: Hidden;
  layers(hidden: Hidden): Json[];
  /** Fresh, so that it may be changed. */
  draft(): Draft;
}

interface Settings {
  optimizer: Draft['optimizer'];
  epochs: number;
  batchSize: number;
  data?: Draft['data'];
  init?: Json;
}

function base(
  facts: Omit<Base, 'draft' | 'layers'> & { layers?: Base['layers'] },
  { optimizer, epochs, batchSize, data = {}, init }: Settings,
): Base {
  const layers =
    facts.layers ?? ((hidden: Hidden) => denseLayers(hidden, Math.max(1, facts.classes)));
  return {
    ...facts,
    layers,
    draft: () => ({
      data: { ...structuredClone(data), ...(facts.classes === 0 && { task: 'regression' }) },
      model: { layers: layers(facts.hidden), ...(init !== undefined && { init }) },
      optimizer: { ...optimizer },
      training: { epochs, batchSize },
    }),
  };
}

/** A small LeNet: two convolutions with pooling, two dense layers. The hidden widths are those of the dense ones. */
function convolutional({ widths, ...rest }: Hidden): Json[] {
  return [
    { conv2d: 6 },
    ...block(rest),
    { maxPool: 2 },
    { conv2d: 12 },
    ...block(rest),
    { maxPool: 2 },
    ...denseLayers({ widths, ...rest }, 10),
  ];
}

const adam = (learningRate: number) => ({ type: 'adam', learningRate });
const sgd = (learningRate: number) => ({ type: 'sgd', learningRate, momentum: 0.9 });

export const BASES: readonly Base[] = [
  base(
    {
      name: 'circles',
      part: 'tuned',
      classes: 2,
      tables: () => circles('circles', 0.1, 400, 150),
      hidden: { widths: [16, 16], activation: 'relu' },
    },
    { optimizer: adam(0.005), epochs: 30, batchSize: 32 },
  ),
  base(
    {
      name: 'digits',
      part: 'tuned',
      classes: 10,
      tables: digits,
      hidden: { widths: [48, 32], activation: 'relu' },
    },
    {
      optimizer: sgd(0.01),
      epochs: 20,
      batchSize: 32,
      data: { preprocess: ['standardize'] },
    },
  ),
  base(
    {
      name: 'regression',
      part: 'tuned',
      classes: 0,
      tables: friedman,
      hidden: { widths: [24, 24], activation: 'tanh' },
    },
    {
      optimizer: adam(0.01),
      epochs: 40,
      batchSize: 32,
      data: { preprocess: ['standardize'] },
      init: 'xavier',
    },
  ),
  base(
    {
      name: 'blobs',
      part: 'held out',
      classes: 5,
      tables: () => blobs('blobs', { classes: 5, features: 4, spread: 0.8 }, 400, 150),
      hidden: { widths: [16, 16], activation: 'tanh' },
    },
    { optimizer: sgd(0.01), epochs: 25, batchSize: 32, init: 'xavier' },
  ),
  base(
    {
      name: 'spiral',
      part: 'held out',
      classes: 3,
      tables: spiral,
      hidden: { widths: [32, 32], activation: 'relu' },
    },
    { optimizer: adam(0.01), epochs: 30, batchSize: 32 },
  ),
  base(
    {
      name: 'lenet',
      part: 'held out',
      classes: 10,
      tables: digits,
      hidden: { widths: [32], activation: 'relu' },
      layers: convolutional,
    },
    {
      optimizer: adam(0.008),
      epochs: 12,
      batchSize: 32,
      data: { image: { height: 8, width: 8, channels: 1 }, preprocess: ['scale'] },
    },
  ),
];
