/** One row of a file as it stands there; `problem` says why it could not be read at all. */
export interface FileRow {
  /** The line of the file that the row ends at, or the row of the sheet; the first one is 1. */
  row: number;
  cells: Readonly<Record<string, unknown>>;
  problem: string | null;
}

/** A file being read: batches of rows with how much of it they end at. */
export interface FileRows {
  /** Names of the columns, null where each row names its own. */
  columns: readonly string[] | null;
  batches: AsyncGenerator<FileRow[]>;
  /** Share of the file that has been read, 0 to 1. */
  share: () => number;
}

export const fileFormats = ["csv", "jsonl", "xlsx"] as const;
export type FileFormat = (typeof fileFormats)[number];

/** Rows are read and stored so many at a time. */
export const rowsAtOnce = 500;
