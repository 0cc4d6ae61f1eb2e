// Arithmetic over `count` floats of buffers that are padded to whole vectors.

/** y = a + b; y may be a or b. */
export function add(count: u32, a: usize, b: usize, y: usize): void {
  for (const end = a + (<usize>count << 2); a < end; a += 16, b += 16, y += 16) {
    v128.store(y, f32x4.add(v128.load(a), v128.load(b)));
  }
}

/** to = from. */
export function copy(count: u32, from: usize, to: usize): void {
  memory.copy(to, from, <usize>count << 2);
}
