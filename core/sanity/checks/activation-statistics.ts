import type { Json } from '../../events/finding.ts';
import { number, percent } from '../../events/numbers.ts';
import { type Check, outcome } from '../check.ts';
import { ACTIVATION_INITS } from '../inits.ts';
import { noTime, notFinite } from '../skips.ts';

/** Std of the last hidden layer over that of the first: signals that fade or grow layer by layer. */
const FADING = 0.1;
const GONE = 1e-3;
/** Share of the values of a layer on the flat part of its nonlinearity. */
const SATURATED = 0.5;
const ALL_SATURATED = 0.9;
/** Share of a relu's values that are 0. */
const SILENT = 0.95;

/**
 * What every layer puts out before the first update (the lectures' experiment with ten layers of 500
 * units): its size should neither fade nor grow from layer to layer, nor lie on the flat parts.
 */
export const activationStatistics: Check = {
  id: 'activation-statistics',
  title: 'Signals keep their size from layer to layer',
  run(context) {
    const { firstStep, plan, config } = context;
    if (!firstStep) return noTime('A single step');
    const rows = plan.summary.layers.map(({ label, kind, path }, i) => ({
      ...firstStep.layers[i]!.output,
      label,
      kind,
      path,
    }));
    const layers: Json = rows.map(({ label, kind, mean, std, zero, saturated }) => ({
      layer: label,
      kind,
      mean,
      std,
      zeros: zero,
      saturated: Number.isNaN(saturated) ? null : saturated,
    }));
    const evidence = { examples: firstStep.examples, layers };
    const broken = rows.find(({ nan, infinite }) => nan + infinite > 0);
    if (broken) {
      const blamed = notFinite(context, `Some of what ${broken.label} puts out`);
      return { ...blamed, evidence };
    }
    const path = ['model', 'init'];
    const { fixes, advice } = betterInit(context);
    const hidden = rows.slice(0, -1).filter(({ kind }) => ACTIVATION_INITS[kind] !== undefined);
    const silent = hidden.find(({ kind, zero }) => kind === 'relu' && zero > SILENT);
    if (silent) {
      const message = `${percent(silent.zero)} of what ${silent.label} puts out is 0 before the first step: nothing flows through it. ${advice}`;
      return outcome(
        silent.zero === 1 ? 'fail' : 'warn',
        path,
        message,
        { ...evidence, threshold: SILENT },
        fixes,
      );
    }
    const flat = hidden.reduce<(typeof hidden)[number] | null>(
      (worst, row) =>
        row.saturated > (worst?.saturated ?? SATURATED) && row.kind !== 'relu' ? row : worst,
      null,
    );
    if (flat) {
      const message = `${percent(flat.saturated)} of what ${flat.label} puts out is saturated before the first step: its derivative there is near 0, and little is learned below it. ${advice}`;
      const status = flat.saturated > ALL_SATURATED ? 'fail' : 'warn';
      return outcome(status, path, message, { ...evidence, threshold: SATURATED }, fixes);
    }
    const [first] = hidden;
    const last = hidden.at(-1);
    const ratio = first && last ? last.std / first.std : 1;
    if (first && last && (ratio < FADING || ratio > 1 / FADING)) {
      const how = ratio < 1 ? 'fade' : 'grow';
      const message = `Signals ${how} from layer to layer: their standard deviation is ${number(first.std)} after ${first.label} and ${number(last.std)} after ${last.label}. Gradients do the same on their way back. ${advice}`;
      const status = ratio < GONE || ratio > 1 / GONE ? 'fail' : 'warn';
      return outcome(status, path, message, { ...evidence, ratio, threshold: FADING }, fixes);
    }
    const range = hidden.length > 0 ? hidden : rows;
    const stds = range.map(({ std }) => std);
    const message = `Standard deviations of what the ${hidden.length > 0 ? 'nonlinearities' : 'layers'} put out: ${number(Math.min(...stds))} to ${number(Math.max(...stds))}.`;
    return outcome('pass', path, message, {
      ...evidence,
      init: String(typeof config.model.init === 'string' ? config.model.init : 'own'),
    });
  },
};

function betterInit({ config, plan }: Parameters<Check['run']>[0]) {
  const kinds = plan.summary.layers.map(({ kind }) => ACTIVATION_INITS[kind]).filter(Boolean);
  const [wanted = 'he'] = kinds;
  if (config.model.init === wanted)
    return {
      fixes: [],
      advice: 'Batch normalization keeps signals in shape, whatever the weights.',
    };
  const edits = [{ path: ['model', 'init'], value: wanted }];
  return {
    fixes: [{ title: `Use the init ${wanted}`, edits }],
    advice: `Start from the init ${wanted}.`,
  };
}
