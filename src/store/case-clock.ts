import { sql } from "kysely";
import type { Desk } from "#domain/desk.ts";
import type { StoredSla } from "#domain/sla-settings.ts";
import type { CaseRow, ClockColumns } from "./case.ts";
import type { Db, Tx } from "./db.ts";
import { rowsAs } from "./rows.ts";

/** What the clocks and the priorities of a brand's cases follow from. */
export interface DeskBrand {
  id: string;
  business_hours: unknown;
  timezone: string;
  language: "ru" | "en";
  sla: StoredSla;
  desk: Desk;
}

/** Brands by id, as the desk sees them. */
export async function deskBrands(db: Db, brandIds: readonly string[]): Promise<Map<string, DeskBrand>> {
  if (brandIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("brand")
    .select(["id", "business_hours", "timezone", "language", "sla", "desk"])
    .where(sql<boolean>`id = any(${[...new Set(brandIds)]}::uuid[])`)
    .execute();
  return new Map(rows.map(row => [row.id, row]));
}

/** Cases whose clock is due to change its state, locked; those of another tick are left to it. */
export async function lockDueClocks(tx: Tx, now: Date, limit: number): Promise<CaseRow[]> {
  return tx
    .selectFrom("case")
    .selectAll()
    .where("sla_next_at", "<=", now)
    .orderBy("sla_next_at")
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
}

const shape = `r(id uuid, sla_started_at timestamptz, sla_target_ms double precision, sla_always boolean,
  sla_used_ms double precision, sla_running_at timestamptz, sla_next_at timestamptz, due_at timestamptz,
  breached_at timestamptz)`;

/** Writes clocks; the version of the case stays, because no step was taken. */
export async function writeClocks(tx: Tx, rows: readonly ({ id: string } & ClockColumns)[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    update "case" c set sla_started_at = r.sla_started_at, sla_target_ms = r.sla_target_ms, sla_always = r.sla_always,
      sla_used_ms = r.sla_used_ms, sla_running_at = r.sla_running_at, sla_next_at = r.sla_next_at, due_at = r.due_at,
      breached_at = r.breached_at
    from ${rowsAs(rows, shape)} where c.id = r.id`.execute(tx);
}
