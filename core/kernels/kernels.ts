import type { KernelVariant } from '../events/run-event.ts';
import { relaxedSimd, simd } from './generated/binaries.ts';
import type { instantiate } from './generated/signatures.d.ts';

/** A byte offset into the arena. 0 stands for "none" where a kernel allows it. */
export type Offset = number;

/**
 * The kernels' exports, as the compiler declares them. All offsets are in bytes into the arena, all counts in
 * elements; formulas and shapes stand beside each kernel in `assembly/`. Nothing is checked here: the plan
 * guarantees shapes and bounds.
 */
export type Kernels = Omit<Awaited<ReturnType<typeof instantiate>>, 'memory'>;

const binaries: Record<KernelVariant, string> = { 'relaxed-simd': relaxedSimd, simd };

function decode(variant: KernelVariant): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(binaries[variant], 'base64'));
}

/** The build this host can run: with fused multiply-add if it has relaxed SIMD. */
export function supportedVariant(): KernelVariant {
  return WebAssembly.validate(decode('relaxed-simd')) ? 'relaxed-simd' : 'simd';
}

/** Kernels over one memory. Throws only if `memory` is not a shared one. */
export function instantiateKernels(memory: WebAssembly.Memory, variant: KernelVariant): Kernels {
  const module = new WebAssembly.Module(decode(variant));
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  return instance.exports as unknown as Kernels;
}
