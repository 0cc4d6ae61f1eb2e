// A slab: some lines of an image (or of several), with the zeros around it, so that every patch that a
// kernel window sees lies within. A patch is `kernelHeight` segments of kernelWidth × channels adjacent
// floats, `pitch` bytes apart. Images are NHWC: [images × height × width × channels].

/**
 * Lays out what the `lines` output lines from `firstLine` on see, line i of image n being n × outHeight
 * + i, and writes the address of the patch of each output pixel to `pixels`. Where `slab` is 0 there is
 * no padding: patches lie in x itself. With `spread` s there are s − 1 zeros between the pixels of x, and
 * as many rows: the gradient of a convolution of stride s sees its dy so. Gives the pitch.
 */
export function fillSlab(
  firstLine: u32,
  lines: u32,
  outHeight: u32,
  outWidth: u32,
  height: u32,
  width: u32,
  channels: u32,
  x: usize,
  kernelHeight: u32,
  kernelWidth: u32,
  stride: u32,
  spread: u32,
  top: i32,
  left: i32,
  slab: usize,
  pixels: usize,
): usize {
  const pixel = <usize>channels << 2;
  const seen = (outWidth - 1) * stride + kernelWidth;
  const pitch = pixel * (slab == 0 ? width : seen);
  for (let n: u32 = 0; n < lines; ) {
    const image = (firstLine + n) / outHeight;
    const line = (firstLine + n) % outHeight;
    const run = min(lines - n, outHeight - line);
    const picture = x + pixel * <usize>width * <usize>height * <usize>image;
    let patch = picture + pitch * <usize>(line * stride);
    if (slab != 0) {
      patch = slab;
      const first = <i32>(line * stride) - top;
      const last = first + <i32>((run - 1) * stride + kernelHeight);
      for (let row = first; row < last; row++, slab += pitch) {
        const source = row / <i32>spread;
        const inside = row >= 0 && source < <i32>height && source * <i32>spread == row;
        const from = inside ? picture + pixel * <usize>width * <usize>source : 0;
        if (spread == 1) padRow(from, width, pixel, seen, left, slab);
        else spreadRow(from, width, pixel, seen, <i32>spread, left, slab);
      }
    }
    for (let i: u32 = 0; i < run; i++, patch += pitch * stride) {
      let at = patch;
      for (let j: u32 = 0; j < outWidth; j++, at += pixel * stride, pixels += 4) {
        store<u32>(pixels, <u32>at);
      }
    }
    n += run;
  }
  return pitch;
}

/** to[seen] = zeros for `left` pixels, then the row (0: all zeros), then zeros. */
function padRow(from: usize, width: u32, pixel: usize, seen: u32, left: i32, to: usize): void {
  const whole = pixel * seen;
  if (from == 0) {
    zero(to, whole);
    return;
  }
  const before = <usize>min(max(left, 0), <i32>seen) * pixel;
  const skipped = <usize>min(max(-left, 0), <i32>width) * pixel;
  const copied = min(whole - before, pixel * width - skipped);
  zero(to, before);
  copyFloats(from + skipped, to + before, copied);
  zero(to + before + copied, whole - before - copied);
}

/** As padRow, with pixel j at left + j × spread and zeros between. */
function spreadRow(
  from: usize,
  width: u32,
  pixel: usize,
  seen: u32,
  spread: i32,
  left: i32,
  to: usize,
): void {
  zero(to, pixel * seen);
  if (from == 0) return;
  for (let j: u32 = 0, at = left; j < width; j++, at += spread, from += pixel) {
    if (at >= 0 && at < <i32>seen) copyFloats(from, to + pixel * <usize>at, pixel);
  }
}

function zero(to: usize, bytes: usize): void {
  const end = to + bytes;
  const zeros = i32x4.splat(0);
  for (; to + 16 <= end; to += 16) v128.store(to, zeros);
  for (; to < end; to += 4) store<u32>(to, 0);
}

function copyFloats(from: usize, to: usize, bytes: usize): void {
  const end = to + bytes;
  for (; to + 16 <= end; to += 16, from += 16) v128.store(to, v128.load(from));
  for (; to < end; to += 4, from += 4) store<u32>(to, load<u32>(from));
}
