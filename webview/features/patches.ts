import { element, setText } from '../dom.ts';
import { exportButton } from '../export/button.ts';
import type { Exportable } from '../export/exportable.ts';
import { brief, count } from '../format.ts';
import type { Answers } from '../protocol.ts';
import type { Theme } from '../theme.ts';
import { unitName } from './layer-maps.ts';
import { exportablePicture, Picture } from './picture.ts';
import type { Subject, Tools } from './section.ts';
import { patchesTable } from './tables.ts';
import { Work } from './work.ts';

const COUNT = 12;
/** The longer side of the largest patch. Pixels. */
const SIDE = 64;

/** The patches of training images that excite a unit most. */
export class Patches {
  readonly element: HTMLElement;
  readonly #tools: Tools;
  readonly #refusal = element('p', { class: 'refusal' });
  readonly #work = new Work('Looking at all training examples');
  readonly #list = element('div', { class: 'patches', role: 'list' });
  #pictures: Picture[] = [];
  /** What is drawn, and what it is called. */
  #shown: { name: string; patches: Answers['patches']; channels: number } | null = null;
  #theme: Theme;
  /** What is shown, or asked for. */
  #key = '';

  constructor(tools: Tools, theme: Theme) {
    this.#tools = tools;
    this.#theme = theme;
    this.element = element('div');
    const button = exportButton(this.element, 'what excites it most', () => this.#exportable());
    const title = element('h3', { text: 'What excites it most in the training examples?' });
    this.element.append(
      element('div', { class: 'titled' }, title, button),
      this.#refusal,
      this.#work.element,
      this.#list,
    );
  }

  show({ facts }: Subject, layer: number, unit: number): void {
    const refusal = facts.refused.patches;
    this.#refusal.hidden = refusal === undefined;
    setText(this.#refusal, refusal ?? '');
    if (refusal === undefined && this.#key !== `${layer} ${unit}`)
      void this.#ask(facts, layer, unit);
  }

  hide(): void {
    // What was not finished is asked for anew.
    if (this.#pictures.length === 0) this.#key = '';
    this.#work.stop();
  }

  paint(theme: Theme): void {
    this.#theme = theme;
    for (const picture of this.#pictures) picture.paint(theme);
  }

  async #ask(facts: Subject['facts'], layer: number, unit: number): Promise<void> {
    this.#key = `${layer} ${unit}`;
    this.#pictures = [];
    this.#shown = null;
    this.#list.replaceChildren();
    const query = { type: 'patches', part: 'train', layer, unit, count: COUNT } as const;
    const found = await this.#work.run((options) => this.#tools.ask(query, options));
    if (!found) return;
    const of = facts.layers[layer]!;
    const name = `what excites ${unitName(of, unit)} of ${of.label} most`;
    this.#shown = { name, patches: found, channels: facts.inputShape[2]! };
    this.#draw(facts, found);
  }

  #exportable(): Exportable | null {
    if (!this.#shown || this.#shown.patches.length === 0) return null;
    const { name, patches, channels } = this.#shown;
    const pictures = patches.map(({ value }, i) => [brief(value), this.#pictures[i]!] as const);
    return {
      name,
      table: () => patchesTable(name, patches, channels),
      picture: exportablePicture(name, pictures, this.#theme),
    };
  }

  #draw({ inputShape, range }: Subject['facts'], patches: Answers['patches']): void {
    const extent = (patch: Answers['patches'][number]) =>
      Math.max(patch.box.height, patch.box.width, 1);
    const largest = Math.max(...patches.map(extent), 1);
    const items = patches.map((patch) => {
      const { index, value, box, pixels } = patch;
      const picture = new Picture((SIDE * extent(patch)) / largest, brief(value));
      const name = `training example ${count(index)}, value ${brief(value)}`;
      const shape = [box.height, box.width, inputShape[2]!];
      if (pixels.length > 0)
        picture.show(
          { values: pixels, shape, look: { as: 'image', range }, label: name },
          this.#theme,
        );
      this.#pictures.push(picture);
      const button = element(
        'button',
        { type: 'button', title: `${name}: choose it`, 'aria-label': `Choose ${name}` },
        picture.element,
      );
      button.addEventListener('click', () => this.#tools.choose({ part: 'train', index }));
      return element('div', { role: 'listitem' }, button);
    });
    this.#list.replaceChildren(...items);
  }
}
