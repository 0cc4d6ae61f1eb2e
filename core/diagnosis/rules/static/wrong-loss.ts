import { defaultLoss } from '../../../config/index.ts';
import { removeLayer } from '../../layer-edits.ts';
import { layersOf } from '../../layers.ts';
import { hasLearnedSoon } from '../../outcome.ts';
import { NOTHING } from '../../rule.ts';
import { staticRule } from './static-rule.ts';

/**
 * An error of numbers for classes: it asks for outputs of exactly 0 and 1 where only the largest counts, and
 * its gradient fades where the network is sure and wrong. Lectures: prefer the softmax classifier.
 */
export const wrongLoss = staticRule(
  'wrong-loss',
  (trace) => {
    const { started, config, data } = trace;
    const { type } = config.loss ?? defaultLoss(started.task);
    const classes = data?.classes?.length ?? 0;
    if (started.task !== 'classification') return NOTHING;
    const evidence = { loss: type, classes };
    const to = (loss: string, edits: ReturnType<typeof removeLayer>[] = []) => ({
      title: `Set loss to ${loss}`,
      edits: [{ path: ['loss'], value: loss }, ...edits],
    });
    if (type === 'binaryCrossEntropy' && classes > 2)
      return [
        {
          severity: 'info',
          path: ['loss'],
          message: `binaryCrossEntropy asks of each of the ${classes} classes on its own whether it is right. An example has exactly one class here: softmaxCrossEntropy lets the classes compete, and usually learns faster.`,
          evidence,
          fixes: [to('softmaxCrossEntropy')],
        },
      ];
    if (type !== 'meanSquaredError' && type !== 'huber') return NOTHING;
    const last = layersOf(trace).at(-1);
    const squashes = last && ['softmax', 'sigmoid', 'tanh'].includes(last.layer.kind);
    return [
      {
        severity: 'warning',
        path: ['loss'],
        message: `${type} is a loss for numbers, but the task has ${classes} classes. It asks for outputs of exactly 0 and 1 where only the largest counts${squashes ? `, and behind ${last.label} its gradient fades where the network is sure and wrong` : ''}: learning is slower and ends worse. Use softmaxCrossEntropy.`,
        evidence,
        fixes: [to('softmaxCrossEntropy', squashes ? [removeLayer(last.path)] : [])],
      },
    ];
  },
  hasLearnedSoon,
);
