/** Where somebody asks for memory before taking any. */
export interface Reservations {
  /** Null: reserved, to be released with the same number. Else a sentence that says why not. */
  reserve(bytes: number): string | null;
  release(bytes: number): void;
}

/** Somebody who gives way to runs. */
interface Guest {
  bytes: number;
  leave(): void;
}

/** Somebody who waits for what others have. */
interface Waiting {
  bytes: number;
  answer(refusal: string | null): void;
}

/** Memory that several runs may use together: reservations are added up against one limit. */
export class MemoryBudget implements Reservations {
  #limitBytes: number;
  #inUse = 0;
  readonly #guests = new Set<Guest>();
  /** The first one first. */
  #waiting: Waiting[] = [];

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get limitBytes(): number {
    return this.#limitBytes;
  }

  /** At any time; what is reserved stays reserved. */
  set limitBytes(bytes: number) {
    this.#limitBytes = bytes;
    this.#serve();
  }

  get inUse(): number {
    return this.#inUse;
  }

  reserve(bytes: number): string | null {
    const guests = [...this.#guests].reduce((sum, guest) => sum + guest.bytes, 0);
    if (this.#inUse - guests + bytes > this.limitBytes) return this.#refusal(bytes);
    for (const guest of this.#guests) {
      if (this.#inUse + bytes <= this.limitBytes) break;
      this.#guests.delete(guest);
      this.#inUse -= guest.bytes;
      guest.leave();
    }
    this.#inUse += bytes;
    return null;
  }

  release(bytes: number): void {
    this.#inUse -= bytes;
    this.#serve();
  }

  /**
   * Reserves once there is room beside others, in the order of asking; refuses what has no room alone either. Where
   * `signal` ends the wait, nothing is reserved.
   */
  wait(bytes: number, signal: AbortSignal): Promise<string | null> {
    return new Promise((resolve) => {
      const waiting: Waiting = {
        bytes,
        answer: (refusal) => {
          signal.removeEventListener('abort', leave);
          resolve(refusal);
        },
      };
      const leave = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        resolve('It was stopped while it waited for memory.');
        this.#serve();
      };
      signal.addEventListener('abort', leave);
      this.#waiting.push(waiting);
      this.#serve();
    });
  }

  /**
   * For somebody who only looks at runs, and takes what they leave: `leave` is called when a run needs that,
   * and counts on it from then on.
   */
  guest(leave: () => void): Reservations {
    const guest: Guest = { bytes: 0, leave };
    return {
      reserve: (bytes) => {
        if (this.#inUse + bytes > this.limitBytes) return this.#refusal(bytes);
        this.#inUse += bytes;
        guest.bytes += bytes;
        this.#guests.add(guest);
        return null;
      },
      release: (bytes) => {
        if (!this.#guests.has(guest)) return;
        guest.bytes -= bytes;
        if (guest.bytes === 0) this.#guests.delete(guest);
        this.release(bytes);
      },
    };
  }

  /** Nobody overtakes the first one that can have what it waits for: else a large run would wait for ever. */
  #serve(): void {
    const inVain = this.#waiting.filter(({ bytes }) => bytes > this.limitBytes);
    this.#waiting = this.#waiting.filter(({ bytes }) => bytes <= this.limitBytes);
    for (const { bytes, answer } of inVain) answer(this.#refusal(bytes));
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      if (this.reserve(first.bytes) !== null) return;
      this.#waiting.shift();
      first.answer(null);
    }
  }

  #refusal(bytes: number): string {
    // Where it has no room alone either, waiting does not help.
    const waits = this.#inUse > 0 && bytes <= this.limitBytes;
    const others = waits ? `, of which other runs use ${formatBytes(this.#inUse)} now` : '';
    const wait = waits ? ', wait for the other runs' : '';
    return `This run needs about ${formatBytes(bytes)} of memory; the limit is ${formatBytes(this.limitBytes)}${others}. Use smaller layers, a smaller batch or less data${wait}, or raise the limit.`;
  }
}

function formatBytes(bytes: number): string {
  const mebibytes = bytes / 2 ** 20;
  if (mebibytes >= 1000) return `${(mebibytes / 1024).toFixed(1)} GiB`;
  return `${mebibytes >= 10 ? Math.ceil(mebibytes) : mebibytes.toFixed(1)} MiB`;
}
