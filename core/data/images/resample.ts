import type { Picture } from './decode.ts';

/** Gray of a color: luma by ITU-R BT.601. */
export function toChannels(picture: Picture, channels: number): Picture {
  const { height, width, pixels } = picture;
  if (picture.channels === channels) return picture;
  const converted = new Uint8Array(height * width * channels);
  for (let i = 0; i < height * width; i++) {
    if (channels === 3) converted.fill(pixels[i]!, 3 * i, 3 * i + 3);
    else {
      const luma = 299 * pixels[3 * i]! + 587 * pixels[3 * i + 1]! + 114 * pixels[3 * i + 2]!;
      converted[i] = Math.round(luma / 1000);
    }
  }
  return { height, width, channels, pixels: converted };
}

/**
 * Brings a picture to another size with a triangle filter, which is as wide as a pixel of the coarser
 * of the two: an average where it shrinks, bilinear interpolation where it grows (as Pillow's
 * BILINEAR). Rows first, then columns.
 */
export function resize(picture: Picture, height: number, width: number): Picture {
  const { channels } = picture;
  if (picture.height === height && picture.width === width) return picture;
  const rows = new Float32Array(picture.height * width * channels);
  const across = weights(picture.width, width);
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < width; x++) {
      const { first, values } = across[x]!;
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let i = 0; i < values.length; i++) {
          sum += values[i]! * picture.pixels[(y * picture.width + first + i) * channels + c]!;
        }
        rows[(y * width + x) * channels + c] = sum;
      }
    }
  }
  const pixels = new Uint8Array(height * width * channels);
  const line = width * channels;
  const down = weights(picture.height, height);
  for (let y = 0; y < height; y++) {
    const { first, values } = down[y]!;
    for (let x = 0; x < line; x++) {
      let sum = 0;
      for (let i = 0; i < values.length; i++) sum += values[i]! * rows[(first + i) * line + x]!;
      pixels[y * line + x] = Math.round(sum);
    }
  }
  return { height, width, channels, pixels };
}

/** For each of `to` pixels: the first of the `from` pixels that it is made of, and their weights. */
function weights(from: number, to: number): { first: number; values: Float64Array }[] {
  const ratio = from / to;
  const radius = Math.max(1, ratio);
  return Array.from({ length: to }, (_, i) => {
    const center = (i + 0.5) * ratio;
    const first = Math.max(0, Math.floor(center - radius));
    const end = Math.min(from, Math.ceil(center + radius));
    const values = Float64Array.from({ length: end - first }, (_, k) =>
      Math.max(0, 1 - Math.abs(first + k + 0.5 - center) / radius),
    );
    const sum = values.reduce((total, value) => total + value, 0);
    return { first, values: values.map((value) => value / sum) };
  });
}
