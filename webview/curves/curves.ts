import { lossContent } from '../../core/report/curves/loss.ts';
import { qualityContent } from '../../core/report/curves/quality.ts';
import { rateContent } from '../../core/report/curves/rate.ts';
import { ratioContent } from '../../core/report/curves/ratio.ts';
import type { Content, Line } from '../chart/content.ts';
import { type Mark, Panel } from '../chart/panel.ts';
import { element } from '../dom.ts';
import { brief, quality, rate } from '../format.ts';
import type { SeriesId, ViewSettings, XAxis } from '../protocol.ts';
import { isLive, type Model, type Run, shownRuns } from '../store.ts';
import type { Theme } from '../theme.ts';
import { curveColors, focusedSeries, otherLines } from './lines.ts';
import { seedRuns, spreadOf } from './seeds.ts';
import { Tools } from './tools.ts';

interface Place {
  panel: Panel;
  /** Panels of one column align: they leave the same room for labels. */
  column: 'wide' | 'narrow';
  title(model: Model): string;
  content(model: Model, theme: Theme): Content;
}

/** The curves of all shown runs: loss, accuracy, update : weight and learning rate. */
export class Curves {
  readonly element = element('section', { class: 'curves', 'aria-label': 'Curves' });
  readonly #tools: Tools;
  readonly #places: Place[];

  constructor(theme: Theme, changed: (change: Partial<ViewSettings>) => void) {
    this.#tools = new Tools(changed);
    this.#places = [
      {
        panel: new Panel('tall', 'Loss', theme, { tools: this.#tools.element }),
        column: 'wide',
        title: () => 'Loss',
        content: (model, theme) =>
          withOthers(model, theme, ['validationLoss', 'smoothLoss', 'trainLoss'], brief, (others) =>
            lossContent(
              focusedSeries(model),
              curveColors(theme),
              model.settings.logLoss ? 'log' : 'linear',
              others,
            ),
          ),
      },
      {
        panel: new Panel('tall', 'Accuracy', theme),
        column: 'narrow',
        title: qualityTitle,
        content: (model, theme) =>
          withOthers(model, theme, ['validationQuality', 'trainQuality'], quality, (others) =>
            qualityContent(focusedSeries(model), curveColors(theme), others),
          ),
      },
      {
        panel: new Panel('low', 'Update : weight', theme),
        column: 'wide',
        title: () => 'Update : weight',
        content: (model, theme) => ratioContent(focusedSeries(model), curveColors(theme)),
      },
      {
        panel: new Panel('low', 'Learning rate', theme),
        column: 'narrow',
        title: () => 'Learning rate',
        content: (model, theme) =>
          rateContent(
            focusedSeries(model),
            curveColors(theme),
            otherLines(model, theme, ['learningRate'], rate),
          ),
      },
    ];
    for (const { panel } of this.#places) {
      this.element.append(panel.element);
      panel.cursor.moved = (x) => {
        for (const other of this.#places) if (other.panel !== panel) other.panel.cursor.show(x);
      };
    }
  }

  draw(model: Model, theme: Theme): void {
    this.#tools.update(model.settings);
    const { axis } = model;
    const contents = this.#places.map((place) => place.content(model, theme));
    const max = horizontalMax(model, contents, axis);
    const room = { wide: 0, narrow: 0 };
    this.#places.forEach(({ panel, column }, i) => {
      room[column] = Math.max(room[column], panel.labelRoom(contents[i]!, max, theme));
    });
    // in a narrow view all panels stand in one column
    const widths = new Set(this.#places.map(({ panel }) => panel.element.clientWidth));
    if (widths.size === 1) room.wide = room.narrow = Math.max(room.wide, room.narrow);
    this.#places.forEach(({ panel, column, title }, i) => {
      const horizontal = { axis, max, right: room[column] };
      const marks = i === 0 ? findingMarks(model, theme) : [];
      // To draw axes for nothing takes as long as for curves, which are about to come.
      if (isRead(model) || contents[i]!.range !== null)
        panel.draw(title(model), contents[i]!, horizontal, theme, emptyText(model), marks);
      else panel.wait(title(model), 'Reading the run…');
    });
  }

  /** Shows the values after this step, on all panels. */
  show(model: Model, step: number): void {
    const run = model.runs.get(model.focus);
    const x = run ? stepPlace(run, step, model.axis) : Number.NaN;
    if (Number.isFinite(x)) for (const { panel } of this.#places) panel.cursor.show(x);
  }
}

/** Beside the focused run: mean and deviation of the runs that differ by their seed alone, and a line for each other. */
function withOthers(
  model: Model,
  theme: Theme,
  ids: readonly SeriesId[],
  text: (value: number) => string,
  content: (others: Line[]) => Content,
): Content {
  const seeds = seedRuns(model);
  const { validation: line, gap: between } = curveColors(theme);
  const colors = { line, between, edge: theme.highContrast ? 0.8 : 0.4 };
  const spread = spreadOf(seeds, ids, colors, text);
  const together = spread.lines.length > 0 ? seeds : [];
  const drawn = content([...otherLines(model, theme, ids, text, together), ...spread.lines]);
  return { ...drawn, gaps: [...spread.gaps, ...drawn.gaps] };
}

/** The findings of the focused run, at the step where they were made; what was known before is none of these. */
function findingMarks(model: Model, theme: Theme): Mark[] {
  const run = shownRuns(model).find(({ header }) => header.id === model.focus);
  if (!run) return [];
  const colors = { error: theme.error, warning: theme.warning, info: theme.dim };
  return run.header.findings
    .flatMap(({ severity, title, step }) => {
      const x = step ? stepPlace(run, step, model.axis) : Number.NaN;
      return Number.isFinite(x) ? [{ x, text: title, color: colors[severity] }] : [];
    })
    .sort((a, b) => a.x - b.x);
}

/** Where a step lies on the axis; in time, as if all steps had taken as long. */
function stepPlace({ numbers }: Run, step: number, axis: XAxis): number {
  if (axis === 'steps') return step;
  const whole = axis === 'epochs' ? numbers.epoch : numbers.elapsedSeconds;
  return numbers.step > 0 ? (step / numbers.step) * whole : Number.NaN;
}

/** A log that cannot be read is not read any more. */
function isRead({ runs, focus, settings }: Model): boolean {
  const run = runs.get(focus);
  return !run?.header.reading || run.header.damage !== null || settings.hidden.includes(focus);
}

const qualityTitle = (model: Model): string => {
  const name = model.runs.get(model.focus)?.header.quality ?? 'accuracy';
  return name.charAt(0).toUpperCase() + name.slice(1);
};

function emptyText(model: Model): string {
  const focus = model.runs.get(model.focus);
  if (model.settings.hidden.includes(model.focus)) return 'Hidden in the list of runs';
  if (focus?.header.damage?.whole) return 'Its log cannot be read';
  return focus && isLive(focus) ? 'Waiting for the first numbers…' : 'Nothing was recorded';
}

/** The axis ends where the last curve does, or will once its run has done all its epochs. */
function horizontalMax(model: Model, contents: Content[], axis: XAxis): number {
  const ends = contents.flatMap(({ lines }) => lines.map(({ x }) => x.at(-1) ?? 0));
  return Math.max(...ends, ...shownRuns(model).map((run) => planned(run, axis)), 0) || 1;
}

function planned(run: Run, axis: XAxis): number {
  const { epoch, epochs, step } = run.numbers;
  if (!isLive(run) || axis === 'time' || !Number.isFinite(epochs)) return 0;
  if (axis === 'epochs') return epochs;
  return epoch > 0 && Number.isFinite(step) ? Math.round((step / epoch) * epochs) : 0;
}
