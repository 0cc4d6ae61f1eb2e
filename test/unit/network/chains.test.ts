import { describe, expect, it } from 'vitest';
import { chainOps } from '../../../core/network/chains.ts';
import { type Op, type Pass, rowsOp, singleOp } from '../../../core/network/op.ts';

const pass = (rows: number): Pass => ({ rows, position: 0, step: 0, learningRate: 0 });

/** An op that notes what it was run for. */
function noting(log: string[], name: string, capacity: number, width: number): Op {
  return rowsOp(name, capacity, width, (from, count) => {
    for (let row = from; row < from + count; row++) log.push(`${name}${row}`);
  });
}

function runAll(ops: Op[], rows: number): void {
  for (const op of ops) for (let part = 0; part < op.parts; part++) op.run(part, pass(rows));
}

describe('ops in a chain', () => {
  it.each([
    [64, 64, 100],
    [64, 5, 100],
    [33, 33, 7],
    [33, 30, 6],
    [8, 8, 60000],
  ])(
    'batches of %i with %i rows of %i values: every row once, in the order of the ops',
    (capacity, rows, width) => {
      const log: string[] = [];
      const ops = ['a', 'b', 'c'].map((name, layer) => ({
        op: noting(log, name, capacity, width),
        layer,
      }));
      const chained = chainOps(ops, capacity, () => true);
      expect(chained.map(({ name }) => name)).toEqual(['a, b, c']);
      runAll(chained, rows);
      for (let row = 0; row < rows; row++) {
        const places = ['a', 'b', 'c'].map((name) => log.indexOf(`${name}${row}`));
        expect(places).toEqual(places.toSorted((p, q) => p - q));
      }
      expect(log.toSorted()).toEqual([...new Set(log)].toSorted());
      expect(log).toHaveLength(3 * rows);
    },
  );

  it('a part ends on a whole vector', () => {
    const begins: number[] = [];
    const ops = [5, 6].map((width, layer) => ({
      op: rowsOp('op', 64, width, (from) => begins.push(from * width)),
      layer,
    }));
    runAll(
      chainOps(ops, 64, () => true),
      64,
    );
    expect(begins.filter((first) => first % 4 !== 0)).toEqual([]);
  });

  it.each<[name: string, width: number, capacity: number, mayJoin: boolean]>([
    ['examples that do not fit the cache', 70000, 64, true],
    ['a few examples: each thread should have some', 100, 4, true],
    ['what must not run before', 100, 64, false],
  ])('not: %s', (_name, width, capacity, mayJoin) => {
    const ops = ['a', 'b'].map((name, layer) => ({
      op: noting([], name, capacity, width),
      layer,
    }));
    expect(chainOps(ops, capacity, () => mayJoin)).toEqual(ops.map(({ op }) => op));
  });

  it('ends at an op that needs the whole batch', () => {
    const names = ['a', 'b', 'whole', 'c'];
    const ops = names.map((name, layer) => ({
      op: name === 'whole' ? singleOp(name, () => {}) : noting([], name, 64, 4),
      layer,
    }));
    expect(chainOps(ops, 64, () => true).map(({ name }) => name)).toEqual(['a, b', 'whole', 'c']);
  });
});
