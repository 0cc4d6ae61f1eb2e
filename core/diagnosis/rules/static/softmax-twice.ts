import { defaultLoss } from '../../../config/index.ts';
import { number } from '../../../events/numbers.ts';
import { removeLayer } from '../../layer-edits.ts';
import { layersOf } from '../../layers.ts';
import { hasLearnedSoon } from '../../outcome.ts';
import { NOTHING } from '../../rule.ts';
import { staticRule } from './static-rule.ts';

/**
 * Softmax of a softmax: the loss takes probabilities for scores. These lie within 1 of each other, so that
 * the right one of C classes never gets more than e / (e + C − 1), and the loss never falls below −log of that.
 */
export const softmaxTwice = staticRule(
  'softmax-twice',
  (trace) => {
    const { type } = trace.config.loss ?? defaultLoss(trace.started.task);
    const last = layersOf(trace).at(-1);
    if (type !== 'softmaxCrossEntropy' || last?.layer.kind !== 'softmax') return NOTHING;
    const classes = last.outputShape.at(-1)!;
    const surest = Math.E / (Math.E + classes - 1);
    return [
      {
        severity: 'warning',
        path: last.path,
        message: `The network ends in softmax, and softmaxCrossEntropy has a softmax of its own. Twice, the right one of ${classes} classes gets at most probability ${number(surest, 2)}: the loss cannot fall below ${number(-Math.log(surest), 2)}, and gradients are small. Remove the layer.`,
        evidence: { loss: type, classes, lowestLoss: -Math.log(surest) },
        fixes: [{ title: 'Remove softmax', edits: [removeLayer(last.path)] }],
      },
    ];
  },
  hasLearnedSoon,
);
