/** Memory that several runs may use together: reservations are added up against one limit. */
export class MemoryBudget {
  /** May change at any time; what is reserved stays reserved. */
  limitBytes: number;
  #inUse = 0;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  get inUse(): number {
    return this.#inUse;
  }

  /** Null: reserved, to be released with the same number. Else a sentence that says why not. */
  reserve(bytes: number): string | null {
    if (this.#inUse + bytes > this.limitBytes) return this.#refusal(bytes);
    this.#inUse += bytes;
    return null;
  }

  release(bytes: number): void {
    this.#inUse -= bytes;
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
