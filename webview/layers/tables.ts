import { LAYER_NUMBERS, type LayerNumber } from '../../core/inspection/layer-table.ts';
import type { Cell, Table } from '../../core/report/chart/table.ts';
import type { LayerMoments, Picture } from '../protocol.ts';
import { momentText, numberOf } from './inside.ts';

const HEADS: { [N in LayerNumber]: string } = {
  mean: 'mean',
  std: 'std',
  zero: 'zero (fraction)',
  saturated: 'saturated (fraction)',
  nonFinite: 'NaN or infinite (fraction)',
  gradientMean: 'gradient mean',
  gradientStd: 'gradient std',
  gradientNonFinite: 'gradient NaN or infinite (fraction)',
  ratio: 'update : weight',
  dead: 'dead (fraction of units)',
};
const NUMBER_HEADS = LAYER_NUMBERS.map((name) => HEADS[name]);

/** The input and every layer at a moment. */
export function layersTable(moments: LayerMoments, moment: number): Table {
  const labels = ['input', ...moments.layers.map(({ label }) => label)];
  return {
    title: `Layers, ${momentText(moments, moment)}`,
    columns: ['layer', ...NUMBER_HEADS],
    rows: labels.map((label, row) => [label, ...numbersOf(moments, moment, row - 1)]),
    digest: null,
  };
}

/** A layer at every moment. */
export function layerTable(moments: LayerMoments, layer: number): Table {
  const { steps, epochs, layers } = moments;
  return {
    title: layers[layer]!.label,
    columns: ['step', 'epoch', ...NUMBER_HEADS],
    rows: Array.from(steps, (step, moment) => [
      ...[step, epochs[moment]!],
      ...numbersOf(moments, moment, layer),
    ]),
    digest: null,
  };
}

const numbersOf = (moments: LayerMoments, moment: number, layer: number): Cell[] =>
  LAYER_NUMBERS.map((name) => numberOf(moments, moment, layer, name));

/** `Picture.density` of the highest column, and where columns are cut off. */
const FULL = 200;
const CUT_OFF = 255;

/** A histogram as it is drawn: in 200ths of its largest share. */
export function histogramTable(title: string, picture: Picture, moment: number): Table {
  const { from, to, columns, density, full } = picture;
  const edge = (column: number) => from + ((to - from) * column) / columns;
  const shares = density.subarray(moment * columns, (moment + 1) * columns);
  return {
    title,
    columns: ['from', 'to', 'share of values', 'is more'],
    rows: Array.from(shares, (share, column) => [
      ...[edge(column), edge(column + 1), (share * full) / FULL],
      share === CUT_OFF ? 'yes' : null,
    ]),
    digest: null,
  };
}
