/** A column of 32-bit integers that grows. */
export interface Column {
  data: Int32Array;
  length: number;
}

export const createColumn = (): Column => ({ data: new Int32Array(1024), length: 0 });

export function push(column: Column, value: number): void {
  if (column.length === column.data.length) {
    const grown = new Int32Array(column.length * 2);
    grown.set(column.data);
    column.data = grown;
  }
  column.data[column.length++] = value;
}

/** A column of floats that grows. */
export interface Floats {
  data: Float32Array;
  length: number;
}

export const createFloats = (): Floats => ({ data: new Float32Array(1024), length: 0 });

export function pushFloat(column: Floats, value: number): void {
  if (column.length === column.data.length) {
    const grown = new Float32Array(column.length * 2);
    grown.set(column.data);
    column.data = grown;
  }
  column.data[column.length++] = value;
}
