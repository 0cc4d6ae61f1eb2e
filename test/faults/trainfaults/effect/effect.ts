import { mannWhitney } from './mann-whitney.ts';
import { type Outcome, timeTo } from './outcome.ts';

/** What a change has done, over several seeds. */
export interface Effect {
  /** Mean final accuracy or R². */
  score: number;
  base: number;
  /** That it is as good as the base, by chance. */
  p: number;
  /** Median time to target over that of the base; null: it is never reached. */
  timeRatio: number | null;
  timeP: number;
  /** What it harms: how good it becomes, only how fast, or nothing. */
  harms: 'score' | 'time' | null;
}

const ALPHA = 0.05;
/** 5 points of accuracy, or of R². */
const LOSS = 0.05;
const SLOWER = 1.5;
/** The target is this close to what the base reaches. */
const NEAR = 0.03;

export function effectOf(changed: readonly Outcome[], base: readonly Outcome[]): Effect {
  const [scores, baseScores] = [changed, base].map((runs) => runs.map(({ final }) => final)) as [
    number[],
    number[],
  ];
  const target = median(baseScores) - NEAR;
  const [times, baseTimes] = [changed, base].map((runs) =>
    runs.map((run) => timeTo(target, run)),
  ) as [number[], number[]];
  const score = mean(scores);
  const p = mannWhitney(scores, baseScores);
  const ratio = median(times) / median(baseTimes);
  const timeP = mannWhitney(baseTimes, times);
  const worse = p < ALPHA && mean(baseScores) - score >= LOSS;
  const slower = timeP < ALPHA && ratio >= SLOWER;
  return {
    score: rounded(score),
    base: rounded(mean(baseScores)),
    p: rounded(p),
    timeRatio: Number.isFinite(ratio) ? rounded(ratio) : null,
    timeP: rounded(timeP),
    harms: worse ? 'score' : slower ? 'time' : null,
  };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
