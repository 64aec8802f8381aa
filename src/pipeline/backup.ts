import { createHash } from "node:crypto";
import type { Db } from "#store/db.ts";
import {
  appliedMigrations,
  type DumpTable,
  dumpTables,
  estimatedRows,
  openSnapshot,
  readTable,
  type Snapshot,
  topSeq,
} from "#store/dump.ts";

/** The first line of a backup. */
export interface BackupHeader {
  format: "molva-backup";
  version: 1;
  at: string;
  /** A backup fits a program of the very same schema. */
  migrations: string[];
  /** The highest number of the change log, as text. */
  topSeq: string;
}

/** Rows of one table come between its beginning and its end. */
export type BackupMark =
  | { table: string; columns: string[] }
  | { end: string; rowCount: number; sha256: string }
  | { complete: true; tableCount: number };

export interface BackupProgress {
  doneCount: number;
  /** A guess of the database, for a bar. */
  totalCount: number;
}

const rowsAtOnce = 500;

/**
 * The whole database at one moment as JSON lines, ready to be compressed: a header, then each table with its
 * rows, their number and their checksum, then a mark that says that nothing is missing. What the queue keeps
 * is left out: it is rebuilt from the tables.
 */
export async function* backupLines(
  db: Db,
  now: Date,
  onProgress: (progress: BackupProgress) => void = () => {},
): AsyncGenerator<string> {
  const snapshot = await openSnapshot(db);
  try {
    const header: BackupHeader = {
      format: "molva-backup",
      version: 1,
      at: now.toISOString(),
      migrations: await appliedMigrations(snapshot.tx),
      topSeq: await topSeq(snapshot.tx),
    };
    yield lineOf(header);
    const tables = await dumpTables(snapshot.tx);
    const progress = { doneCount: 0, totalCount: await estimatedRows(snapshot.tx) };
    for (const table of tables) {
      for await (const lines of tableLines(snapshot, table, count => {
        progress.doneCount += count;
        onProgress(progress);
      }))
        yield lines;
    }
    yield lineOf({ complete: true, tableCount: tables.length });
  } finally {
    await snapshot.end();
  }
}

const lineOf = (mark: BackupHeader | BackupMark): string => `${JSON.stringify(mark)}\n`;

async function* tableLines(
  { tx }: Snapshot,
  table: DumpTable,
  onRows: (count: number) => void,
): AsyncGenerator<string> {
  yield lineOf({ table: table.name, columns: table.columns.map(({ name }) => name) });
  const hash = createHash("sha256");
  let rowCount = 0;
  for await (const rows of readTable(tx, table, rowsAtOnce)) {
    const lines = `${rows.join("\n")}\n`;
    hash.update(lines);
    rowCount += rows.length;
    onRows(rows.length);
    yield lines;
  }
  yield lineOf({ end: table.name, rowCount, sha256: hash.digest("hex") });
}
