import { checkLayer, type Exploration, verdictOf } from './exploration.ts';
import type { ExampleAnswer, ExampleId, FeatureMap, ImagesAnswer, Queries } from './protocol.ts';

/** An example and what the network says of it. */
export function example(
  exploration: Exploration,
  { example: id }: Queries['example'],
): ExampleAnswer {
  const { model, book } = exploration;
  pass(exploration, id, model.last);
  const [loss] = model.losses(1, (labels, targets) =>
    book.putAnswers(id.part, [id.index], labels, targets),
  );
  return {
    ...verdictOf(exploration, 0),
    input: book.raw(id),
    label: book.label(id),
    targets: book.targets(id),
    loss,
  };
}

/** The values of layers for an example. */
export function featureMaps(
  exploration: Exploration,
  { example: id, layers }: Queries['featureMaps'],
): FeatureMap[] {
  const { model } = exploration;
  for (const layer of layers) checkLayer(exploration, layer);
  pass(exploration, id, Math.max(0, ...layers));
  return layers.map((layer) => ({
    layer,
    shape: model.plan.shapes[layer].outputShape,
    values: model.values(layer, 1).slice(),
  }));
}

/** Examples as they were read. */
export function images({ book }: Exploration, { part, indices }: Queries['images']): ImagesAnswer {
  const { inputs } = book.examples(part).store;
  const length = indices.length * book.features;
  const values = inputs instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  for (const [i, index] of indices.entries())
    values.set(book.raw({ part, index }), i * book.features);
  return {
    values,
    labels: Int32Array.from(indices, (index) => book.label({ part, index }) ?? -1),
  };
}

/** One example through the network, as far as layer `to`. */
function pass({ model, book }: Exploration, { part, index }: ExampleId, to: number): void {
  book.put(part, [index], model.inputs(1));
  model.forward(1, to);
}
