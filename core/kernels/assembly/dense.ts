// What a dense layer needs beside its matrix products.

/** db[columns] = Σ over rows of dy[rows × columns], rows in order. */
export function sumRows(rows: u32, columns: u32, dy: usize, db: usize): void {
  const stride: usize = <usize>columns << 2;
  let j: u32 = 0;
  for (; j + 4 <= columns; j += 4) {
    let sum = f32x4.splat(0);
    let from = dy + <usize>(j << 2);
    for (let i: u32 = 0; i < rows; i++, from += stride) sum = f32x4.add(sum, v128.load(from));
    v128.store(db + <usize>(j << 2), sum);
  }
  for (; j < columns; j++) {
    let sum: f32 = 0;
    let from = dy + <usize>(j << 2);
    for (let i: u32 = 0; i < rows; i++, from += stride) sum += load<f32>(from);
    store<f32>(db + <usize>(j << 2), sum);
  }
}
