import { line } from '../../core/report/curves/lines.ts';
import { type Content, extent, type Line } from '../chart/content.ts';
import { Panel } from '../chart/panel.ts';
import { brief, exact } from '../format.ts';
import type { Theme } from '../theme.ts';
import { levelOf, rankColors } from './colors.ts';
import { type SweepModel, type Trial, trialName } from './model.ts';

/** A loss this many times the median of all first ones is off the graph: a few that explode hide all others. */
const MOST = 10;
const DASHES = [[], [7, 3], [3, 3], [1, 3], [7, 3, 1, 3]] as const;

/** The losses of all trials: thin lines, and those that are picked or pinned strong, with their names. */
export class Losses {
  readonly panel: Panel;

  constructor(theme: Theme) {
    this.panel = new Panel('tall losses', 'Loss of every trial', theme);
  }

  draw(model: SweepModel, theme: Theme): void {
    const title = `${model.facts!.measured === 'validation' ? 'Validation' : 'Train'} loss of every trial`;
    const content = lossesContent(model, theme);
    const ends = [...(content.backdrop ?? []), ...content.lines].map(({ x }) => x.at(-1) ?? 0);
    // Apply, with a thousand arguments, is still well within what engines take.
    const max = Math.max(1, ...ends);
    const right = this.panel.labelRoom(content, max, theme);
    const horizontal = { axis: 'epochs' as const, max, right };
    this.panel.draw(title, content, horizontal, theme, 'Waiting for the first epoch…');
  }
}

export function lossesContent(model: SweepModel, theme: Theme): Content {
  const colors = rankColors(theme);
  const colorOf = ({ rank }: Trial) => (Number.isNaN(rank) ? theme.other : colors[levelOf(rank)]!);
  const course = ({ losses }: Trial) => ({
    x: Float64Array.from(losses, (_, i) => i + 1),
    y: losses,
  });
  const told = model.ranked.filter(({ losses }) => losses.length > 0);
  const strong = strongOnes(model).filter(({ losses }) => losses.length > 0);
  const opacity = Math.max(0.3, Math.min(0.8, 60 / told.length));
  const within = told.filter((trial) => model.isWithin(trial)).reverse();
  const others = model.isBrushed ? told.filter((trial) => !model.isWithin(trial)) : [];
  const backdrop = [
    ...others.map((trial) => ({ ...course(trial), color: theme.other, opacity: 0.1 })),
    ...within.map((trial) => ({ ...course(trial), color: colorOf(trial), opacity })),
  ];
  const lines: Line[] = strong.map((trial, i) =>
    line(trialName(trial), course(trial), theme.foreground, {
      label: `${trialName(trial)} ${brief(trial.losses.at(-1)!)}`,
      width: i === 0 ? 2.2 : 1.6,
      dash: DASHES[i % DASHES.length]!,
      dots: trial.losses.length < 2,
      rank: i,
    }),
  );
  const note = told.some(({ losses }) => losses.some((loss) => !Number.isFinite(loss)))
    ? 'what is not finite breaks its line'
    : '';
  return {
    lines,
    backdrop,
    scale: 'log',
    range: rangeOf(told, backdrop),
    format: exact,
    note,
    band: null,
    gaps: [],
  };
}

/** The one whose numbers are shown first, then the pinned ones. */
function strongOnes({ current, pinned, trials }: SweepModel): Trial[] {
  const places = new Set([...(current ? [current.place] : []), ...pinned]);
  return [...places].flatMap((place) => trials[place] ?? []);
}

function rangeOf(
  trials: readonly Trial[],
  lines: readonly Pick<Line, 'y'>[],
): [number, number] | null {
  const found = extent(lines, true);
  if (!found) return null;
  const firsts = trials
    .map(({ losses }) => losses[0]!)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const usual = firsts[firsts.length >> 1] ?? found[1];
  const most = Math.max(found[0] * 1.5, Math.min(found[1], usual * MOST));
  return [found[0] / 1.15, most * 1.15];
}
