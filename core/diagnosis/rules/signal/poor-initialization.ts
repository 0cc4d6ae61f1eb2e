import { number, percent } from '../../../events/numbers.ts';
import { divergenceJudge } from '../../divergence/divergence-rule.ts';
import { initFix, setFix } from '../../fixes.ts';
import { hasWeights, layersOf, type PlacedLayer } from '../../layers.ts';
import {
  hasRecovered,
  isDone,
  isEarly,
  left,
  leftAtFirst,
  lessons,
  progressOf,
} from '../../learning.ts';
import { activationRow, firstLook, hiddenActivations, rootMeanSquare } from '../../network.ts';
import { type JudgedTrace, NOTHING, type Rule, type Verdict } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { measured } from '../../trace.ts';
import { anyOf } from '../epoch-rule.ts';
import { isExplosive } from './explosive.ts';

/** Initial weights that are not fit for the layers, and a run that suffers from them. */
export const poorInitialization: Rule = anyOf('poor-initialization', [
  {
    moments: ['step'],
    begin: () =>
      divergenceJudge('initialization', (trace, { seen }) =>
        isExplosive(trace)
          ? null
          : verdict(
              trace,
              'error',
              `${seen} No step had been made: the initial weights alone did it.`,
              {},
            ),
      ),
  },
  { moments: ['epoch'], begin },
]);

function begin(): ReturnType<Rule['begin']> {
  let fault: { seen: string; evidence: Verdict['evidence']; small: boolean } | null | undefined;
  let said: readonly Verdict[] = NOTHING;
  return (trace) => {
    fault ??= faultOf(trace);
    if (!fault) return NOTHING;
    const rest = left(trace);
    const { learning, init } = THRESHOLDS;
    const { epochs } = trace;
    const hurts = fault.small
      ? !isEarly(trace, learning.share) && standsStill(trace)
      : rest > (epochs.length > 1 ? init.suffers : 1);
    if (hurts) {
      const worthless = rest > learning.nothing && !isEarly(trace, learning.share);
      const after = `After ${epochs.length === 1 ? 'an epoch' : `${epochs.length} epochs`} ${rest >= 1 ? 'the run is no better than guessing' : `${percent(rest)} of what there is to learn is left`}.`;
      said = [
        verdict(trace, worthless ? 'error' : 'warning', `${fault.seen} ${after}`, fault.evidence),
      ];
      // What it has cost so far, it has cost: later it is learned, but late.
    } else if (fault.small ? hasRecovered(trace) : isOff(trace)) said = NOTHING;
    return said;
  };
}

/** It is off the bad start early on, or has learned all in the end. */
function isOff(trace: JudgedTrace): boolean {
  return isDone(trace) || progressOf(trace) < THRESHOLDS.init.late;
}

/** Nothing is learned, or no more than by a linear map, which a network is as long as all in it is small. */
function standsStill(trace: JudgedTrace): boolean {
  const { learning, init, schedule } = THRESHOLDS;
  const { train } = lessons(trace);
  const [before, now] = [train.at(-3), train.at(-1)!];
  const rest = Math.min(left(trace), now);
  return rest > learning.nothing || (rest > init.linear && now > schedule.flat * before!);
}

function faultOf(trace: JudgedTrace) {
  const look = firstLook(trace);
  if (!look || trace.config.model.from) return null;
  const layers = layersOf(trace);
  if (!layers.some((layer) => isUnusual(trace, layer))) return null;
  const { init, input, signal } = THRESHOLDS;
  if (rootMeanSquare(look, 0) > input.large) return null;
  const output = layers.findLast(hasWeights);
  if (!output) return null;
  const size = rootMeanSquare(look, activationRow(trace, output));
  const first = leftAtFirst(trace);
  const evidence = { outputs: size, firstLoss: trace.losses.firstDataLoss };
  if (first > init.firstLoss || size > init.large)
    return {
      small: false,
      seen: `Before the first step the outputs of ${output.label} were of size ${number(size)}, and the first loss was ${number(trace.losses.firstDataLoss)}: the initial weights are too large, and are first to be unlearned.`,
      evidence,
    };
  const flat = hiddenActivations(trace).find(
    (layer) => measured(look, activationRow(trace, layer), 'saturated') > signal.saturated,
  );
  if (flat) {
    const share = measured(look, activationRow(trace, flat), 'saturated');
    return {
      small: false,
      seen: `Before the first step ${percent(share)} of the outputs of ${flat.label} were where it is flat: the initial weights are too large, and hardly any gradient passes.`,
      evidence: { ...evidence, saturated: share },
    };
  }
  const hidden = hiddenActivations(trace).at(-1);
  const spread = hidden ? measured(look, activationRow(trace, hidden), 'std') : Number.NaN;
  if (hidden && spread < init.small)
    return {
      small: true,
      seen: `Before the first step the outputs of ${hidden.label} varied by only ${number(spread)} from example to example: the initial weights are too small, the signal fades from layer to layer and the gradient with it.`,
      evidence: { ...evidence, spread, threshold: init.small },
    };
  return null;
}

/** A layer whose weights are drawn regardless of its size. */
function isUnusual({ config }: JudgedTrace, placed: PlacedLayer): boolean {
  if (!hasWeights(placed)) return false;
  return typeof (placed.layer.init ?? config.model.init) === 'object';
}

function verdict(
  trace: JudgedTrace,
  severity: Verdict['severity'],
  seen: string,
  evidence: Verdict['evidence'],
): Verdict {
  const own = layersOf(trace).find(
    (layer) => hasWeights(layer) && layer.layer.init !== null && isUnusual(trace, layer),
  );
  const shared = typeof trace.config.model.init === 'object';
  const fix = initFix(trace);
  return {
    severity,
    path: !shared && own ? [...own.path, own.layer.kind, 'init'] : ['model', 'init'],
    message: `${seen} ${fix.title}: it takes account of the size of each layer.`,
    evidence,
    fixes: [fix, setFix('Set init to orthogonal', ['model', 'init'], 'orthogonal')],
  };
}
