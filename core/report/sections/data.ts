import type { Cell } from '../chart/table.ts';
import { details, facts, missing, tableOf } from '../figure.ts';
import { brief, count } from '../format.ts';
import { type Markup, markup } from '../markup.ts';
import type { ReportSource } from '../source.ts';

const MOST_FEATURES = 200;

/** What it was trained on. */
export function dataSection({ history }: ReportSource): Markup {
  const { data } = history;
  if (!data)
    return markup`<section><h2>Data</h2>${missing('The log tells nothing of its data.')}</section>`;
  const { trainExamples, validationExamples, classes, classCounts, mean, std, min, max } = data;
  const features = mean.length;
  const entries: [string, string][] = [
    ['training examples', count(trainExamples)],
    ['validation examples', count(validationExamples)],
    ['features', count(features)],
    ['range', features > 0 ? `${brief(least(min))} … ${brief(most(max))}` : '–'],
    ['missing or non-finite', count(data.nonFinite)],
  ];
  const ofClasses =
    classes &&
    details(
      `${count(classes.length)} classes`,
      tableOf({
        columns: ['class', 'training examples', 'share'],
        rows: classes.map((name, i): Cell[] => {
          const examples = classCounts?.[i] ?? Number.NaN;
          return [name, examples, `${(100 * (examples / trainExamples)).toFixed(1)} %`];
        }),
      }),
    );
  const shown = Math.min(features, MOST_FEATURES);
  const ofFeatures = details(
    shown < features ? `The first ${shown} of ${count(features)} features` : 'Features',
    tableOf({
      columns: ['feature', 'mean', 'std', 'min', 'max'],
      rows: Array.from({ length: shown }, (_, i): Cell[] => [
        ...[String(i + 1), mean[i]!, std[i]!, min[i]!, max[i]!],
      ]),
    }),
  );
  return markup`<section><h2>Data</h2>${facts(entries)}${ofClasses}${ofFeatures}</section>`;
}

const least = (values: Float64Array) => values.reduce((a, b) => Math.min(a, b));
const most = (values: Float64Array) => values.reduce((a, b) => Math.max(a, b));
