// What a dense layer needs beside its matrix products.

/**
 * db[columns] = Σ over rows of dy[rows × columns], rows in order; a row begins `stride` values after the one
 * before. Row after row: a column at a time would touch a line of the cache for each value, too far apart
 * to be fetched ahead.
 */
export function sumRows(rows: u32, columns: u32, dy: usize, stride: u32, db: usize): void {
  const bytes: usize = <usize>columns << 2;
  memory.fill(db, 0, bytes);
  for (let i: u32 = 0; i < rows; i++, dy += <usize>stride << 2) {
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      v128.store(db + j, f32x4.add(v128.load(db + j), v128.load(dy + j)));
    }
    for (; j < bytes; j += 4) store<f32>(db + j, load<f32>(db + j) + load<f32>(dy + j));
  }
}
