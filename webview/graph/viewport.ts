import { drawn, element, icon } from '../dom.ts';
import { createIconButton } from '../toolkit.ts';

interface Size {
  width: number;
  height: number;
}

/** A drawing is never shown larger than this: its text would look like a poster's. */
const LARGEST = 1.25;
const LEAST = 0.2;
const MOST = 4;
const STEP = 1.25;
/** Pixels around it. */
const MARGIN = 14;

const PLUS = 'M7.5 3h1v4.5H13v1H8.5V13h-1V8.5H3v-1h4.5z';
const MINUS = 'M3 7.5h10v1H3z';
const FIT = 'M2 2h4v1H3v3H2zm8 0h4v4h-1V3h-3zM2 10h1v3h3v1H2zm11 0h1v4h-4v-1h3z';

/** A drawing that can be moved and enlarged: by buttons, keys, the wheel with Ctrl, and dragging. */
export class Viewport {
  readonly element: HTMLElement;
  readonly #svg: SVGSVGElement;
  readonly #scene: SVGGElement;
  #content: Size = { width: 1, height: 1 };
  #scale = 1;
  #x = 0;
  #y = 0;
  /** It is shown whole, and stays so when its room changes. */
  #fits = true;

  constructor(scene: SVGGElement) {
    this.#scene = scene;
    this.#svg = drawn('svg', { role: 'group', 'aria-label': 'Computational graph' }, scene);
    const button = (label: string, path: string, act: () => void) => {
      const made = createIconButton(label, icon(path));
      made.addEventListener('click', act);
      return made;
    };
    const tools = element(
      'div',
      { class: 'zoom' },
      button('Zoom out', MINUS, () => this.#zoom(1 / STEP)),
      button('Zoom in', PLUS, () => this.#zoom(STEP)),
      button('Zoom to fit', FIT, () => this.#fit()),
    );
    this.element = element('div', { class: 'viewport' });
    this.element.append(this.#svg, tools);
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.#svg.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    this.#svg.addEventListener('pointerdown', (event) => this.#drag(event));
    new ResizeObserver(() => this.#resized()).observe(this.#svg);
  }

  /** Shows another drawing whole. */
  show(content: Size): void {
    this.#content = content;
    this.#fits = true;
    this.#resized();
  }

  /** Moves as little as brings this point into sight. */
  reveal({ x, y }: { x: number; y: number }): void {
    const { clientWidth, clientHeight } = this.#svg;
    const room = 60;
    const [left, top] = [this.#x + x * this.#scale, this.#y + y * this.#scale];
    const into = (at: number, size: number) =>
      Math.max(room - at, 0) - Math.max(at - (size - room), 0);
    this.#move(into(left, clientWidth), into(top, clientHeight));
  }

  #resized(): void {
    if (this.#fits) this.#fit();
    else this.#apply();
  }

  #fit(): void {
    const { clientWidth } = this.#svg;
    if (clientWidth === 0) return;
    this.#fits = true;
    const { width, height } = this.#content;
    const highest = Math.max(260, window.innerHeight * 0.66);
    this.#scale = Math.min(
      LARGEST,
      (clientWidth - 2 * MARGIN) / width,
      (highest - 2 * MARGIN) / height,
    );
    const high = Math.max(150, height * this.#scale + 2 * MARGIN);
    this.#svg.style.height = `${high}px`;
    this.#x = (clientWidth - width * this.#scale) / 2;
    this.#y = (high - height * this.#scale) / 2;
    this.#apply();
  }

  /** Around a point of the element, its middle unless told. */
  #zoom(factor: number, x = this.#svg.clientWidth / 2, y = this.#svg.clientHeight / 2): void {
    const scale = Math.min(MOST, Math.max(LEAST, this.#scale * factor));
    const change = scale / this.#scale;
    this.#scale = scale;
    this.#x = x - (x - this.#x) * change;
    this.#y = y - (y - this.#y) * change;
    this.#fits = false;
    this.#apply();
  }

  #move(x: number, y: number): void {
    if (x === 0 && y === 0) return;
    this.#x += x;
    this.#y += y;
    this.#fits = false;
    this.#apply();
  }

  #apply(): void {
    this.#scene.setAttribute('transform', `translate(${this.#x} ${this.#y}) scale(${this.#scale})`);
  }

  #key(event: KeyboardEvent): void {
    const { key, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey) return;
    if (key === '+' || key === '=') this.#zoom(STEP);
    else if (key === '-') this.#zoom(1 / STEP);
    else if (key === '0') this.#fit();
    else return;
    event.preventDefault();
  }

  /** With Ctrl, as everywhere, and as touchpads report two fingers; else the page scrolls. */
  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const { left, top } = this.#svg.getBoundingClientRect();
    this.#zoom(Math.exp(-event.deltaY / 300), event.clientX - left, event.clientY - top);
  }

  #drag(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#svg.setPointerCapture(event.pointerId);
    const moved = ({ movementX, movementY }: PointerEvent) => this.#move(movementX, movementY);
    this.#svg.addEventListener('pointermove', moved);
    this.#svg.addEventListener(
      'lostpointercapture',
      () => this.#svg.removeEventListener('pointermove', moved),
      { once: true },
    );
  }
}
