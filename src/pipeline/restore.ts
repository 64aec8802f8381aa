import { createHash, type Hash } from "node:crypto";
import { InputError } from "#domain/errors.ts";
import type { Line } from "#domain/lines.ts";
import { inTransaction, type Tx } from "#store/db.ts";
import {
  appliedMigrations,
  beginRestore,
  type DumpTable,
  dumpTables,
  filledTables,
  insertRows,
} from "#store/dump.ts";
import type { BackupHeader, BackupMark } from "./backup.ts";
import type { Deps } from "./deps.ts";
import { reapplyErasures } from "./erase.ts";

/** Lines of a backup, already decompressed, in batches. */
type BackupReader = AsyncIterable<readonly Line[]>;

export interface RestoreOptions {
  lines: () => BackupReader;
  /** A later backup: who asked to be forgotten since is forgotten in what is restored too. */
  laterErasures: (() => BackupReader) | null;
  /** Lets the numbers of the change log go on above this one. */
  liftSeq: (topSeq: string) => Promise<void>;
  onRows?: (doneCount: number) => void;
}

export interface Restored {
  /** When the backup was made. */
  at: Date;
  rowCount: number;
  /** Documents that were emptied because their authors asked to be forgotten. */
  erasedCount: number;
}

/** A table may have rows before a restore only when they are to be merged. */
const merged = "erasure";
const rowsAtOnce = 500;
const charsAtOnce = 4 * 1024 * 1024;

/**
 * Fills an empty database from a backup, all or nothing, and forgets again whoever asked for it before
 * anybody can read: the rows and the erasures become visible by the same commit.
 */
export async function restore(
  { db, clock }: Pick<Deps, "db" | "clock">,
  options: RestoreOptions,
): Promise<Restored> {
  const header = await headerOf(options.lines());
  const own = await appliedMigrations(db);
  if (own.join() !== header.migrations.join()) throw otherSchema(header.migrations, own);
  await options.liftSeq(header.topSeq);
  return inTransaction(db, async tx => {
    const tables = await dumpTables(tx);
    await beginRestore(tx);
    const filled = (await filledTables(tx, tables)).filter(name => name !== merged);
    if (filled.length > 0) throw notEmpty(filled);
    const rowCount = await insertAll(tx, tables, options.lines(), options.onRows);
    if (options.laterErasures) await insertAll(tx, tables, options.laterErasures(), undefined, merged);
    const erasedCount = await reapplyErasures(tx, clock());
    return { at: new Date(header.at), rowCount, erasedCount };
  });
}

async function headerOf(lines: BackupReader): Promise<BackupHeader> {
  for await (const [first] of lines) {
    const header = first === undefined ? null : (markOf(first) as Partial<BackupHeader> | null);
    if (header?.format === "molva-backup" && header.version === 1) return header as BackupHeader;
    break;
  }
  throw new InputError("The file is no backup of Molva; expected one that `molva backup` wrote");
}

/** Inserts the rows of every table, or of the one named `only`; returns how many. */
async function insertAll(
  tx: Tx,
  tables: readonly DumpTable[],
  lines: BackupReader,
  onRows: (doneCount: number) => void = () => {},
  only: string | null = null,
): Promise<number> {
  const taking: Taking = { tx, tables, only, open: null, rowCount: 0, isComplete: false };
  for await (const batch of lines) {
    for (const line of batch) await take(taking, line);
    onRows(taking.rowCount);
  }
  if (!taking.isComplete) throw damaged("it ends too early");
  return taking.rowCount;
}

interface Taking {
  tx: Tx;
  tables: readonly DumpTable[];
  only: string | null;
  open: { table: DumpTable; hash: Hash; count: number; rows: string[]; charCount: number } | null;
  rowCount: number;
  isComplete: boolean;
}

async function take(taking: Taking, line: Line): Promise<void> {
  const { open } = taking;
  if (line.text?.startsWith("[") && open) {
    open.rows.push(line.text);
    open.hash.update(`${line.text}\n`);
    open.count++;
    open.charCount += line.text.length;
    if (open.rows.length >= rowsAtOnce || open.charCount >= charsAtOnce) await flush(taking);
    return;
  }
  const mark = markOf(line) as BackupMark | BackupHeader | null;
  if (mark === null) throw damaged(`line ${line.number} is not understood`);
  if ("table" in mark && !open) taking.open = opened(tableOf(taking.tables, mark));
  else if ("end" in mark && open?.table.name === mark.end) await end(taking, mark);
  else if ("complete" in mark && !open) taking.isComplete = true;
  else if (!("format" in mark)) throw damaged(`line ${line.number} does not belong there`);
}

const opened = (table: DumpTable): Taking["open"] => ({
  table,
  hash: createHash("sha256"),
  count: 0,
  rows: [],
  charCount: 0,
});

/** The table of this database with the columns in the order of the backup. */
function tableOf(
  tables: readonly DumpTable[],
  { table, columns }: { table: string; columns: string[] },
): DumpTable {
  const own = tables.find(({ name }) => name === table);
  const ordered = columns.map(name => own?.columns.find(column => column.name === name));
  if (!own || ordered.includes(undefined) || ordered.length !== own.columns.length)
    throw damaged(`its table ${table} is built otherwise than this program's`);
  return { name: table, columns: ordered as DumpTable["columns"] };
}

async function flush({ tx, open, only }: Taking): Promise<void> {
  if (!open || open.rows.length === 0) return;
  if (only === null || only === open.table.name)
    await insertRows(tx, open.table, open.rows, open.table.name === merged);
  open.rows = [];
  open.charCount = 0;
}

async function end(taking: Taking, mark: { end: string; rowCount: number; sha256: string }): Promise<void> {
  await flush(taking);
  const { hash, count } = taking.open as NonNullable<Taking["open"]>;
  if (count !== mark.rowCount || hash.digest("hex") !== mark.sha256)
    throw damaged(`rows of ${mark.end} are not those that were written`);
  taking.rowCount += count;
  taking.open = null;
}

function markOf({ text }: Line): object | null {
  try {
    const mark: unknown = JSON.parse(text ?? "");
    return typeof mark === "object" && mark !== null && !Array.isArray(mark) ? mark : null;
  } catch {
    return null;
  }
}

const damaged = (why: string) =>
  new InputError(`The backup is damaged: ${why}. Nothing was restored; take another copy`);

const notEmpty = (filled: readonly string[]) =>
  new InputError(
    `The database is not empty (${filled.slice(0, 5).join(", ")}); expected a new one after \`molva migrate\`, where nothing was started yet`,
  );

const otherSchema = (given: readonly string[], own: readonly string[]) =>
  new InputError(
    `The backup has the schema ${given.at(-1)}, this program ${own.at(-1)}; restore with the version that made it, then run \`molva migrate\` of this one`,
  );
