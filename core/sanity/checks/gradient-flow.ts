import type { Json } from '../../events/finding.ts';
import { number } from '../../events/numbers.ts';
import { type Check, outcome } from '../check.ts';
import { noTime, notFinite } from '../skips.ts';

/** Norm of the first weights' gradient over that of the last ones', both per weight. */
const FADING = 1e-3;
const GONE = 1e-7;

/** Every parameter that is trained gets a gradient, and those of the first layers are no less than others. */
export const gradientFlow: Check = {
  id: 'gradient-flow',
  title: 'Gradients reach every layer',
  run(context) {
    const { firstStep, plan, config } = context;
    if (!firstStep) return noTime('A single step');
    const rows = firstStep.parameters.flatMap(({ layer, value, gradient }, index) => {
      const { trained, summary } = plan.network.parameters[index]!;
      const { label, path } = plan.summary.layers[layer]!;
      return trained
        ? [{ ...gradient, label, path, name: summary.name, spread: value.std, size: value.count }]
        : [];
    });
    const layers: Json = rows.map(({ label, name, norm, std }) => ({
      layer: label,
      parameter: name,
      norm,
      std,
    }));
    const evidence = { layers };
    const broken = rows.find(({ nan, infinite }) => nan + infinite > 0);
    if (broken) return { ...notFinite(context, `The gradient of ${broken.label}`), evidence };
    const weights = rows.filter(({ name }) => name === 'weights');
    const equal = weights.find(({ spread, size }) => spread === 0 && size > 1);
    if (equal && !config.model.from) {
      const message = `All weights of ${equal.label} start equal, so that its units get equal gradients and stay equal for ever. Start them at random.`;
      const edits = [{ path: ['model', 'init'], value: 'he' }];
      return outcome('fail', ['model', 'init'], message, evidence, [
        { title: 'Use the init he', edits },
      ]);
    }
    const none = weights.find(({ norm }) => norm === 0);
    if (none) {
      const message = `No gradient reaches the weights of ${none.label}: they cannot be learned. Look at the layers above it (units that are all dead, or saturated).`;
      return outcome('fail', none.path, message, evidence);
    }
    const [first] = weights;
    const last = weights.at(-1);
    const sizeOf = (row: (typeof weights)[number]) => row.norm / Math.sqrt(row.size);
    const ratio = first && last ? sizeOf(first) / sizeOf(last) : 1;
    if (first && last && ratio < FADING) {
      const message = `The gradient of a weight of ${first.label} is ${number(ratio)} times that of one of ${last.label}: it fades on its way back, and the first layers hardly learn. Use relu with the init he, batch normalization or residual blocks.`;
      const status = ratio < GONE ? 'fail' : 'warn';
      return outcome(status, first.path, message, { ...evidence, ratio, threshold: FADING });
    }
    const message =
      weights.length > 1
        ? `Every layer gets a gradient; that of a weight of ${first!.label} is ${number(ratio)} times that of one of ${last!.label}.`
        : 'Every layer gets a gradient.';
    return outcome('pass', ['model', 'layers'], message, { ...evidence, ratio });
  },
};
