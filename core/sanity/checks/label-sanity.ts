import { countClasses } from '../../data/statistics.ts';
import { number, percent } from '../../events/numbers.ts';
import { probeLabels } from '../../inspection/probes/labels.ts';
import { targetVariation } from '../../training/quality.ts';
import { type Check, type CheckOutcome, outcome } from '../check.ts';
import type { CheckContext } from '../context.ts';

/** The largest class over the smallest. SageMaker Debugger warns at 10 : 1, too. */
const MOST_UNEQUAL = 10;
/** Of fewer examples neighbours say nothing. */
const LEAST_EXAMINED = 100;
/** Agreement above chance, in standard errors: less is chance. */
const ERRORS = 3;
/** From the mean, in standard deviations. */
const OUTLIER = 10;

/** Classes that are absent or unequal, and labels that have nothing to do with the inputs. */
export const labelSanity: Check = {
  id: 'label-sanity',
  title: 'Labels are there, balanced and fit the inputs',
  run: (context) => (context.classified ? classes(context) : targets(context)),
};

function classes(context: CheckContext): CheckOutcome {
  const { dataset, seed, loss } = context;
  const names = dataset.classes ?? [];
  const counts = [...(dataset.statistics.classCounts ?? [])];
  const path = ['data', context.config.data.label === undefined ? 'source' : 'label'];
  const most = Math.max(...counts);
  const least = Math.min(...counts);
  const validated = dataset.validation && countClasses(dataset.validation, names.length);
  const absent = names.filter((_, i) => validated?.[i] === 0);
  const probe = probeLabels(dataset, seed);
  const evidence = {
    classes: names.slice(0, 100),
    counts: counts.slice(0, 100),
    agreement: probe?.agreement ?? null,
    chance: probe?.chance ?? null,
    examined: probe?.examined ?? 0,
  };
  if (least === 0) {
    const missing = names.filter((_, i) => counts[i] === 0);
    const message = `No training example has the class ${quoted(missing)}: it cannot be learned. Give some, or leave the class out.`;
    return outcome('fail', path, message, evidence);
  }
  if (probe && probe.examined >= LEAST_EXAMINED) {
    const { agreement, chance, examined } = probe;
    const error = Math.sqrt((chance * (1 - chance)) / examined);
    if (agreement < chance + ERRORS * error) {
      const message = `The nearest other example has the same label in ${percent(agreement)} of ${examined} cases, and chance alone gives ${percent(chance)}: the labels seem to have nothing to do with the inputs. Look whether they were shuffled, shifted, or belong to another file.`;
      return outcome('warn', path, message, { ...evidence, threshold: chance + ERRORS * error });
    }
  }
  const isWeighted = loss.type === 'softmaxCrossEntropy' && loss.classWeights !== undefined;
  if (most > MOST_UNEQUAL * least && !isWeighted) {
    const [large, small] = [most, least].map((n) => quoted([names[counts.indexOf(n)]!]));
    const message = `There are ${number(most / least)} times as many examples of ${large} (${most}) as of ${small} (${least}): always saying ${large} is right in ${percent(most / sum(counts))} of the cases. Weigh the classes, and judge by more than accuracy.`;
    const weights = { type: 'softmaxCrossEntropy', classWeights: 'balanced' };
    const fixes =
      loss.type === 'softmaxCrossEntropy'
        ? [{ title: 'Weigh classes alike', edits: [{ path: ['loss'], value: weights }] }]
        : [];
    return outcome('warn', ['loss'], message, { ...evidence, threshold: MOST_UNEQUAL }, fixes);
  }
  if (absent.length > 0) {
    const message = `No validation example has the class ${quoted(absent)}: how well it is learned is not seen. Validate with more examples.`;
    return outcome('warn', ['data', 'validation'], message, evidence);
  }
  const agreement =
    probe && probe.examined >= LEAST_EXAMINED
      ? `; a nearest neighbour has the same label in ${percent(probe.agreement)} of the cases (chance: ${percent(probe.chance)})`
      : '';
  const message = `${names.length} classes of ${least.toLocaleString('en-US')} to ${most.toLocaleString('en-US')} training examples${agreement}.`;
  return outcome('pass', path, message, evidence);
}

function targets({ dataset, config }: CheckContext): CheckOutcome {
  const { train, outputs } = dataset;
  const path = ['data', config.data.label === undefined ? 'source' : 'label'];
  const values = train.store.targets!;
  const count = train.indices.length;
  const variation = targetVariation(train, outputs)!;
  const evidence = { examples: count, std: Math.sqrt(variation / (count * outputs)) };
  if (!Number.isFinite(variation)) {
    return outcome(
      'fail',
      path,
      'Some targets are missing or not finite: every cost they touch becomes NaN. Fill them in, or remove these rows.',
      evidence,
    );
  }
  if (variation === 0) {
    return outcome(
      'fail',
      path,
      'All targets are the same: there is nothing to predict.',
      evidence,
    );
  }
  let outliers = 0;
  for (let k = 0; k < outputs; k++) {
    const ofOutput = Array.from(train.indices, (row) => values[row * outputs + k]!);
    const mean = sum(ofOutput) / count;
    const std = Math.sqrt(sum(ofOutput.map((t) => (t - mean) ** 2)) / count);
    outliers += ofOutput.filter((t) => Math.abs(t - mean) > OUTLIER * std).length;
  }
  if (outliers > 0) {
    const message = `${outliers} ${outliers === 1 ? 'target is' : 'targets are'} more than ${OUTLIER} standard deviations from the mean: with squared errors they drown all others. Look at them, or use the huber loss.`;
    const fixes = [{ title: 'Use the huber loss', edits: [{ path: ['loss'], value: 'huber' }] }];
    const isSquared = config.loss?.type === 'meanSquaredError';
    return outcome(
      'warn',
      ['loss'],
      message,
      { ...evidence, outliers, threshold: OUTLIER },
      isSquared ? fixes : [],
    );
  }
  const message = `${count.toLocaleString('en-US')} targets, all finite, of standard deviation ${number(evidence.std)}.`;
  return outcome('pass', path, message, evidence);
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function quoted(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => JSON.stringify(name));
  return shown.join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');
}
