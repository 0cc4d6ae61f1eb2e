import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { UserError } from '../../../core/events/user-error.ts';
import {
  type NamedTensor,
  SafetensorsFile,
  writeSafetensors,
} from '../../../core/training/checkpoint/safetensors.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'safetensors ü-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

const TENSORS: NamedTensor[] = [
  { name: 'weights', shape: [2, 3], values: Float32Array.of(1, -2, 0.1, 1e-40, NaN, -Infinity) },
  { name: 'nothing', shape: [0], values: new Float32Array(0) },
  // A view into more.
  { name: 'größe', shape: [2], values: Float32Array.of(0, 7, -0, 9).subarray(1, 3) },
];
const METADATA = { format: 'test', word: 'ä "quoted"\n' };

/** A file of this header and so many bytes of data. */
function fileOf(header: unknown, dataBytes: number, claimed?: bigint): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(claimed ?? BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(dataBytes)]);
}

const entry = (offsets: unknown, shape: unknown = [2], dtype: unknown = 'F32') => ({
  dtype,
  shape,
  data_offsets: offsets,
});

describe('a file of tensors', () => {
  it('gives back every bit', async () => {
    const path = await folder();
    const file = join(path, 'a.safetensors');
    await writeSafetensors(file, TENSORS, METADATA);
    expect(await readdir(path)).toEqual(['a.safetensors']);
    const read = await SafetensorsFile.open(file, 'a');
    expect(Object.fromEntries(read.metadata)).toEqual(METADATA);
    expect([...read.tensors.keys()]).toEqual(['weights', 'nothing', 'größe']);
    for (const { name, shape, values } of TENSORS) {
      expect(read.tensors.get(name)).toMatchObject({ dtype: 'F32', shape });
      // Memory that threads share, as an arena is.
      const into = new Float32Array(new SharedArrayBuffer(values.byteLength));
      await read.read(name, into);
      expect(new Uint8Array(into.slice().buffer)).toEqual(new Uint8Array(values.slice().buffer));
    }
    await expect(read.read('weights', new Float32Array(5))).rejects.toThrow(
      /no tensor weights of 5/,
    );
    await read.close();
  });

  it('is laid out as the format says', async () => {
    const file = join(await folder(), 'a.safetensors');
    await writeSafetensors(file, TENSORS, METADATA);
    const bytes = await readFile(file);
    const length = Number(bytes.readBigUInt64LE(0));
    expect((8 + length) % 8).toBe(0);
    expect(bytes[8]).toBe('{'.charCodeAt(0));
    const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
    expect(header.weights).toEqual({ dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] });
    expect(header.größe.data_offsets).toEqual([24, 32]);
    expect(bytes.length).toBe(8 + length + 32);
    expect(bytes.readFloatLE(8 + length + 24)).toBe(7);
  });

  it('leaves the old file and nothing else when it cannot be written', async () => {
    const path = await folder();
    await writeSafetensors(join(path, 'a'), TENSORS, METADATA);
    const before = await readFile(join(path, 'a'));
    await rm(join(path, 'b'), { force: true });
    await expect(writeSafetensors(join(path, 'no', 'a'), TENSORS, METADATA)).rejects.toThrow(
      /ENOENT/,
    );
    expect(await readdir(path)).toEqual(['a']);
    expect(await readFile(join(path, 'a'))).toEqual(before);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['empty', new Uint8Array(0), /it has only 0 bytes/],
    ['short', new Uint8Array(5), /it has only 5 bytes/],
    ['a header that never ends', fileOf({}, 0, 1n << 63n), /header would reach beyond its end/],
    ['a header longer than the file', fileOf({}, 0, 100n), /header would reach beyond its end/],
    ['no JSON', fileOf('{"a":', 0), /header is no JSON/],
    ['no UTF-8', fileOf('\xff', 0).map((byte, i) => (i > 7 ? 255 : byte)), /no JSON/],
    ['a list', fileOf([], 0), /no JSON object/],
    ['null', fileOf('null', 0), /no JSON object/],
    ['a tensor that is a number', fileOf({ a: 3 }, 0), /does not say what "a" is/],
    ['an unknown type', fileOf({ a: entry([0, 8], [2], 'F3') }, 8), /what "a" is/],
    ['a negative shape', fileOf({ a: entry([0, 8], [-2]) }, 8), /what "a" is/],
    ['a shape of other bytes', fileOf({ a: entry([0, 8], [3]) }, 8), /what "a" is/],
    ['an absurd shape', fileOf({ a: entry([0, 8], [2 ** 40, 2 ** 40]) }, 8), /what "a" is/],
    ['offsets the wrong way', fileOf({ a: entry([8, 0]) }, 8), /what "a" is/],
    ['three offsets', fileOf({ a: entry([0, 8, 9]) }, 8), /what "a" is/],
    ['a hole', fileOf({ a: entry([4, 12]) }, 12), /overlap or leave gaps/],
    ['an overlap', fileOf({ a: entry([0, 8]), b: entry([4, 12]) }, 12), /overlap or leave gaps/],
    ['data cut off', fileOf({ a: entry([0, 8]) }, 7), /promises 8 bytes of data, but there are 7/],
    ['data too many', fileOf({ a: entry([0, 8]) }, 9), /promises 8 bytes of data, but there are 9/],
  ])('is refused: %s', async (_, bytes, message) => {
    const file = join(await folder(), 'a');
    await writeFile(file, bytes);
    const error = await SafetensorsFile.open(file, 'best').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toMatch(/^best is no whole checkpoint/);
    expect((error as Error).message).toMatch(message);
  });

  it('survives any change of its bytes: it opens, or says what is wrong', async () => {
    const file = join(await folder(), 'a');
    await writeSafetensors(file, TENSORS, METADATA);
    const whole = await readFile(file);
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(changes, fc.nat(whole.length), async (edits, length) => {
        const bytes = Buffer.from(whole);
        for (const [at, byte] of edits) bytes[at] = byte;
        await writeFile(file, bytes.subarray(0, length));
        const opened = await SafetensorsFile.open(file, 'a').catch((error: unknown) => error);
        if (!(opened instanceof SafetensorsFile)) {
          expect(opened).toBeInstanceOf(UserError);
          return;
        }
        for (const [name, { dtype, begin, end }] of opened.tensors)
          if (dtype === 'F32') await opened.read(name, new Float32Array((end - begin) / 4));
        await opened.close();
      }),
      { numRuns: 300 },
    );
  });
});
