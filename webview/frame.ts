/** Milliseconds between two redraws: at most 10 a second. */
const INTERVAL = 100;

/**
 * Gathers requests to redraw into at most one per animation frame and 10 a second. A hidden page has
 * no animation frames, so it draws nothing; the pending request is met when it shows again.
 */
export class Redraw {
  readonly #draw: () => void;
  #pending = false;
  #last = Number.NEGATIVE_INFINITY;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  request(): void {
    if (this.#pending) return;
    this.#pending = true;
    const wait = this.#last + INTERVAL - performance.now();
    if (wait > 0) setTimeout(() => this.#nextFrame(), wait);
    else this.#nextFrame();
  }

  #nextFrame(): void {
    requestAnimationFrame(() => {
      this.#pending = false;
      this.#last = performance.now();
      this.#draw();
    });
  }
}
