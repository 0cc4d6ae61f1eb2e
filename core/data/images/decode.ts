import { convertIndexedToRgb, decode as decodePng } from 'fast-png';
import jpeg from 'jpeg-js';

/** Pixels of 1 (gray) or 3 channels, row by row, the channels of a pixel together. */
export interface Picture {
  height: number;
  width: number;
  channels: number;
  pixels: Uint8Array;
}

/** Larger ones are no examples to train on, but would take gigabytes to decode. */
const MAXIMUM_MEGAPIXELS = 100;

/** Decodes a PNG or a JPEG. Transparency is left out. Throws an Error that says why it cannot. */
export function decodeImage(bytes: Uint8Array): Picture {
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47])) return png(bytes);
  if (startsWith(bytes, [0xff, 0xd8])) return decodeJpeg(bytes);
  throw new Error(
    bytes.length === 0 ? 'it is empty' : 'its first bytes are neither those of a PNG nor of a JPEG',
  );
}

function startsWith(bytes: Uint8Array, start: number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}

function png(bytes: Uint8Array): Picture {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 24) throw new Error('it ends within its header');
  refuseHuge(header.getUint32(16), header.getUint32(20));
  const decoded = decodePng(bytes, { checkCrc: true });
  const { width, height, depth, palette } = decoded;
  if (palette) {
    const colors = convertIndexedToRgb(decoded);
    return withoutAlpha(colors, colors.length / (width * height), width, height);
  }
  const data = depth < 8 ? unpack(decoded.data, width, height, depth) : decoded.data;
  // Of 16 bits the higher 8.
  const pixels = depth === 16 ? Uint8Array.from(data, (x) => x >> 8) : Uint8Array.from(data);
  return withoutAlpha(pixels, decoded.channels, width, height);
}

/** Gray pixels of 1, 2 or 4 bits, each row beginning with a new byte, spread over 0..255. */
function unpack(data: ArrayLike<number>, width: number, height: number, depth: number): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  const most = 2 ** depth - 1;
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const bit = (i % width) * depth;
    const byte = data[Math.floor(i / width) * rowBytes + (bit >> 3)]!;
    return (((byte >> (8 - depth - (bit & 7))) & most) * 255) / most;
  });
}

/** Keeps 1 of 1 or 2 channels, 3 of 3 or 4. */
function withoutAlpha(data: Uint8Array, stored: number, width: number, height: number): Picture {
  const channels = stored < 3 ? 1 : 3;
  if (stored === channels) return { height, width, channels, pixels: data };
  const pixels = new Uint8Array(width * height * channels);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < channels; c++) pixels[i * channels + c] = data[i * stored + c]!;
  }
  return { height, width, channels, pixels };
}

function decodeJpeg(bytes: Uint8Array): Picture {
  const { width, height, data } = jpeg.decode(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    maxResolutionInMP: MAXIMUM_MEGAPIXELS,
    maxMemoryUsageInMB: 1024,
  });
  if (!isGrayJpeg(bytes)) return { height, width, channels: 3, pixels: data };
  return {
    height,
    width,
    channels: 1,
    pixels: Uint8Array.from({ length: width * height }, (_, i) => data[3 * i]!),
  };
}

/** Whether the frame header (a marker FF C0 to FF CF, but for C4, C8 and CC) has one component. */
function isGrayJpeg(bytes: Uint8Array): boolean {
  let at = 2;
  while (at + 9 < bytes.length) {
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff) return false;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return bytes[at + 9] === 1;
    }
    at += 2 + (bytes[at + 2]! << 8) + bytes[at + 3]!;
  }
  return false;
}

function refuseHuge(width: number, height: number): void {
  if (width * height <= MAXIMUM_MEGAPIXELS * 1e6) return;
  throw new Error(
    `it is ${width} × ${height} pixels large; at most ${MAXIMUM_MEGAPIXELS} million are read`,
  );
}
