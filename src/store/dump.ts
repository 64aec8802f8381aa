import { sql } from "kysely";
import type { Db, Tx } from "./db.ts";

/** A table as a backup holds it: columns that Postgres computes by itself are left out. */
export interface DumpTable {
  name: string;
  columns: readonly { name: string; type: string }[];
}

/** What the schema itself keeps; a restored database has its own. */
const ownTables = ["migration", "meta"];

/**
 * Every table of ours, those referred to before those that refer. References that can wait for the commit
 * and those within one table do not count.
 */
export async function dumpTables(db: Db): Promise<DumpTable[]> {
  const columns = await sql<{ table: string; name: string; type: string }>`
    select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and c.relname <> all(${ownTables})
    order by c.relname, a.attnum`.execute(db);
  const references = await sql<{ from: string; to: string }>`
    select f.relname as from, t.relname as to
    from pg_constraint k join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
    where k.contype = 'f' and not k.condeferrable and f.relnamespace = 'public'::regnamespace`.execute(db);
  const tables = [...Map.groupBy(columns.rows, row => row.table)].map(([name, own]) => ({
    name,
    columns: own.map(({ name: column, type }) => ({ name: column, type })),
  }));
  return inOrder(tables, references.rows);
}

function inOrder(
  tables: readonly DumpTable[],
  references: readonly { from: string; to: string }[],
): DumpTable[] {
  const placed: DumpTable[] = [];
  let left = [...tables];
  while (left.length > 0) {
    const names = new Set(left.map(table => table.name));
    const isFree = (table: DumpTable) =>
      !references.some(({ from, to }) => from === table.name && names.has(to));
    const free = left.filter(isFree);
    if (free.length === 0)
      throw new Error(`Tables refer to each other in a circle, not deferrably: ${[...names].join(", ")}`);
    placed.push(...free);
    left = left.filter(table => !free.includes(table));
  }
  return placed;
}

/** The whole database at one moment, to be read while others write. `end` lets go of it. */
export interface Snapshot {
  tx: Tx;
  end(): Promise<void>;
}

export async function openSnapshot(db: Db): Promise<Snapshot> {
  const tx = await db
    .startTransaction()
    .setIsolationLevel("repeatable read")
    .setAccessMode("read only")
    .execute();
  await writeExactly(tx);
  return { tx: tx as unknown as Tx, end: () => tx.rollback().execute() };
}

/** Text forms that lose nothing and mean the same wherever they are read. */
async function writeExactly(tx: Db): Promise<void> {
  await sql`set local datestyle = 'ISO, YMD'`.execute(tx);
  await sql`set local timezone = 'UTC'`.execute(tx);
  await sql`set local intervalstyle = 'iso_8601'`.execute(tx);
  await sql`set local bytea_output = 'hex'`.execute(tx);
  await sql`set local extra_float_digits = 1`.execute(tx);
}

/**
 * Rows of a table, each as a JSON array of its columns' text forms, which are exact for every type. At most
 * `limit` at a time; nothing is kept in memory besides.
 */
export async function* readTable(tx: Tx, table: DumpTable, limit: number): AsyncGenerator<string[]> {
  const texts = sql.join(table.columns.map(({ name }) => sql`${sql.ref(name)}::text`));
  await sql`declare dump no scroll cursor for
    select json_build_array(${texts})::text as row from ${sql.table(table.name)}`.execute(tx);
  for (;;) {
    const { rows } = await sql<{ row: string }>`fetch ${sql.lit(limit)} from dump`.execute(tx);
    if (rows.length === 0) break;
    yield rows.map(({ row }) => row);
  }
  await sql`close dump`.execute(tx);
}

/** Inserts rows as `readTable` gave them; with `keep` a row that is there already stays as it is. */
export async function insertRows(
  tx: Tx,
  table: DumpTable,
  rows: readonly string[],
  keep = false,
): Promise<void> {
  const names = sql.join(table.columns.map(({ name }) => sql.ref(name)));
  const values = sql.join(
    table.columns.map(({ type }, index) => sql`(r.v ->> ${sql.lit(index)})::${sql.raw(type)}`),
  );
  await sql`insert into ${sql.table(table.name)} (${names})
    select ${values} from jsonb_array_elements(${`[${rows.join(",")}]`}::jsonb) as r(v)
    ${keep ? sql`on conflict do nothing` : sql``}`.execute(tx);
}

/** Begins a restore: nobody else may make the first rows, and references wait for the commit. */
export async function beginRestore(tx: Tx): Promise<void> {
  await sql`lock table person, api_key, brand in share row exclusive mode`.execute(tx);
  await sql`set constraints all deferred`.execute(tx);
  await writeExactly(tx);
}

/** Names of the tables that have rows. */
export async function filledTables(db: Db, tables: readonly DumpTable[]): Promise<string[]> {
  const filled = [];
  for (const { name } of tables) {
    const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(db);
    if (rows.length > 0) filled.push(name);
  }
  return filled;
}

/** How many rows a table has about, for a progress bar only. */
export async function estimatedRows(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select coalesce(sum(greatest(reltuples, 0)), 0)::float8 as count from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r'`.execute(db);
  return rows[0]?.count ?? 0;
}

/** The highest number of the change log, as text. */
export async function topSeq(db: Db): Promise<string> {
  const { rows } = await sql<{ top: string }>`
    select greatest((select max(seq) from change), (select max(seq) from mention), 0)::text as top`.execute(
    db,
  );
  return rows[0]?.top ?? "0";
}

/** Names of the migrations that this database has had. */
export async function appliedMigrations(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from migration order by name`.execute(db);
  return rows.map(({ name }) => name);
}
