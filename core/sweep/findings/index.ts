import { basename } from 'node:path';
import { applyEdits, parseConfig, replaceAll, shapeOfKey } from '../../config/index.ts';
import type { Edit, Finding } from '../../events/finding.ts';
import type { Candidate } from '../best.ts';
import { trialCount } from '../samplers/index.ts';
import { compareTrials } from '../score.ts';
import { type Dimension, spaceOf } from '../space.ts';
import { stagesOf } from '../stages.ts';
import { SweepState } from '../state.ts';
import { borderFindings } from './border.ts';
import { linearRangeFindings } from './linear-range.ts';
import { tooFewTrialsFindings } from './too-few-trials.ts';
import { unstableFindings } from './unstable.ts';

/** What is to be said of a sweep before it begins; nothing where the config has none. */
export function findingsOfRanges(text: string, configFile: string): Finding[] {
  return findingsOf(text, configFile, new SweepState(), []);
}

/** What is to be said of a sweep so far: of its ranges at once, of its results when there are some. */
export function findingsOf(
  text: string,
  configFile: string,
  state: SweepState,
  ranked: readonly Candidate[],
): Finding[] {
  const { config, valueAt } = parseConfig(text, basename(configFile));
  if (!config?.sweep) return [];
  const space = spaceOf(config.sweep, valueAt([]));
  const widen = ({ key, path, range }: Dimension, ends: [number, number]) => {
    const within = clipped(ends, shapeOfKey(path, valueAt([])));
    if (range.kind === 'choice' || (within[0] === range.low && within[1] === range.high))
      return null;
    const edit: Edit = { path: ['sweep', 'parameters', key, range.kind], value: within };
    const title = `Search ${key} from ${within[0]} to ${within[1]}`;
    return isUsable(text, basename(configFile), edit) ? { title, edits: [edit] } : null;
  };
  const planned = stagesOf(config, config.sweep)[0]!.trials;
  const trials = state.stages[0]?.trials ?? trialCount(config.sweep.sampler, space, planned);
  const findings = [
    ...borderFindings(space, ranked[0], state.endedOf(1).sort(compareTrials), widen),
    ...linearRangeFindings(space),
    ...tooFewTrialsFindings(space, trials),
    ...unstableFindings(ranked),
  ];
  const muted: readonly string[] = config.mute;
  return findings.filter(({ rule }) => !muted.includes(rule));
}

/** As far as the key allows. */
function clipped(
  [low, high]: [number, number],
  shape: ReturnType<typeof shapeOfKey>,
): [number, number] {
  const number = [shape, ...(shape?.anyOf ?? [])].find(
    (option) => option?.type === 'number' || option?.type === 'integer',
  );
  return [
    Math.max(low, number?.minimum ?? Number.NEGATIVE_INFINITY),
    Math.min(high, number?.maximum ?? Number.POSITIVE_INFINITY),
  ];
}

function isUsable(text: string, fileName: string, edit: Edit): boolean {
  const next = replaceAll(text, applyEdits(text, fileName, [edit]));
  return parseConfig(next, fileName).problems.length === 0;
}
