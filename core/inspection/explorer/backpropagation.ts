import { floats } from '../../training/arena.ts';
import type { Exploration } from './exploration.ts';
import type { BackpropagationAnswer, Queries } from './protocol.ts';
import { wiringOf } from './wiring.ts';

/**
 * The loss of one example, all values on the way to it, and the gradient of the loss with respect to each:
 * of the loss on the data alone, as training takes it of a batch of this example, at test time. What a
 * layer does to a gradient is its Jacobian, found by sending a 1 back from each of its outputs.
 */
export function backpropagation(
  { model, book, poll }: Exploration,
  { example: { part, index } }: Queries['backpropagation'],
): BackpropagationAnswer {
  const { shapes, network, loss } = model.plan;
  book.put(part, [index], model.inputs(1));
  model.forward(1, model.last);
  const input = model.inputs(1).slice();
  const values = shapes.map((_, layer) => model.values(layer, 1).slice());
  const [cost] = model.losses(1, (labels, targets) =>
    book.putAnswers(part, [index], labels, targets),
  );
  const [inputGradient, ...gradients] = model.gradients();
  const wiring = wiringOf(shapes)!;
  return {
    loss: cost!,
    lossType: loss.type,
    input,
    inputGradient: inputGradient!,
    layers: shapes.map((_, layer) => {
      poll();
      const biases = network.layers[layer]!.parameters.find(({ name }) => name === 'biases');
      return {
        values: values[layer]!,
        gradient: gradients[layer]!,
        biases: biases
          ? floats(model.memory, biases.value.offset, biases.value.size).slice()
          : null,
        jacobian: model.jacobian(layer),
        ...wiring[layer]!,
      };
    }),
  };
}
