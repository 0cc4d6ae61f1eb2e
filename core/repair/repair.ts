import { applyEdits, parseConfig, replaceAll } from '../config/index.ts';
import type { Edit, Finding } from '../events/finding.ts';
import type { FinishedEvent } from '../events/run-event.ts';
import { qualityOf } from '../session/progress.ts';
import type { Trial } from '../session/protocol.ts';
import { applyFixes, type Candidate } from './candidates.ts';

/** Trains a config, of which only the text is told here, and tells how it ended. */
export type TrainTrial = (configText: string, trial: Trial) => Promise<FinishedEvent>;

export type RepairStep =
  | { type: 'diagnosed'; finished: FinishedEvent }
  | { type: 'retraining'; titles: string[] }
  | { type: 'verifying'; seed: number };

export interface Repair {
  /** What to change; none where nothing helps, or nothing has to. */
  edits: Edit[];
  titles: string[];
  /** The config as it was and as it became, on a seed that had no say in the choice. */
  before: FinishedEvent;
  after: FinishedEvent;
  /** Trainings beside the diagnosis and the verification. */
  retrains: number;
  /** Something was wrong, and is better now. */
  repaired: boolean;
  /** What was found. */
  findings: Finding[];
}

const MOST_RETRAINS = 2;
/** A retraining that does well after this share of its epochs need not go on. */
const ENOUGH = 1 / 3;
/** Accuracy or R² that counts as well, if it is better than before. */
const WELL = 0.8;
/** Better by less than this is luck. */
const LEAST_GAIN = 0.005;
/** Far from the seeds that people choose. */
const OTHER_SEED = 7919;

/**
 * Diagnoses a config, applies the best fixes, and trains again, at most twice; then both configs are
 * trained on another seed, and fixes that do not hold there are dropped. A hopeless run ends as soon as
 * its finding is certain.
 */
export async function repair(
  text: string,
  fileName: string,
  train: TrainTrial,
  report: (step: RepairStep) => void,
): Promise<Repair> {
  const start: Candidate = { text, edits: [], titles: [] };
  const first = await train(text, { hopeless: true });
  report({ type: 'diagnosed', finished: first });
  const epochs = parseConfig(text, fileName).config?.training.epochs ?? 1;
  const enough = {
    epochs: Math.ceil(epochs * ENOUGH),
    quality: Math.max(WELL, qualityOf(first) || 0),
  };
  const tried = new Set<string>();
  let best = { candidate: start, finished: first };
  let base = start;
  let { findings } = first;
  let retrains = 0;
  while (retrains < MOST_RETRAINS) {
    const candidate = applyFixes(base, findings, fileName, tried);
    if (!candidate) break;
    report({ type: 'retraining', titles: candidate.titles });
    retrains++;
    const finished = await train(candidate.text, { hopeless: true, enough });
    if (isBetter(finished, best.finished)) best = { candidate, finished };
    if (!findsFault(finished)) break;
    base = candidate;
    // What was tried in vain has other fixes; where nothing new was found these are next.
    findings = [...finished.findings, ...first.findings];
  }
  const { candidate } = best;
  if (candidate === start) {
    const { findings } = first;
    return { ...start, before: first, after: first, retrains, repaired: false, findings };
  }
  const seed = (parseConfig(text, fileName).config?.training.seed ?? 0) + OTHER_SEED;
  report({ type: 'verifying', seed });
  const seeded = (one: string) =>
    replaceAll(one, applyEdits(one, fileName, [{ path: ['training', 'seed'], value: seed }]));
  const after = await train(seeded(candidate.text), { hopeless: true });
  const before = await train(seeded(text), { hopeless: true });
  const holds = isBetter(after, before);
  const kept = holds ? candidate : start;
  return {
    edits: kept.edits,
    titles: kept.titles,
    before,
    after: holds ? after : before,
    retrains,
    repaired: holds,
    findings: first.findings,
  };
}

/** Clearly better, or as good and without fault where there was one. */
function isBetter(after: FinishedEvent, before: FinishedEvent): boolean {
  if (hasFailed(after)) return false;
  if (hasFailed(before)) return true;
  const gain = worstIfNaN(qualityOf(after)) - worstIfNaN(qualityOf(before));
  return gain > LEAST_GAIN || (gain >= 0 && findsFault(before) && !findsFault(after));
}

function hasFailed({ reason }: FinishedEvent): boolean {
  return reason === 'diverged' || reason === 'failed';
}

function findsFault({ findings }: FinishedEvent): boolean {
  return findings.some(({ severity }) => severity !== 'info');
}

function worstIfNaN(quality: number): number {
  return Number.isNaN(quality) ? Number.NEGATIVE_INFINITY : quality;
}
