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

/** Memory that several runs may use together: reservations are added up against one limit. */
export class MemoryBudget implements Reservations {
  /** May change at any time; what is reserved stays reserved. */
  limitBytes: number;
  #inUse = 0;
  readonly #guests = new Set<Guest>();

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
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
        this.#inUse -= bytes;
        guest.bytes -= bytes;
        if (guest.bytes === 0) this.#guests.delete(guest);
      },
    };
  }

  #refusal(bytes: number): string {
    const others =
      this.#inUse > 0 ? `, of which other runs use ${formatBytes(this.#inUse)} now` : '';
    const wait = this.#inUse > 0 ? ', wait for the other runs' : '';
    return `This run needs about ${formatBytes(bytes)} of memory; the limit is ${formatBytes(this.limitBytes)}${others}. Use smaller layers, a smaller batch or less data${wait}, or raise the limit.`;
  }
}

function formatBytes(bytes: number): string {
  const mebibytes = bytes / 2 ** 20;
  if (mebibytes >= 1000) return `${(mebibytes / 1024).toFixed(1)} GiB`;
  return `${mebibytes >= 10 ? Math.ceil(mebibytes) : mebibytes.toFixed(1)} MiB`;
}
