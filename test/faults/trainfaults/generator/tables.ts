import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RandomStream } from '../../../../core/data/random.ts';
import type { Row, Tables } from './draft.ts';

/** Data are made by their own seed: those of runs vary the network, its start and the order of examples. */
const SEED = 2026;

/** Rows that a maker makes, cut into parts. */
function parts(rows: readonly Row[], train: number, validation: number): Tables {
  return {
    train: rows.slice(0, train),
    validation: rows.slice(train, train + validation),
    test: rows.slice(train + validation),
  };
}

function made(name: string, count: number, one: (random: RandomStream, i: number) => Row): Row[] {
  const random = new RandomStream(SEED, name);
  return Array.from({ length: count }, (_, i) => one(random, i));
}

const short = (value: number) => Number(value.toFixed(4));

/** Two rings around one center. */
export function circles(name: string, noise: number, train: number, validation: number): Tables {
  const rows = made(name, train + validation + 200, (random, i) => {
    const ring = i % 2;
    const angle = 2 * Math.PI * random.uniform();
    const radius = ring === 0 ? 0.5 : 1;
    return {
      x: [
        short(radius * Math.cos(angle) + noise * random.normal()),
        short(radius * Math.sin(angle) + noise * random.normal()),
      ],
      y: ring === 0 ? 'inner' : 'outer',
    };
  });
  return parts(rows, train, validation);
}

/** Gaussian clouds around random centers. */
export function blobs(
  name: string,
  { classes, features, spread }: { classes: number; features: number; spread: number },
  train: number,
  validation: number,
): Tables {
  const random = new RandomStream(SEED, `${name} centers`);
  const centers = Array.from({ length: classes }, () =>
    Array.from({ length: features }, () => 4 * random.uniform() - 2),
  );
  const rows = made(name, train + validation + 200, (stream, i) => ({
    x: centers[i % classes]!.map((center) => short(center + spread * stream.normal())),
    y: `c${i % classes}`,
  }));
  return parts(rows, train, validation);
}

/** Three arms that wind around a center. */
export function spiral(): Tables {
  const rows = made('spiral', 450 + 150 + 200, (random, i) => {
    const arm = i % 3;
    const radius = 0.1 + 0.9 * random.uniform();
    const angle = 4 * radius + (2 * Math.PI * arm) / 3 + 0.12 * random.normal();
    return {
      x: [short(radius * Math.cos(angle)), short(radius * Math.sin(angle))],
      y: `arm${arm}`,
    };
  });
  return parts(rows, 450, 150);
}

/** A smooth function of 5 of 6 features, which come in different units (Friedman's first, 1991). */
export function friedman(): Tables {
  const rows = made('friedman', 400 + 150 + 200, (random) => {
    const u = Array.from({ length: 6 }, () => random.uniform());
    const [a, b, c, d, e] = u as [number, number, number, number, number];
    const y = 10 * Math.sin(Math.PI * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e;
    const units = [1, 2, 5, 1, 3, 2];
    return {
      x: u.map((value, i) => short(value * units[i]!)),
      y: short((y - 14.4) / 4.9 + 0.1 * random.normal()),
    };
  });
  return parts(rows, 400, 150);
}

const DIGITS = join(import.meta.dirname, '../../../../extension/samples/digits.csv');
let scans: Row[] | null = null;

/** Scans of 8×8 pixels, 0..16, in a random order: their writers are in all parts. */
export function digits(): Tables {
  scans ??= readScans();
  return parts(structuredClone(scans), 600, 200);
}

function readScans(): Row[] {
  const lines = readFileSync(DIGITS, 'utf8').trim().split(/\r?\n/).slice(1);
  const order = Uint32Array.from(lines.keys());
  new RandomStream(SEED, 'digits').shuffle(order);
  return [...order.subarray(0, 1100)].map((i) => {
    const cells = lines[i]!.split(',');
    return { x: cells.slice(0, -1).map(Number), y: `d${cells.at(-1)}` };
  });
}
