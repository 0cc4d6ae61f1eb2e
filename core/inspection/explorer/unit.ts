import { UserError } from '../../events/user-error.ts';
import { excitationAt, mostActive } from './excitation.ts';
import { checkUnit, type Exploration } from './exploration.ts';
import type { Queries, UnitAnswer } from './protocol.ts';

/**
 * What of an example a unit reacts to, where it is most active: the gradient of its value with respect to
 * the input, with relus that pass it by the rule of guided backpropagation or of a deconvolutional
 * network.
 */
export function unit(exploration: Exploration, query: Queries['unit']): UnitAnswer {
  const { model, book } = exploration;
  const { example, layer, rule } = query;
  checkUnit(exploration, layer, query.unit);
  book.put(example.part, [example.index], model.inputs(1));
  model.forward(1, layer);
  const values = model.values(layer, 1);
  const { shapes } = model.plan;
  const index = mostActive(values, shapes[layer].outputShape, query.unit);
  if (index < 0) throw new UserError('This unit is NaN for this example.');
  const excitation = excitationAt(shapes, layer, index, values[index]);
  const gradient = model.backward(
    1,
    layer,
    (to) => {
      to[index] = 1;
    },
    rule,
  );
  return { ...excitation, gradient: book.toRawGradient(gradient) };
}
