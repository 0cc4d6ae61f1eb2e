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
  readonly #axes = new Map<XAxis, HTMLInputElement>();

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
    const axis = element(
      'span',
      { class: 'axis', role: 'radiogroup', 'aria-label': 'Horizontal axis' },
      'x',
    );
    for (const name of AXES) {
      const radio = element('input', { type: 'radio', name: 'x-axis', value: name });
      radio.addEventListener('change', () => changed({ xAxis: name }));
      axis.append(element('label', { class: 'choice' }, radio, name));
      this.#axes.set(name, radio);
    }
    this.element = element('span', { class: 'tools' }, this.#log, smooth, axis);
  }

  update(settings: ViewSettings): void {
    setAttribute(this.#log, 'aria-pressed', String(settings.logLoss));
    // while it is dragged, what comes back from the host is already old
    if (!this.#smoothing.matches(':active')) this.#smoothing.value = String(settings.smoothing);
    setText(this.#smoothingText, settings.smoothing.toFixed(2));
    for (const [name, radio] of this.#axes) radio.checked = name === settings.xAxis;
  }
}
