import { sizeOf } from '../../network/layers/layer.ts';
import type { LayerShape } from '../../network/shapes.ts';
import { FEWEST_EXAMPLES } from './embedding.ts';
import type { ExampleBook } from './examples.ts';
import type { ExplorerFacts } from './protocol.ts';
import { tooLargeToWire } from './wiring.ts';

/** What cannot be asked of such data and such a network, and why. */
export function refusals(
  book: ExampleBook,
  shapes: readonly LayerShape[],
): ExplorerFacts['refused'] {
  const { dataset, range, isTurned } = book;
  const { task, shape, rotation } = dataset;
  const features = sizeOf(shape).toLocaleString('en-US');
  const noImages =
    shape.length === 3
      ? null
      : `This needs images, but an example here is a plain list of ${features} features. If these are pixels, train with \`image: { height, width, channels }\` under data.`;
  const turned = isTurned
    ? `This needs gradients of pixels, but the network is given what ${rotation} makes of them. Train with another preprocessing.`
    : null;
  const noClasses =
    task === 'classification'
      ? null
      : 'This needs classes, but the network predicts values (task: regression).';
  const noRange =
    range.high > range.low
      ? null
      : 'All values of the training examples are alike: there is no range to move in.';
  const most = Math.max(book.count('train'), book.count('validation'));
  const reasons = {
    saliency: turned,
    fool: noClasses ?? noImages ?? turned ?? noRange,
    classImage: noClasses ?? noImages ?? turned ?? noRange,
    unit: turned,
    backpropagation: tooLargeToWire(shapes),
    patches: noImages ?? turned,
    embedding:
      most < FEWEST_EXAMPLES
        ? `An embedding shows ${FEWEST_EXAMPLES} examples or more, but this run has ${most}.`
        : null,
    confusion: noClasses,
  };
  return Object.fromEntries(Object.entries(reasons).filter(([, reason]) => reason !== null));
}
