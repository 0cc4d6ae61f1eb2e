// Maxout: of `pieces` neighbours in z[count × pieces] the largest, for each of `count` outputs.

/** y = the largest piece; NaN if one is. */
export function maxoutForward(count: u32, pieces: u32, z: usize, y: usize): void {
  const end = y + (<usize>count << 2);
  if (pieces == 2) {
    for (; y < end; y += 16, z += 32) {
      const a = v128.load(z);
      const b = v128.load(z, 16);
      v128.store(
        y,
        f32x4.max(v128.shuffle<f32>(a, b, 0, 2, 4, 6), v128.shuffle<f32>(a, b, 1, 3, 5, 7)),
      );
    }
    return;
  }
  const bytes: usize = <usize>pieces << 2;
  for (; y < end; y += 4, z += bytes) {
    let top = load<f32>(z);
    for (let k: usize = 4; k < bytes; k += 4) top = max<f32>(top, load<f32>(z + k));
    store<f32>(y, top);
  }
}

/** In place of z, its gradient: dy at the first of the largest pieces, 0 at the others. */
export function maxoutBackward(count: u32, pieces: u32, z: usize, dy: usize): void {
  const end = dy + (<usize>count << 2);
  if (pieces == 2) {
    for (; dy < end; dy += 16, z += 32) {
      const a = v128.load(z);
      const b = v128.load(z, 16);
      const d = v128.load(dy);
      const second = f32x4.lt(
        v128.shuffle<f32>(a, b, 0, 2, 4, 6),
        v128.shuffle<f32>(a, b, 1, 3, 5, 7),
      );
      const even = v128.andnot(d, second);
      const odd = v128.and(d, second);
      v128.store(z, v128.shuffle<f32>(even, odd, 0, 4, 1, 5));
      v128.store(z, v128.shuffle<f32>(even, odd, 2, 6, 3, 7), 16);
    }
    return;
  }
  const bytes: usize = <usize>pieces << 2;
  for (; dy < end; dy += 4, z += bytes) {
    let best: usize = 0;
    for (let k: usize = 4; k < bytes; k += 4) {
      if (load<f32>(z + k) > load<f32>(z + best)) best = k;
    }
    memory.fill(z, 0, bytes);
    store<f32>(z + best, load<f32>(dy));
  }
}
