import { LAYER_NUMBERS, type LayerNumber } from '../../core/inspection/layer-table.ts';
import type { LayerMoments, Picture, ToView } from '../protocol.ts';

/** What the view knows of the inside of one run. */
export interface Inside {
  run: string;
  moments: LayerMoments;
  /** By index of the tensor; null where none of its values is finite. */
  pictures: Map<number, Picture | null>;
}

/** Takes in what the host says of it. */
export function receiveInside(
  inside: Inside | null,
  { run, moments, pictures }: Extract<ToView, { type: 'inspection' }>,
): Inside | null {
  const known = inside?.run === run ? inside : null;
  // Pictures are of all moments: with a new one they are old.
  const next = moments
    ? { run, moments, pictures: known?.pictures ?? new Map<number, Picture | null>() }
    : known;
  if (!next) return null;
  for (const { tensor, picture } of pictures) next.pictures.set(tensor, picture);
  return next;
}

const PLACE = new Map(LAYER_NUMBERS.map((name, i) => [name, i]));

/** A layer's number at a moment; layer -1 is the input. */
export function numberOf(
  { layers, numbers }: LayerMoments,
  moment: number,
  layer: number,
  name: LayerNumber,
): number {
  const row = moment * (layers.length + 1) + layer + 1;
  return numbers[row * LAYER_NUMBERS.length + PLACE.get(name)!] ?? Number.NaN;
}

/** Of all moments, in order. */
export function history(moments: LayerMoments, layer: number, name: LayerNumber): number[] {
  return Array.from(moments.steps, (_, moment) => numberOf(moments, moment, layer, name));
}

/** Where a moment is, in words. */
export function momentText(
  { steps, epochs }: Pick<LayerMoments, 'steps' | 'epochs'>,
  moment: number,
): string {
  const step = steps[moment] ?? 0;
  if (step === 0) return 'before training';
  const epoch = Number((epochs[moment] ?? 0).toFixed(2));
  return `epoch ${epoch} · step ${step.toLocaleString('en-US')}`;
}
