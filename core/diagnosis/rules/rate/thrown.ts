import { number, percent } from '../../../events/numbers.ts';
import { isEarly, left, leftAtFirst, lessons, weightRatio } from '../../learning.ts';
import { activationRow, firstLook, hiddenActivations } from '../../network.ts';
import type { JudgedTrace } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { measured } from '../../trace.ts';

/** Large steps have thrown a run off: it lost what it had learned, or never got to learn. */
export interface Thrown {
  seen: string;
  /** It is no better than guessing. */
  lost: boolean;
}

export function thrownOff(trace: JudgedTrace): Thrown | null {
  const { rate, learning } = THRESHOLDS;
  const lesson = lessons(trace);
  // Dropout makes the training loss noisy, and a small validation part its own.
  const train = lesson.train.map((own, i) => Math.min(own, lesson.validation[i] ?? own));
  const [before, now] = [train.at(-2), train.at(-1)];
  if (before === undefined || now === undefined) return null;
  const best = Math.min(...train);
  const bar = Math.max(best + rate.relapse, rate.relapseFactor * best);
  const lost = Math.min(before, now) > learning.nothing;
  // What was learned is forgotten only where steps are too large: training examples stay the same.
  if (best < learning.nothing && Math.min(before, now) > bar) {
    const epoch = train.indexOf(best) + 1;
    return {
      seen: `The loss was down to ${number(best)} of that of guessing in epoch ${epoch} and is up at ${number(now)} in epoch ${train.length}.`,
      lost,
    };
  }
  if (!lost || !(weightRatio(trace, 0) * trace.started.stepsPerEpoch > rate.throwing)) return null;
  const first = Math.max(1, leftAtFirst(trace) || 1);
  const peak = Math.max(
    ...trace.losses.windows.map(({ dataLoss }) => dataLoss / trace.losses.firstDataLoss),
  );
  if (Math.max(...train) > rate.thrown * first || peak > rate.thrown)
    return {
      seen: `The loss rose to ${number(Math.max(...train, peak * first))} times that of guessing at first, and the run is no better than guessing after ${train.length} epochs.`,
      lost,
    };
  const flat = struckFlat(trace);
  if (flat === null) return null;
  return {
    seen: `${flat} lets nothing through any more, as it did before the first step: large steps have driven its units to where they are flat, and the run is no better than guessing.`,
    lost,
  };
}

/** A hidden layer that was alive at first and is not any more. */
function struckFlat(trace: JudgedTrace): string | null {
  const first = firstLook(trace);
  const { look } = trace;
  if (!first || !look) return null;
  const struck = hiddenActivations(trace).find((layer) => {
    const row = activationRow(trace, layer);
    const isFlat = (at: typeof first) =>
      measured(at, row, 'zero') > 0.99 || measured(at, row, 'saturated') > 0.95;
    return isFlat(look) && !isFlat(first);
  });
  return struck?.label ?? null;
}

/**
 * Activations that large steps have driven to where they are flat, in a run that suffers for it: they were not
 * so at first.
 */
export function drivenFlat(trace: JudgedTrace): Thrown | null {
  const { rate, signal, learning } = THRESHOLDS;
  const first = firstLook(trace);
  const { look } = trace;
  const rest = left(trace);
  if (!first || !look || isEarly(trace, learning.share) || !(rest > signal.suffers)) return null;
  if (!(weightRatio(trace, 0) > rate.driving)) return null;
  for (const layer of hiddenActivations(trace)) {
    const row = activationRow(trace, layer);
    const [before, now] = [measured(first, row, 'saturated'), measured(look, row, 'saturated')];
    if (!(before < signal.unsaturated && now > signal.saturated)) continue;
    return {
      seen: `Large steps have driven ${percent(now)} of the outputs of ${layer.label} to where it is flat (${percent(before)} at first), and ${percent(Math.min(1, rest))} of what there is to learn is left after ${trace.epochs.length} epochs.`,
      lost: rest > learning.nothing,
    };
  }
  return null;
}
