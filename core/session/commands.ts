import type { ControlEvent } from '../events/run-event.ts';
import type { Control } from './control.ts';
import type { RunCommand } from './protocol.ts';

/** While paused, this often the run shows that it is alive. */
const PAUSE_BEAT_MS = 1000;

type Action = ControlEvent['action'];

/** What the user's commands have made of a run: paused, stopping, another learning rate. */
export class Commands {
  stopping = false;
  paused = false;
  /** The learning rate from the next step on, where the user has set one. */
  learningRate: number | null = null;
  /** Milliseconds that the run has spent paused. */
  pausedTime = 0;

  readonly #control: Control;
  readonly #carriedOut: (action: Action, value?: number) => void;
  readonly #beat: () => void;

  /**
   * `carriedOut` is called for each command that changed something, before it is answered; `beat`
   * about each second of a pause.
   */
  constructor(
    control: Control,
    carriedOut: (action: Action, value?: number) => void,
    beat: () => void,
  ) {
    this.#control = control;
    this.#carriedOut = carriedOut;
    this.#beat = beat;
  }

  /** Carries out what has come; blocks while paused. True: training is to end. */
  poll(): boolean {
    this.carryOut();
    if (this.paused && !this.stopping) this.#hold();
    return this.stopping;
  }

  /** Carries out what has come, without waiting for a pause to end. */
  carryOut(): void {
    for (let next = this.#control.take(); next; next = this.#control.take()) {
      next.answer(this.#apply(next.command));
    }
  }

  #hold(): void {
    const began = performance.now();
    while (this.paused && !this.stopping) {
      this.#control.wait(PAUSE_BEAT_MS);
      this.carryOut();
      this.#beat();
    }
    this.pausedTime += performance.now() - began;
  }

  #apply(command: RunCommand): string | null {
    if (this.stopping) return command.type === 'stop' ? null : 'This run is stopping.';
    switch (command.type) {
      case 'pause':
      case 'resume': {
        const pause = command.type === 'pause';
        if (this.paused === pause) return null;
        this.paused = pause;
        break;
      }
      case 'stop':
        this.stopping = true;
        break;
      case 'learningRate':
        if (!(command.value > 0 && command.value < Number.POSITIVE_INFINITY)) {
          return `A learning rate is a number above 0, such as 0.01; found ${command.value}.`;
        }
        this.learningRate = command.value;
        this.#carriedOut('learningRate', command.value);
        return null;
    }
    this.#carriedOut(command.type);
    return null;
  }
}
