/** The nearest of some rows to one other, the nearest first. */
export class Nearest {
  /** Which they are, and their squared distances. */
  readonly rows: Int32Array;
  readonly squares: Float64Array;
  readonly #others: Float32Array;
  readonly #features: number;

  /** `others`: [rows × features]. */
  constructor(others: Float32Array, features: number, most: number) {
    this.rows = new Int32Array(most);
    this.squares = new Float64Array(most);
    this.#others = others;
    this.#features = features;
  }

  /** Of the row at this index of `own`, which is no neighbour of itself: `except`, -1 for none. */
  seek(own: Float32Array, index: number, except: number): void {
    const features = this.#features;
    const others = this.#others;
    const { rows, squares } = this;
    const last = rows.length - 1;
    const count = others.length / features;
    const start = index * features;
    squares.fill(Number.POSITIVE_INFINITY);
    for (let other = 0; other < count; other++) {
      if (other === except) continue;
      const from = other * features;
      const most = squares[last]!;
      let square = 0;
      for (let j = 0; j < features && square < most; ) {
        const end = Math.min(features, j + STRETCH);
        for (; j < end; j++) {
          const difference = own[start + j]! - others[from + j]!;
          square += difference * difference;
        }
      }
      if (!(square < most)) continue;
      let place = last;
      for (; place > 0 && squares[place - 1]! > square; place--) {
        squares[place] = squares[place - 1]!;
        rows[place] = rows[place - 1]!;
      }
      squares[place] = square;
      rows[place] = other;
    }
  }
}

/** After so many features it is looked whether a row is already too far away. */
const STRETCH = 16;
