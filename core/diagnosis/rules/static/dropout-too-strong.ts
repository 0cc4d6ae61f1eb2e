import { number, percent } from '../../../events/numbers.ts';
import { sizeOf } from '../../../network/layers/layer.ts';
import { removeLayer } from '../../layer-edits.ts';
import { hasWeights, layersOf } from '../../layers.ts';
import type { Verdict } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { staticRule } from './static-rule.ts';

/** So much is dropped that too little of the signal is left to learn from; or outputs are. */
export const dropoutTooStrong = staticRule('dropout-too-strong', (trace) => {
  const layers = layersOf(trace);
  const { hidden, input, leastUnits } = THRESHOLDS.config.dropout;
  return layers.flatMap((placed, i): Verdict[] => {
    const { layer, label, path, inputShape } = placed;
    if ((layer.kind !== 'dropout' && layer.kind !== 'dropConnect') || layer.rate === 0) return [];
    const { rate } = layer;
    const isOutput = layer.kind === 'dropout' && !layers.slice(i + 1).some(hasWeights);
    const isInput = layer.kind === 'dropout' && !layers.slice(0, i).some(hasWeights);
    const most = isInput ? input : hidden;
    const values = sizeOf(inputShape);
    const left = values * (1 - rate);
    const usual = isInput ? 0.2 : 0.5;
    const key =
      layer.kind === 'dropConnect' ? [...path, 'dropConnect', 'rate'] : [...path, 'dropout'];
    const tell = (message: string, fix: Verdict['fixes'][number]): Verdict[] => [
      {
        severity: 'warning',
        path: key,
        message,
        evidence: { rate, threshold: most, values },
        fixes: [fix],
      },
    ];
    if (isOutput)
      return tell(
        `${label} drops ${percent(rate)} of the outputs themselves: no later layer makes up for what is missing. Put dropout before the last layer with weights.`,
        { title: 'Remove this dropout', edits: [removeLayer(path)] },
      );
    const few = layer.kind === 'dropout' && rate >= 0.5 && left < leastUnits && values > 1;
    if (rate <= most && !few) return [];
    return tell(
      few
        ? `${label} leaves ${number(left, 2)} of ${values} values on average: often too little to learn from. Drop less.`
        : `${label} drops ${percent(rate)} of ${layer.kind === 'dropConnect' ? 'the weights' : isInput ? 'the inputs' : 'the values'}: too little is left to learn from. ${usual} is common${isInput ? ' for inputs' : ''}.`,
      few && usual >= 0.5
        ? { title: 'Remove this dropout', edits: [removeLayer(path)] }
        : { title: `Drop ${usual}`, edits: [{ path: key, value: usual }] },
    );
  });
});
