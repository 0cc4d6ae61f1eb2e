import { type Exploration, everyIndex, forEachBatch, type Report } from './exploration.ts';
import type { ClassPredictions, Part, Queries, ValuePredictions } from './protocol.ts';

/** What the network says of all examples of a part, and how right it is. */
export function predictions(
  exploration: Exploration,
  { part }: Queries['predictions'],
  report: Report,
): ClassPredictions | ValuePredictions {
  return exploration.book.dataset.task === 'classification'
    ? ofClasses(exploration, part, report)
    : ofValues(exploration, part, report);
}

function ofClasses(exploration: Exploration, part: Part, report: Report): ClassPredictions {
  const { model, book, reading } = exploration;
  const { count: classes } = reading;
  const indices = everyIndex(book, part);
  const n = indices.length;
  const labels = new Int32Array(n);
  const predicted = new Int32Array(n);
  const confidence = new Float32Array(n);
  const loss = new Float32Array(n);
  const outputs = new Float32Array(n * classes);
  const confusion = new Uint32Array(classes * classes);
  let unclassified = 0;
  const { outputs: width } = model.plan;
  forEachBatch(exploration, { part, indices, to: model.last }, report, (batch, from) => {
    const rows = batch.length;
    const values = model.values(model.last, rows).slice();
    loss.set(
      model.losses(rows, (to, targets) => book.putAnswers(part, batch, to, targets)),
      from,
    );
    for (let row = 0; row < rows; row++) {
      const i = from + row;
      const own = values.subarray(row * width, (row + 1) * width);
      const shown = reading.probabilitiesOf(own) ?? own;
      const found = reading.predicted(own);
      labels[i] = book.label({ part, index: batch[row] })!;
      predicted[i] = found;
      confidence[i] = found < 0 ? Number.NaN : shown[found];
      outputs.set(shown, i * classes);
      if (found < 0) unclassified++;
      else confusion[labels[i] * classes + found]!++;
    }
  });
  const order = largestFirst(confidence);
  const right = order.filter((i) => predicted[i] === labels[i]);
  const wrong = order.filter((i) => predicted[i] !== labels[i]);
  const accuracy = right.length / n;
  return {
    task: 'classification',
    labels,
    predicted,
    confidence,
    loss,
    outputs,
    confusion,
    unclassified,
    accuracy,
    right,
    wrong,
  };
}

function ofValues(exploration: Exploration, part: Part, report: Report): ValuePredictions {
  const { model, book, reading } = exploration;
  const indices = everyIndex(book, part);
  const targets = new Float32Array(indices.length * reading.count);
  const outputs = new Float32Array(indices.length * reading.count);
  const loss = new Float32Array(indices.length);
  forEachBatch(exploration, { part, indices, to: model.last }, report, (batch, from) => {
    const rows = batch.length;
    outputs.set(model.values(model.last, rows), from * reading.count);
    loss.set(
      model.losses(rows, (labels, to) => book.putAnswers(part, batch, labels, to)),
      from,
    );
    for (let row = 0; row < rows; row++) {
      const own = book.targets({ part, index: batch[row] })!;
      targets.set(own, (from + row) * reading.count);
    }
  });
  book.toTargetUnit(outputs);
  return { task: 'regression', targets, outputs, loss, worst: largestFirst(loss) };
}

/** Places of the values, the largest first, NaN last; among equals the first. */
function largestFirst(values: Float32Array): Uint32Array {
  const rank = (value: number) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value);
  const places = Uint32Array.from(values, (_, i) => i);
  return places.sort((a, b) => {
    const [x, y] = [rank(values[a]), rank(values[b])];
    return x === y ? a - b : x < y ? 1 : -1;
  });
}
