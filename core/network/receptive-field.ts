import type { Box } from './box.ts';
import { layerType } from './layers/index.ts';
import type { LayerShape } from './shapes.ts';

/** What is seen of a tensor: places of an image with all their channels, one value of a row, or all. */
type Seen = { kind: 'places'; box: Box } | { kind: 'value'; index: number } | { kind: 'all' };

/**
 * The part of the input image that a value of a layer's output depends on at test time: from layer to
 * layer downwards, the places in its window that are no padding. `index` is the value's place among those
 * of one example. A value that sees nothing but padding has an empty box.
 */
export function receptiveField(shapes: readonly LayerShape[], layer: number, index: number): Box {
  const image = shapes[0].inputShape;
  const seen = below(shapes, asSeen(shapes[layer].outputShape, index), layer, 0);
  const box = seen.kind === 'value' ? asSeen(image, seen.index) : seen;
  if (box.kind === 'places') return box.box;
  return { top: 0, left: 0, height: image[0], width: image[1] };
}

/** What is seen of the input of layer `last`, when this is seen of the output of layer `first`. */
function below(shapes: readonly LayerShape[], seen: Seen, first: number, last: number): Seen {
  let here = seen;
  for (let index = first; index >= last; index--) {
    const { blockStart } = shapes[index];
    if (blockStart === null) {
      here = through(shapes[index], here);
    } else {
      // y = f(x) + x: what f sees of x, and x at the same place.
      here = both(below(shapes, here, index - 1, blockStart), here);
      index = blockStart;
    }
  }
  return here;
}

function through({ layer, inputShape }: LayerShape, seen: Seen): Seen {
  const window = layerType(layer).sees?.(layer, inputShape);
  if (window === 'all' || seen.kind === 'all') return { kind: 'all' };
  if (seen.kind === 'value') return asSeen(inputShape, seen.index);
  if (!window) return seen;
  const { box } = seen;
  const { height, width, stride, top, left } = window;
  const rows = along(box.top, box.height, height, stride, top, inputShape[0]);
  const columns = along(box.left, box.width, width, stride, left, inputShape[1]);
  return {
    kind: 'places',
    box: { top: rows.from, height: rows.count, left: columns.from, width: columns.count },
  };
}

/** Along one axis of `extent` places, of which `count` outputs from `from` on see these. */
function along(
  from: number,
  count: number,
  window: number,
  stride: number,
  before: number,
  extent: number,
): { from: number; count: number } {
  const first = Math.max(0, from * stride - before);
  const end = count === 0 ? first : (from + count - 1) * stride - before + window;
  return { from: first, count: Math.max(0, Math.min(extent, end) - first) };
}

/** Of an image the place, of a row the value. */
function asSeen(shape: readonly number[], index: number): Seen {
  if (shape.length !== 3) return { kind: 'value', index };
  const [, width, channels] = shape;
  const place = Math.floor(index / channels);
  const box = { top: Math.floor(place / width), left: place % width, height: 1, width: 1 };
  return { kind: 'places', box };
}

function both(a: Seen, b: Seen): Seen {
  if (a.kind === 'value') return b.kind === 'value' ? a : { kind: 'all' };
  if (a.kind === 'all' || b.kind !== 'places') return { kind: 'all' };
  if (a.box.height * a.box.width === 0) return b;
  const top = Math.min(a.box.top, b.box.top);
  const left = Math.min(a.box.left, b.box.left);
  const bottom = Math.max(a.box.top + a.box.height, b.box.top + b.box.height);
  const right = Math.max(a.box.left + a.box.width, b.box.left + b.box.width);
  return { kind: 'places', box: { top, left, height: bottom - top, width: right - left } };
}
