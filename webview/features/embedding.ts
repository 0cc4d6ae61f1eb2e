import { fourthsOf, type Group, groupsOf } from '../../core/inspection/explorer/groups.ts';
import { Choices } from '../choices.ts';
import { element, setText } from '../dom.ts';
import { exportButton } from '../export/button.ts';
import { type Exportable, pixelSvg } from '../export/exportable.ts';
import { brief, count } from '../format.ts';
import type { Answers, ExplorerFacts, ExplorerLayer, Part } from '../protocol.ts';
import type { Theme } from '../theme.ts';
import { cellName, className, percent } from './bars.ts';
import { firstOf } from './card.ts';
import { classColor, classMarker, valueColor } from './dot-colors.ts';
import { GroupTable } from './group-table.ts';
import { Picture } from './picture.ts';
import { Scatter } from './scatter.ts';
import type { Section, Subject, Tools } from './section.ts';
import { Select } from './select.ts';
import { embeddingTable } from './tables.ts';
import { Thumbnails } from './thumbnails.ts';
import { Work } from './work.ts';

const METHODS = ['PCA', 't-SNE'] as const;
type Method = (typeof METHODS)[number];
const COUNTS = ['250', '500', '1000'] as const;
/** Layers that compute with weights what the network says. */
const WEIGHTED = ['dense', 'conv2d', 'dropConnect', 'maxout'];
/** Values of a row that is no image. */
const LISTED = 6;

/** What is shown: the answer and what was asked. */
interface Shown {
  part: Part;
  key: string;
  /** Its label. */
  layer: string;
  answer: Answers['embedding'];
  predictions: Answers['predictions'] | null;
}

/** Examples as dots: near each other where a layer's features are alike. */
export class Embedding implements Section {
  readonly element: HTMLElement;
  readonly #tools: Tools;
  readonly #layer = new Select('features of', () => void this.#ask());
  readonly #how: Choices<Method>;
  readonly #many: Choices<(typeof COUNTS)[number]>;
  readonly #work = new Work('Laying out the examples');
  readonly #looking = new Work('Looking at all examples');
  readonly #words = element('p', { class: 'said' });
  readonly #key = element('p', { class: 'note' });
  readonly #scatter: Scatter;
  readonly #picture = new Picture(112);
  readonly #pointed = element('p', { class: 'note' });
  readonly #body: HTMLElement;
  readonly #table = new GroupTable();
  #thumbnails: Thumbnails | null = null;
  #method: Method = 'PCA';
  #count: (typeof COUNTS)[number] = '500';
  #subject: Subject | null = null;
  #shown: Shown | null = null;
  #groups: Grouping | null = null;
  /** Place of the dot that is pointed at. */
  #place: number | null = null;
  #theme: Theme;

  constructor(tools: Tools, theme: Theme) {
    this.#tools = tools;
    this.#theme = theme;
    this.#how = new Choices({ title: '', label: 'Method', name: 'embedding' }, METHODS, (how) => {
      this.#method = how;
      void this.#ask();
    });
    this.#many = new Choices(
      { title: 'examples', label: 'Number of examples', name: 'embedded' },
      COUNTS,
      (many) => {
        this.#count = many;
        void this.#ask();
      },
    );
    this.#how.update(this.#method);
    this.#many.update(this.#count);
    this.#scatter = new Scatter(
      'Examples as dots: arrow keys go to the next, Enter chooses',
      theme,
      {
        pointed: (place) => this.#point(place),
        chosen: (place) => {
          const { part, answer } = this.#shown!;
          tools.choose({ part, index: answer.indices[place]! });
        },
        words: (place) => this.#saidOf(place),
      },
    );
    const beside = element('div', { class: 'dot' }, this.#picture.element, this.#pointed);
    this.#body = element('div', { class: 'embedding' }, this.#scatter.element, beside);
    this.element = element('div');
    const button = exportButton(this.element, 'the embedding', () => this.#exportable());
    this.element.append(
      element(
        'div',
        { class: 'tools' },
        this.#layer.element,
        this.#how.element,
        this.#many.element,
        button,
      ),
      this.#work.element,
      this.#looking.element,
      this.#words,
      this.#key,
      this.#body,
      this.#table.element,
    );
    this.#body.hidden = this.#table.element.hidden = true;
  }

  show(subject: Subject): void {
    const { facts } = subject;
    if (!this.#subject) {
      this.#layer.offer(facts.layers.map(({ label }, layer) => [String(layer), label] as const));
      this.#layer.choose(String(lastHidden(facts.layers)));
      this.#thumbnails = new Thumbnails(this.#tools.ask, facts, () => this.#point(this.#place));
    }
    this.#subject = subject;
    this.#draw();
    void this.#ask();
  }

  hide(): void {
    this.#work.stop();
    this.#looking.stop();
    this.#thumbnails?.stop();
  }

  paint(theme: Theme): void {
    this.#theme = theme;
    this.#picture.paint(theme);
    this.#draw();
  }

  async #ask(): Promise<void> {
    const { example, facts } = this.#subject!;
    const { part } = example;
    const query = {
      type: 'embedding',
      part,
      layer: Number(this.#layer.value),
      method: this.#method === 'PCA' ? 'pca' : 'tsne',
      examples: Number(this.#count),
    } as const;
    const key = JSON.stringify(query);
    if (this.#shown?.key !== key) {
      this.#looking.stop();
      const answer = await this.#work.run((options) => this.#tools.ask(query, options));
      if (!answer) return;
      const { label } = facts.layers[query.layer]!;
      this.#shown = { part, key, layer: label, answer, predictions: null };
      this.#group();
    } else {
      this.#work.stop();
    }
    const shown = this.#shown;
    if (shown.predictions) return;
    const found = await this.#looking.run((options) => this.#tools.predictions(part, options));
    if (!found || this.#shown !== shown) return;
    shown.predictions = found;
    this.#group();
  }

  /** Puts into words and groups what has come. */
  #group(): void {
    const { answer, predictions } = this.#shown!;
    const { facts } = this.#subject!;
    this.#groups = groupingOf(facts, answer, predictions);
    this.#body.hidden = false;
    this.#table.element.hidden = !this.#groups;
    if (this.#groups) this.#table.show(this.#groups.what, this.#groups.names, this.#groups.groups);
    setText(this.#words, `${this.#summary()} Near dots are alike.`);
    setText(this.#key, keyOf(facts, this.#groups, this.#wrong().length, predictions !== null));
    this.#place = null;
    this.#point(null);
    this.#draw();
  }

  #summary(): string {
    const { part, layer, answer } = this.#shown!;
    const { examples } = this.#subject!.facts;
    const { indices, explained, divergence, perplexity } = answer;
    const which = `${count(indices.length)} of ${count(examples[part])} ${part} examples by the features of ${layer}`;
    if (explained?.some(Number.isNaN)) return `${which}: it gives the same for all of them.`;
    return explained
      ? `${which}: the two axes hold ${percent(explained[0])} and ${percent(explained[1])} of their variance.`
      : `${which}: t-SNE with about ${brief(perplexity!)} neighbours, a divergence of ${brief(divergence!)} is left. How far groups are apart means little.`;
  }

  #exportable(): Exportable | null {
    if (!this.#shown) return null;
    const { facts } = this.#subject!;
    const { part, layer, answer, predictions } = this.#shown;
    const by = answer.explained ? 'PCA' : 't-SNE';
    const name = `embedding of ${part} examples by ${layer}, ${by}`;
    const { canvas } = this.#scatter;
    return {
      name,
      table: () => embeddingTable(name, facts, answer, predictions),
      picture: { of: 'pixels', svg: () => pixelSvg(name, [canvas], this.#theme) },
    };
  }

  /** Places of the misclassified. */
  #wrong(): number[] {
    const { answer, predictions } = this.#shown!;
    if (predictions?.task !== 'classification') return [];
    const { predicted, labels } = predictions;
    const places = [...answer.indices.keys()];
    return places.filter((place) => {
      const index = answer.indices[place]!;
      return predicted[index] !== labels[index];
    });
  }

  #draw(): void {
    if (!this.#shown || !this.#subject) return;
    const { part, answer } = this.#shown;
    const { example, facts } = this.#subject;
    const theme = this.#theme;
    const places = [...answer.indices.keys()];
    const shares = this.#groups?.shares;
    const { labels } = answer;
    const isClass = facts.classes !== null;
    this.#scatter.show(
      {
        points: answer.points,
        colors: places.map((place) => {
          if (isClass) return classColor(labels[place]!, theme);
          return shares ? valueColor(shares[place]!, theme) : theme.other;
        }),
        markers: places.map((place) => classMarker(isClass ? labels[place]! : 0)),
        ringed: this.#wrong(),
        chosen: part === example.part ? answer.indices.indexOf(example.index) : -1,
        labels: isClass ? this.#labels() : [],
      },
      theme,
    );
  }

  /** Names of the classes, the largest first. */
  #labels() {
    const { groups, names } = this.#groups!;
    return [...groups.entries()]
      .filter(([, { count }]) => count > 0)
      .sort(([, a], [, b]) => b.count - a.count)
      .map(([k, { center }]) => ({
        text: names[k]!,
        at: center,
        color: classColor(k, this.#theme),
      }));
  }

  #point(place: number | null): void {
    this.#place = place;
    const { facts } = this.#subject!;
    if (place === null || !this.#shown) {
      this.#picture.show(null, this.#theme);
      setText(this.#pointed, 'Point at a dot to see its example; click to choose it.');
      return;
    }
    const { part, answer } = this.#shown;
    const index = answer.indices[place]!;
    const { inputShape: shape, range } = facts;
    const small = this.#thumbnails!.get(part, index);
    const row = small && shape.length === 1 ? `: ${firstOf(small.values, LISTED)}` : '';
    setText(this.#pointed, `${this.#saidOf(place)}${row}`);
    const label = `${part} example ${count(index)}`;
    const isImage = small && shape.length === 3;
    const look = { as: 'image', range } as const;
    this.#picture.show(isImage ? { values: small.values, shape, look, label } : null, this.#theme);
    if (!small) void this.#thumbnails!.want(part, [index]);
  }

  /** An example in words. */
  #saidOf(place: number): string {
    const { facts } = this.#subject!;
    const { part, answer, predictions } = this.#shown!;
    const index = answer.indices[place]!;
    const name = `${part} example ${count(index)}`;
    if (predictions?.task === 'regression')
      return `${name}: true ${brief(predictions.targets[index * facts.outputs]!)}, said ${brief(predictions.outputs[index * facts.outputs]!)}`;
    const label = answer.labels[place]!;
    if (label < 0) return name;
    if (!predictions) return `${name}: true ${className(facts, label)}`;
    return `${name}: ${cellName(facts, { label, predicted: predictions.predicted[index]! })}`;
  }
}

/** The last layer whose output the deciding layer takes in. */
export function lastHidden(layers: readonly ExplorerLayer[]): number {
  return Math.max(0, layers.findLastIndex(({ kind }) => WEIGHTED.includes(kind)) - 1);
}

/** Classes, or fourths of the target values. */
interface Grouping {
  what: string;
  names: string[];
  groups: Group[];
  /** Of values: where between the lowest and the highest each lies, 0 … 1; of classes null. */
  shares: Float32Array | null;
  range: readonly [low: number, high: number] | null;
}

/** Null while the values of the targets are not known. */
function groupingOf(
  facts: ExplorerFacts,
  { points, labels, indices }: Answers['embedding'],
  predictions: Answers['predictions'] | null,
): Grouping | null {
  if (facts.classes) {
    const names = facts.classes.map((_, k) => className(facts, k));
    const groups = groupsOf(points, labels, names.length);
    return { what: 'class', names, groups, shares: null, range: null };
  }
  if (predictions?.task !== 'regression') return null;
  const values = Float32Array.from(indices, (i) => predictions.targets[i * facts.outputs]!);
  const { groups, fourths } = fourthsOf(values);
  const range = [
    values.reduce((a, b) => Math.min(a, b)),
    values.reduce((a, b) => Math.max(a, b)),
  ] as const;
  return {
    what: 'fourth by target value',
    names: fourths.map(({ low, high }) => `${brief(low)} … ${brief(high)}`),
    groups: groupsOf(points, groups, fourths.length),
    shares: values.map((value) => (value - range[0]) / (range[1] - range[0] || 1)),
    range,
  };
}

/** What colors and rings mean. */
function keyOf(
  facts: ExplorerFacts,
  grouping: Grouping | null,
  wrong: number,
  isKnown: boolean,
): string {
  if (grouping?.range) {
    const [low, high] = grouping.range.map(brief);
    const which = facts.outputs > 1 ? 'The first target value' : 'The target value';
    return `${which}: blue is low (${low}), orange high (${high}). There are no classes: the network predicts values.`;
  }
  if (!facts.classes) return '';
  const rings = isKnown ? ` A ring: misclassified (${count(wrong)}).` : '';
  return `A color a class; its name stands in the middle of its dots.${rings} A thick ring: the chosen example.`;
}
