import type { RandomStream } from '../data/random.ts';

/**
 * Fills weights [fanIn × units] with a random matrix with orthonormal columns, or rows where there are
 * more units than inputs: Q of the QR decomposition of a Gaussian matrix, with a positive diagonal of
 * R, so that every rotation is as likely as any other (Saxe et al. 2014; Mezzadri 2007).
 *
 * By modified Gram and Schmidt in float64: a Gaussian matrix is conditioned well enough for float32.
 */
export function fillOrthogonal(values: Float32Array, fanIn: number, random: RandomStream): void {
  const units = values.length / fanIn;
  const [count, length] = units <= fanIn ? [units, fanIn] : [fanIn, units];
  const gaussian = new Float32Array(count * length);
  random.fillNormal(gaussian, 1);
  const vectors = Float64Array.from(gaussian);
  for (let i = 0; i < count; i++) {
    const one = vectors.subarray(i * length, (i + 1) * length);
    const norm = Math.sqrt(dot(one, one));
    for (let k = 0; k < length; k++) one[k] /= norm;
    for (let j = i + 1; j < count; j++) {
      const other = vectors.subarray(j * length, (j + 1) * length);
      const share = dot(one, other);
      for (let k = 0; k < length; k++) other[k] -= share * one[k];
    }
  }
  if (units > fanIn) values.set(vectors);
  else {
    for (let k = 0; k < fanIn; k++) {
      for (let j = 0; j < units; j++) values[k * units + j] = vectors[j * length + k];
    }
  }
}

/** Four sums: one would wait for each addition. */
function dot(a: Float64Array, b: Float64Array): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const whole = a.length - (a.length % 4);
  for (let k = 0; k < whole; k += 4) {
    s0 += a[k] * b[k];
    s1 += a[k + 1] * b[k + 1];
    s2 += a[k + 2] * b[k + 2];
    s3 += a[k + 3] * b[k + 3];
  }
  for (let k = whole; k < a.length; k++) s0 += a[k] * b[k];
  return s0 + s1 + (s2 + s3);
}
