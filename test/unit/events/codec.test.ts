import { Encoder } from 'cbor-x/index-no-eval';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeEvent, encodeEvent } from '../../../core/events/codec.ts';
import type { Finding } from '../../../core/events/finding.ts';
import { jsonLine } from '../../../core/events/json-line.ts';
import type { RunEvent } from '../../../core/events/run-event.ts';
import { UserError } from '../../../core/events/user-error.ts';
import {
  activity,
  distributions,
  epoch,
  finished,
  ratios,
  started,
  steps,
  weights,
} from '../runs/events.ts';

const cbor = new Encoder({ useRecords: false, tagUint8Array: true });

const finding: Finding = {
  rule: 'exploding-loss',
  severity: 'error',
  path: ['optimizer', 'learningRate'],
  layer: ['model', 'layers', 3],
  step: 12,
  message: 'The loss became NaN — “too high” a rate.',
  evidence: { value: Number.NaN, threshold: 1e3, layers: ['a', null, true] },
  fixes: [
    { title: 'Lower it', edits: [{ path: ['optimizer', 'learningRate'], value: 0.01 }] },
    { title: 'Remove it', edits: [{ path: ['optimizer'], value: undefined }] },
  ],
};

const events: RunEvent[] = [
  started({ name: 'ziffern-数字' }),
  {
    type: 'data',
    trainExamples: 3,
    validationExamples: 0,
    classes: ['a', 'b'],
    classCounts: Float64Array.of(1, 2),
    mean: Float64Array.of(0.1),
    std: Float64Array.of(Number.NaN),
    min: Float64Array.of(Number.NEGATIVE_INFINITY),
    max: Float64Array.of(5e-324),
    nonFinite: 1,
  },
  steps(1, [1, Number.NaN, Number.POSITIVE_INFINITY, -0], 0.5),
  steps(5, []),
  epoch(1, { examplesPerSecond: Number.POSITIVE_INFINITY }),
  epoch(2, { validation: null }),
  ratios([1, 2], [0.1, 0.2, Number.NaN, 0]),
  distributions(1, { batch: 'training' }),
  activity(10),
  weights(10, { scale: Number.MIN_VALUE }),
  { type: 'control', action: 'pause', step: 3, time: 1.5 },
  { type: 'control', action: 'learningRate', step: 3, time: 2, value: 1e-3 },
  { type: 'finding', finding },
  { type: 'withdrawn', rule: 'exploding-loss', path: ['optimizer', 0] },
  finished({ findings: [finding], best: { epoch: 1, validation: epoch(1).validation! } }),
];

describe('codec', () => {
  test.each(events)('$type keeps every value', (event) => {
    expect(decodeEvent(encodeEvent(event))).toEqual(event);
  });

  test('float64 keeps all bits, in columns and alone', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), fc.double(), (values, time) => {
        const loss = Float64Array.from(values);
        const event: RunEvent = { ...steps(1, []), loss, learningRate: loss, startTime: time };
        const read = decodeEvent(encodeEvent(event));
        if (read?.type !== 'steps') throw new Error('not steps');
        expect(new BigUint64Array(read.loss.buffer)).toEqual(new BigUint64Array(loss.buffer));
        expect(read.startTime === time || Number.isNaN(time)).toBe(true);
      }),
    );
  });

  test('decoded columns own their memory, wherever the record lay', () => {
    const bytes = encodeEvent(steps(1, [1, 2, 3]));
    for (let shift = 0; shift < 8; shift++) {
      const shifted = new Uint8Array(bytes.length + shift);
      shifted.set(bytes, shift);
      const read = decodeEvent(shifted.subarray(shift));
      shifted.fill(0);
      if (read?.type !== 'steps') throw new Error('not steps');
      expect([...read.loss]).toEqual([1, 2, 3]);
      expect(read.loss.buffer.byteLength).toBe(24);
    }
  });

  test('keys that are undefined are left out', () => {
    const event = { type: 'control', action: 'stop', step: 1, time: 0, value: undefined } as const;
    const read = decodeEvent(encodeEvent(event));
    expect(read && 'value' in read).toBe(false);
  });

  test('a type that a later version added is skipped; keys that it added are no harm', () => {
    expect(decodeEvent(cbor.encode({ type: 'colours', layers: [] }))).toBeNull();
    expect(decodeEvent(cbor.encode({ type: 'constructor' }))).toBeNull();
    const later = { ...steps(1, [1]), gradientNorm: Float64Array.of(1) };
    expect(decodeEvent(cbor.encode(later))).toMatchObject({ type: 'steps', firstStep: 1 });
  });

  test('a newer format is refused with both versions', () => {
    expect(() => decodeEvent(cbor.encode({ type: 'started', formatVersion: 2 }))).toThrow(
      'This run was written by a newer Trainscope (log format 2; this version reads up to 1). ' +
        'Update Trainscope to open it.',
    );
  });

  test.each([
    [
      'a column of text',
      { ...steps(1, [1]), loss: 'x' },
      'loss must be a Float64Array, not string',
    ],
    ['an array for a column', { ...steps(1, [1]), learningRate: [1] }, 'learningRate must be'],
    ['columns of two lengths', { ...steps(1, [1]), loss: new Float64Array(2) }, 'differ in length'],
    ['a negative step', { ...steps(1, [1]), firstStep: -1 }, 'firstStep must be a whole number'],
    ['metrics missing', { ...epoch(1), train: null }, 'train must be an object, not null'],
    [
      'a broken path',
      { type: 'finding', finding: { ...finding, path: [1.5] } },
      'finding.path[0] must be a whole number',
    ],
    [
      'a row too few of statistics',
      { ...distributions(1), statistics: new Float64Array(10) },
      'differ in length',
    ],
    [
      'a column of bins that is cut',
      { ...distributions(1), bins: new Uint32Array(3) },
      'differ in length',
    ],
    [
      'counts that no bin has',
      { ...distributions(1), counts: new Uint32Array(1) },
      'differ in length',
    ],
    ['an unknown batch', { ...distributions(1), batch: 'test' }, 'batch must be'],
    ['units without activity', { ...activity(1), active: new Uint8Array(9) }, 'differ in length'],
    ['layers without units', { ...activity(1), units: new Uint32Array(0) }, 'differ in length'],
    [
      'weights of the wrong width',
      { ...weights(1), codes: new Float32Array(10) },
      'codes must be an Int16Array',
    ],
    ['an unknown action', { type: 'control', action: 'jump', step: 0, time: 0 }, 'action must be'],
  ])('%s is told', (_name, value, message) => {
    expect(() => decodeEvent(cbor.encode(value))).toThrow(message);
    expect(() => decodeEvent(cbor.encode(value))).toThrow(UserError);
  });

  test('any bytes give an event, nothing, or a UserError', () => {
    const valid = events.map((event) => Uint8Array.from(encodeEvent(event)));
    const flipped = fc
      .tuple(fc.constantFrom(...valid), fc.nat(), fc.integer({ min: 1, max: 255 }))
      .map(([bytes, at, bits]) => {
        const copy = bytes.slice();
        const index = at % copy.length;
        copy[index] = copy[index]! ^ bits;
        return copy;
      });
    const cut = fc
      .tuple(fc.constantFrom(...valid), fc.nat())
      .map(([bytes, at]) => bytes.slice(0, at % bytes.length));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), flipped, cut), (bytes) => {
        try {
          decodeEvent(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 3000 },
    );
    // Ten thousand arrays within each other.
    expect(() => decodeEvent(new Uint8Array(100_000).fill(0x81))).toThrow(UserError);
    // The codec is as good as new after all that.
    expect(decodeEvent(valid[0]!)).toEqual(events[0]);
  });
});

describe('jsonLine', () => {
  test('is one line of JSON with arrays, and names for what is not finite', () => {
    const line = jsonLine(
      steps(1, [0.1, Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]),
    );
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toEqual({
      type: 'steps',
      firstStep: 1,
      startTime: 10,
      endTime: 40,
      loss: [0.1, 'NaN', '-Infinity', 'Infinity'],
      dataLoss: null,
      learningRate: [0.1, 0.1, 0.1, 0.1],
    });
  });

  test('float32 has the digits that it carries, and reads back exactly', () => {
    expect(JSON.parse(jsonLine(ratios([1], [0.1, 1e-3]))).ratios).toEqual([0.1, 0.001]);
    fc.assert(
      fc.property(fc.float({ noDefaultInfinity: true, noNaN: true }), (value) => {
        const [read] = JSON.parse(jsonLine(ratios([1], [value]))).ratios;
        expect(Math.fround(read) === value).toBe(true);
      }),
    );
  });

  test('numbers deep inside, too', () => {
    expect(jsonLine({ type: 'finding', finding })).toContain('"value":"NaN"');
  });
});
