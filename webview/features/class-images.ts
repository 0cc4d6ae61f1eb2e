import { element, setAttribute, setText } from '../dom.ts';
import { exportButton } from '../export/button.ts';
import type { Exportable } from '../export/exportable.ts';
import { brief } from '../format.ts';
import type { Answers } from '../protocol.ts';
import type { Theme } from '../theme.ts';
import { className, probability } from './bars.ts';
import type { AskOptions } from './client.ts';
import { exportablePicture, Picture } from './picture.ts';
import type { Section, Subject, Tools } from './section.ts';
import { Select } from './select.ts';
import { imagesTable } from './tables.ts';
import { Work } from './work.ts';

const STEPS = 100;
const RATE = 0.02;
/** The slider's right end: how far each step goes back to the mean image, and the blur in pixels. */
const MOST = { l2: 0.05, blur: 1.25 };
const PLACES = 50;

/** What made an image, and what the network says of it; null where it gives no probabilities. */
interface Way {
  l2: number;
  blur: number;
  probability: number | null;
}

/** Images that the network takes for a class, by gradient ascent. */
export class ClassImages implements Section {
  readonly element: HTMLElement;
  readonly #tools: Tools;
  readonly #class = new Select('class', () => {});
  readonly #slider = element('input', { type: 'range', min: '0', max: String(PLACES), step: '1' });
  readonly #amount = element('output', { class: 'value' });
  readonly #work = new Work('Climbing');
  readonly #images = element('div', { class: 'pictures' });
  /** By class. */
  readonly #made = new Map<number, { picture: Picture; values: Float32Array; way: Way }>();
  #subject: Subject | null = null;
  #theme: Theme;

  constructor(tools: Tools, theme: Theme) {
    this.#tools = tools;
    this.#theme = theme;
    const button = (text: string, classes: () => number[]) => {
      const made = element('button', { type: 'button', class: 'action', text });
      made.addEventListener('click', () => void this.#make(classes()));
      return made;
    };
    this.#slider.value = '20';
    this.#slider.addEventListener('input', () => this.#tellAmount());
    this.element = element('div');
    const save = exportButton(this.element, 'the images of classes', () => this.#exportable());
    this.element.append(
      element(
        'div',
        { class: 'tools' },
        this.#class.element,
        button('Make an image of it', () => [Number(this.#class.value)]),
        button('Make one of each class', () => [...this.#subject!.facts.classes!.keys()]),
        save,
      ),
      element(
        'div',
        { class: 'tools' },
        element('label', { class: 'scrubber' }, 'regularization', this.#slider, this.#amount),
      ),
      element('p', {
        class: 'note',
        text: 'Gradient ascent on the score of the class, from the mean of the training images. Without regularization high frequencies win.',
      }),
      this.#work.element,
      this.#images,
    );
    this.#tellAmount();
  }

  show(subject: Subject): void {
    const { facts, answer } = subject;
    if (!this.#subject) {
      this.#class.offer(facts.classes!.map((_, k) => [String(k), className(facts, k)] as const));
      this.#class.choose(String(answer.label ?? 0));
    }
    this.#subject = subject;
  }

  hide(): void {
    this.#work.stop();
  }

  paint(theme: Theme): void {
    this.#theme = theme;
    for (const { picture } of this.#made.values()) picture.paint(theme);
  }

  get #regularization(): { l2: number; blur: number } {
    const share = Number(this.#slider.value) / PLACES;
    return { l2: share * MOST.l2, blur: share * MOST.blur };
  }

  #tellAmount(): void {
    const { l2, blur } = this.#regularization;
    const text = `each step shrinks by ${brief(100 * l2)} %, blur ${brief(blur)} pixels`;
    setText(this.#amount, text);
    setAttribute(this.#slider, 'aria-valuetext', text);
  }

  get #inOrder() {
    return [...this.#made].sort(([a], [b]) => a - b);
  }

  #exportable(): Exportable | null {
    if (!this.#subject || this.#made.size === 0) return null;
    const { facts } = this.#subject;
    const made = this.#inOrder.map(([output, image]) => ({
      ...image,
      name: className(facts, output),
    }));
    const name = 'images of classes';
    const images = made.map(
      ({ name, values, way: { l2, blur, probability } }) =>
        [name, values, { l2, 'blur (pixels)': blur, probability }] as const,
    );
    const pictures = made.map(({ name, picture }) => [name, picture] as const);
    return {
      name,
      table: () => imagesTable(name, 'class', facts.inputShape, images),
      picture: exportablePicture(name, pictures, this.#theme),
    };
  }

  async #make(classes: readonly number[]): Promise<void> {
    const way = { steps: STEPS, rate: RATE, ...this.#regularization, jitter: 1, seed: 1 };
    await this.#work.run(async ({ signal, onProgress }: AskOptions) => {
      for (const [done, output] of classes.entries()) {
        const options = {
          signal,
          onProgress: (share: number) => onProgress?.((done + share) / classes.length),
        };
        const found = await this.#tools.ask({ type: 'classImage', output, ...way }, options);
        this.#add(output, found, way);
      }
    });
  }

  #add(
    output: number,
    { input, probabilities, scores, predicted }: Answers['classImage'],
    { l2, blur }: Omit<Way, 'probability'>,
  ): void {
    const { facts } = this.#subject!;
    const { inputShape: shape, range } = facts;
    const name = className(facts, output);
    const picture = this.#made.get(output)?.picture ?? new Picture(112);
    const share = probabilities
      ? `probability ${probability(probabilities[output]!)}`
      : `taken for ${className(facts, predicted!)}`;
    picture.show(
      { values: input, shape, look: { as: 'image', range }, label: `Image of ${name}` },
      this.#theme,
      `${name} · ${share}\nscore ${brief(scores[0]!)} → ${brief(scores.at(-1)!)}`,
    );
    const way = { l2, blur, probability: probabilities?.[output] ?? null };
    this.#made.set(output, { picture, values: input, way });
    this.#images.replaceChildren(...this.#inOrder.map(([, { picture }]) => picture.element));
  }
}
