import { number, percent } from '../../../events/numbers.ts';
import { batchNormFix, initFix, setFix } from '../../fixes.ts';
import { layersOf } from '../../layers.ts';
import { isEarly, left, lessons } from '../../learning.ts';
import { activationRow, firstLook } from '../../network.ts';
import { lowerRate, rateFix } from '../../rates.ts';
import { type JudgedTrace, NOTHING, type Rule } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { measured } from '../../trace.ts';

interface Death {
  layer: number;
  dead: number;
  units: number;
}

/**
 * ReLU units that were at 0 for every example of an epoch get no gradient and never come back. Sparsity is
 * healthy: it is a unit's whole epoch that counts, and only where the run does not learn for it.
 */
export const deadRelu: Rule = {
  id: 'dead-relu',
  moments: ['epoch', 'look'],
  begin: () => (trace) => {
    const worst = deaths(trace).reduce<Death | null>(
      (most, one) => (!most || one.dead / one.units > most.dead / most.units ? one : most),
      null,
    );
    const { deadShare, suffers } = THRESHOLDS.signal;
    const share = worst ? worst.dead / worst.units : 0;
    if (!worst || trace.epochs.length === 0 || share < deadShare) return NOTHING;
    const rest = left(trace);
    // A whole layer at rest lets nothing through: no more needs to be seen.
    const blocked = share === 1;
    if (!(rest > suffers) || (!blocked && isEarly(trace, THRESHOLDS.learning.share)))
      return NOTHING;
    const { train } = lessons(trace);
    const falling = train.length > 1 && train.at(-1)! < 0.9 * train.at(-2)!;
    if (falling && !blocked) return NOTHING;
    const relu = layersOf(trace).find(
      ({ path }) => path.join() === trace.started.plan.layers[worst.layer]?.path.join(),
    );
    const look = firstLook(trace);
    const fromStart = look && relu ? measured(look, activationRow(trace, relu), 'zero') : 0;
    const { biasInit } = trace.config.model;
    const bias = biasInit < 0 && fromStart > deadShare;
    const rate = lowerRate(trace);
    return [
      {
        severity: blocked && rest > THRESHOLDS.learning.nothing ? 'error' : 'warning',
        path: bias ? ['model', 'biasInit'] : (relu?.path ?? ['model', 'layers']),
        ...(relu && { layer: relu.path }),
        message: `${worst.dead} of the ${worst.units} units of ${relu?.label ?? 'a relu layer'} were 0 for every example of epoch ${trace.epochs.length}: they get no gradient and stay dead, and ${percent(Math.min(1, rest))} of what there is to learn is left. ${
          bias
            ? `biasInit ${number(biasInit)} put them there: start biases at 0 or above.`
            : 'Use leakyRelu, whose units cannot die, or a lower learning rate.'
        }`,
        evidence: {
          dead: worst.dead,
          units: worst.units,
          threshold: deadShare,
          unexplained: rest,
        },
        fixes: bias
          ? [setFix('Start biases at 0', ['model', 'biasInit'], 0)]
          : [
              {
                title: 'Replace relu by leakyRelu',
                edits: layersOf(trace)
                  .filter(({ layer }) => layer.kind === 'relu')
                  .map(({ path }) => ({ path, value: 'leakyRelu' })),
              },
              rateFix(rate),
              initFix(trace),
              ...batchNormFix(trace),
            ],
      },
    ];
  },
};

function deaths({ activity }: JudgedTrace): Death[] {
  if (!activity) return [];
  const found: Death[] = [];
  let from = 0;
  for (const [i, layer] of activity.layers.entries()) {
    const units = activity.units[i]!;
    let dead = 0;
    for (let unit = from; unit < from + units; unit++) if (activity.active[unit] === 0) dead++;
    from += units;
    found.push({ layer, dead, units });
  }
  return found;
}
