import type {
  Disagreement,
  DisputedInputs,
  EnsembleBegun,
  EnsembleEvent,
  EnsembleFinished,
  EnsembleRow,
  LeftOut,
  MemberProgress,
  MemberTrained,
} from './protocol.ts';

/** What is known of an ensemble, from what it told so far. Pure: views keep one too. */
export class EnsembleState {
  begun: EnsembleBegun | null = null;
  readonly leftOut: LeftOut[] = [];
  /** By number: the last epoch of each member. */
  readonly progress = new Map<number, MemberProgress>();
  readonly members = new Map<number, MemberTrained>();
  readonly rows: EnsembleRow[] = [];
  disagreement: Disagreement | null = null;
  inputs: DisputedInputs | null = null;
  finished: EnsembleFinished | null = null;

  see(event: EnsembleEvent): void {
    switch (event.type) {
      case 'begun':
        this.begun = event;
        break;
      case 'progress':
        this.progress.set(event.number, event);
        break;
      case 'leftOut':
        this.leftOut.push(event);
        break;
      case 'member':
        this.members.set(event.number, event);
        break;
      case 'ensemble':
        this.rows.push(event);
        break;
      case 'disagreement':
        this.disagreement = event;
        break;
      case 'inputs':
        this.inputs = event;
        break;
      case 'ensembles':
        this.finished = event;
        break;
    }
  }

  /** Brings another to the same state. */
  events(): EnsembleEvent[] {
    return [
      this.begun,
      ...this.leftOut,
      ...this.progress.values(),
      ...this.members.values(),
      ...this.rows,
      this.disagreement,
      this.inputs,
      this.finished,
    ].filter((event) => event !== null);
  }

  /** Of all epochs of all runs, what has been trained: 0 to 1. */
  get share(): number {
    if (this.finished) return 1;
    return Math.max(0, ...[...this.progress.values()].map(({ share }) => share));
  }
}
