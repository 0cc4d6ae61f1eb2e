/** The package declares types for its CRC-32 only; this is its CRC-32C (Castagnoli). */
declare module 'crc-32/crc32c.js' {
  const crc32c: {
    /** Signed 32-bit checksum of the bytes, going on from `seed`. */
    buf(data: Uint8Array, seed?: number): number;
  };
  export default crc32c;
}
