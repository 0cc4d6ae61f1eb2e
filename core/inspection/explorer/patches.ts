import type { Box } from '../../network/box.ts';
import { excitationAt, mostActive } from './excitation.ts';
import {
  checkUnit,
  type Exploration,
  everyIndex,
  forEachBatch,
  type Report,
} from './exploration.ts';
import type { Patch, Queries } from './protocol.ts';

/** Where a unit is most active in an example. */
interface Candidate {
  example: number;
  index: number;
  value: number;
}

/**
 * The patches of a part's images that excite a unit most, the strongest first: the best place of each image,
 * cut out to what the unit sees there. Fewer than `count` where there are fewer images, or values.
 */
export function patches(
  exploration: Exploration,
  query: Queries['patches'],
  report: Report,
): Patch[] {
  const { model, book } = exploration;
  const { part, layer, count } = query;
  checkUnit(exploration, layer, query.unit);
  const { shapes } = model.plan;
  const { outputShape } = shapes[layer];
  const width = model.width(layer);
  const indices = everyIndex(book, part);
  let best: Candidate[] = [];
  forEachBatch(exploration, { part, indices, to: layer }, report, (batch) => {
    const values = model.values(layer, batch.length);
    const found = Array.from(batch, (example, row): Candidate => {
      const own = values.subarray(row * width, (row + 1) * width);
      const index = mostActive(own, outputShape, query.unit);
      return { example, index, value: own[index] };
    });
    best = [...best, ...found.filter(({ index }) => index >= 0)]
      .sort((a, b) => b.value - a.value || a.example - b.example)
      .slice(0, count);
  });
  return best.map(({ example, index, value }) => {
    const excitation = excitationAt(shapes, layer, index, value);
    const image = book.raw({ part, index: example });
    return {
      ...excitation,
      index: example,
      pixels: cut(image, shapes[0].inputShape, excitation.box),
    };
  });
}

function cut(image: Float32Array, [, width, channels]: readonly number[], box: Box): Float32Array {
  const pixels = new Float32Array(box.height * box.width * channels);
  for (let row = 0; row < box.height; row++) {
    const from = ((box.top + row) * width + box.left) * channels;
    const line = image.subarray(from, from + box.width * channels);
    pixels.set(line, row * box.width * channels);
  }
  return pixels;
}
