import { Choices } from '../choices.ts';
import { element, setAttribute, setText } from '../dom.ts';
import type { ViewSettings, XAxis } from '../protocol.ts';

const AXES: readonly XAxis[] = ['epochs', 'steps', 'time'];
/** The slider's right end: an average over about a hundred batches. */
const MOST_SMOOTHING = 0.99;

/** What the user chooses about the curves: in the caption of the loss. */
export class Tools {
  readonly element: HTMLElement;
  readonly #log: HTMLButtonElement;
  readonly #smoothing: HTMLInputElement;
  readonly #smoothingText = element('output', { class: 'value' });
  readonly #axis: Choices<XAxis>;

  constructor(changed: (change: Partial<ViewSettings>) => void) {
    this.#log = element('button', {
      type: 'button',
      class: 'choice',
      text: 'log',
      title: 'Logarithmic loss axis',
    });
    this.#log.addEventListener('click', () => {
      changed({ logLoss: this.#log.getAttribute('aria-pressed') !== 'true' });
    });
    this.#smoothing = element('input', {
      type: 'range',
      min: '0',
      max: String(MOST_SMOOTHING),
      step: '0.01',
      title: 'Weight of the past in the smoothed loss: 0 is off',
    });
    this.#smoothing.addEventListener('input', () => {
      changed({ smoothing: Number(this.#smoothing.value) });
    });
    const smooth = element(
      'label',
      { class: 'smooth' },
      'smooth',
      this.#smoothing,
      this.#smoothingText,
    );
    this.#axis = new Choices(
      { title: 'x', label: 'Horizontal axis', name: 'x-axis' },
      AXES,
      (xAxis) => changed({ xAxis }),
    );
    this.element = element('span', { class: 'tools' }, this.#log, smooth, this.#axis.element);
  }

  update(settings: ViewSettings): void {
    setAttribute(this.#log, 'aria-pressed', String(settings.logLoss));
    // while it is dragged, what comes back from the host is already old
    if (!this.#smoothing.matches(':active')) this.#smoothing.value = String(settings.smoothing);
    setText(this.#smoothingText, settings.smoothing.toFixed(2));
    this.#axis.update(settings.xAxis);
  }
}
