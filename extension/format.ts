/** Numbers, and what went wrong, as people read them: the same everywhere in the editor. */

/** Four significant digits; very small or large ones in powers of ten: 0.1708, 1e-3, 2.5e+6. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : value < 0 ? '−∞' : 'NaN';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-2 || size >= 1e5) return value.toExponential(2).replace(/\.?0+e/, 'e');
  return size >= 1e4 ? value.toFixed(0) : Number(value.toPrecision(4)).toString();
}

/** Three decimals, always: accuracies stand in columns. */
export function formatFraction(value: number): string {
  return Number.isFinite(value) ? value.toFixed(3) : formatNumber(value);
}

export function formatCount(value: number): string {
  return value.toLocaleString('en-US');
}

/** 1 KB is 1,024 bytes, as file managers and memory limits count. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (bytes >= 1000 && unit < units.length - 1) {
    bytes /= 1024;
    unit++;
  }
  return `${unit === 0 || bytes >= 100 ? Math.round(bytes) : bytes.toFixed(1)} ${units[unit]}`;
}

/** 8×8×1; a plain count for vectors. */
export function formatShape(shape: readonly number[]): string {
  return shape.join('×');
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a file about a run is called on any system, without its extension: `20251121-093105-digits-loss`. */
export function fileName(run: string, name: string): string {
  const words = name
    .normalize('NFC')
    .toLowerCase()
    .match(/[\p{L}\p{M}\p{N}]+/gu);
  return [run, ...(words ?? [])].join('-').slice(0, 120);
}
