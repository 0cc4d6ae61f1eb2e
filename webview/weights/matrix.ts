/** A layer's weights: what each unit makes of each input. */
export interface Matrix {
  inputs: number;
  units: number;
  /** [inputs × units] */
  values: Float32Array;
}

/** How a matrix is drawn: a row a unit, a column an input, or several where there is no room for each. */
export interface MatrixGrid {
  rows: number;
  columns: number;
  /** Of a cell, in device pixels. */
  width: number;
  height: number;
  unitsPerRow: number;
  inputsPerColumn: number;
}

export function matrixOf(shape: readonly number[], values: Float32Array): Matrix {
  const units = shape.at(-1) ?? 1;
  return { inputs: values.length / units, units, values };
}

/** `largest` is the longest side of a cell, `slim` the least that one side has if the other is shorter. */
export function matrixGrid(
  { inputs, units }: Pick<Matrix, 'inputs' | 'units'>,
  room: { width: number; height: number; largest: number; slim: number },
): MatrixGrid {
  const inputsPerColumn = Math.ceil(inputs / room.width);
  const unitsPerRow = Math.ceil(units / room.height);
  const columns = Math.ceil(inputs / inputsPerColumn);
  const rows = Math.ceil(units / unitsPerRow);
  const wide = Math.max(1, Math.min(room.largest, Math.floor(room.width / columns)));
  const high = Math.max(1, Math.min(room.largest, Math.floor(room.height / rows)));
  const width = Math.min(wide, Math.max(high, room.slim));
  const height = Math.min(high, Math.max(wide, room.slim));
  return { rows, columns, width, height, unitsPerRow, inputsPerColumn };
}

/** Which units and inputs a cell stands for: from the first up to, not including, the last. */
export function cellOf({ inputs, units }: Matrix, grid: MatrixGrid, row: number, column: number) {
  const { unitsPerRow, inputsPerColumn } = grid;
  return {
    units: [row * unitsPerRow, Math.min(units, (row + 1) * unitsPerRow)] as const,
    inputs: [column * inputsPerColumn, Math.min(inputs, (column + 1) * inputsPerColumn)] as const,
  };
}

/** The largest of a cell's weights in size, with its sign; NaN where one is not finite. */
export function cellValue(matrix: Matrix, grid: MatrixGrid, row: number, column: number): number {
  const { values, units, inputs } = matrix;
  const { unitsPerRow, inputsPerColumn } = grid;
  const lastInput = Math.min(inputs, (column + 1) * inputsPerColumn);
  const lastUnit = Math.min(units, (row + 1) * unitsPerRow);
  let most = 0;
  for (let input = column * inputsPerColumn; input < lastInput; input++)
    for (let unit = row * unitsPerRow; unit < lastUnit; unit++) {
      const value = values[input * units + unit]!;
      if (!Number.isFinite(value)) return Number.NaN;
      if (Math.abs(value) > Math.abs(most)) most = value;
    }
  return most;
}
