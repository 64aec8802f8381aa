import { sql } from "kysely";
import pg from "pg";
import { MolvaError } from "#domain/errors.ts";
import type { Migration } from "#migrations/define.ts";
import { migrations } from "#migrations/list.ts";
import type { Db } from "./db.ts";

/** Only one migrator works on a database at a time; the others wait for it. */
const lockKey = 6_061_970;
const lockTimeoutMs = 2_000;
const lockAttempts = 30;

/**
 * Brings the schema to the newest version and gives the application's role its rights; returns the names
 * of the steps taken. Both URLs may be the same role. Safe to run again, also after a crash in the middle.
 */
export async function migrate(options: { ownerUrl: string; appUrl: string }): Promise<string[]> {
  const client = new pg.Client({ connectionString: options.ownerUrl, application_name: "molva-migrate" });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [lockKey]);
    await client.query(`set lock_timeout = ${lockTimeoutMs}; set timezone = 'UTC'`);
    await client.query(
      "create table if not exists migration (name text primary key, applied_at timestamptz not null)",
    );
    const done = await appliedNames(client);
    const pending = migrations.filter(step => !done.has(step.name));
    for (const step of pending) await apply(client, step);
    await client.query(seqEpoch);
    await grant(client, new URL(options.appUrl).username);
    return pending.map(step => step.name);
  } finally {
    await client.end();
  }
}

/** Names of migrations that the database lacks; `[]` means it fits this program. */
export async function pendingMigrations(db: Db): Promise<string[]> {
  const there = await sql<{ there: boolean }>`select to_regclass('migration') is not null as there`.execute(
    db,
  );
  if (!there.rows[0]?.there) return migrations.map(step => step.name);
  const { rows } = await sql<{ name: string }>`select name from migration`.execute(db);
  const done = new Set(rows.map(row => row.name));
  return migrations.filter(step => !done.has(step.name)).map(step => step.name);
}

/** A database that lacks migrations is not for this program; the message says what to run. */
export async function assertMigrated(db: Db): Promise<void> {
  const pending = await pendingMigrations(db);
  if (pending.length === 0) return;
  throw new MolvaError(
    "not-migrated",
    `The database lacks migrations (${pending.join(", ")}): run \`molva migrate\` first`,
    {
      retry: "never",
    },
  );
}

async function appliedNames(client: pg.Client): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>("select name from migration");
  return new Set(rows.map(row => row.name));
}

/** A step that cannot get its locks gives way to the running program and tries again. */
async function apply(client: pg.Client, step: Migration): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      if (step.transaction) await client.query("begin");
      await client.query(step.up);
      await client.query("insert into migration values ($1, $2)", [step.name, new Date()]);
      if (step.transaction) await client.query("commit");
      return;
    } catch (error) {
      if (step.transaction) await client.query("rollback");
      const waited = error instanceof pg.DatabaseError && error.code === "55P03";
      if (!waited || attempt === lockAttempts) throw error;
    }
  }
}

/** A restored database may count transactions from the start: the numbers of the log must go on above the old ones. */
const seqEpoch = `
  update meta set value = value + 1 + greatest(0, (
    select max(top) - (pg_current_xact_id()::text::bigint + value) from (
      select max(seq) >> 16 as top from change union all select max(seq) >> 16 from mention) seqs))
  where name = 'seq_epoch' and (
    select max(top) from (
      select max(seq) >> 16 as top from change union all select max(seq) >> 16 from mention) seqs)
    >= pg_current_xact_id()::text::bigint + value`;

/** The application reads and writes rows, never the schema; the audit and the erasure list only grow. */
async function grant(client: pg.Client, role: string): Promise<void> {
  const { rows } = await client.query<{ same: boolean }>("select current_user = $1 as same", [role]);
  if (rows[0]?.same !== false) return;
  const app = pg.escapeIdentifier(role);
  await client.query(`
    grant usage on schema public to ${app};
    grant select, insert, update, delete on all tables in schema public to ${app};
    grant usage on all sequences in schema public to ${app};
    revoke update, delete on audit, erasure from ${app};
    revoke insert, update, delete on migration, meta from ${app};`);
}
