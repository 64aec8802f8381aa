import { sql } from "kysely";
import type { AlertRuleRow } from "./alert.ts";
import type { Db, Tx } from "./db.ts";
import { type ChannelRow, unheld } from "./delivery.ts";

/** Where a page of a list by the time of making begins: after this row. */
export type TimePosition = readonly [Date, string] | null;

const after = (position: TimePosition) =>
  position === null
    ? sql<boolean>`true`
    : sql<boolean>`(created_at, id) > (${position[0]}::timestamptz, ${position[1]}::uuid)`;

/** Living channels, oldest first. */
export async function listChannels(db: Db, position: TimePosition, limit: number): Promise<ChannelRow[]> {
  return db
    .selectFrom("alert_channel")
    .selectAll()
    .where("archived_at", "is", null)
    .where(after(position))
    .orderBy("created_at")
    .orderBy("id")
    .limit(limit)
    .execute();
}

type ChannelColumns = Pick<
  ChannelRow,
  "name" | "settings" | "secrets" | "full_text" | "enabled" | "updated_at" | "broken_since" | "broken_why"
>;

export async function insertChannel(
  tx: Tx,
  row: ChannelColumns & Pick<ChannelRow, "id" | "kind">,
): Promise<ChannelRow> {
  return tx
    .insertInto("alert_channel")
    .values({ ...row, settings: JSON.stringify(row.settings), created_at: row.updated_at })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Locks one living channel. */
export async function lockChannel(tx: Tx, id: string): Promise<ChannelRow | undefined> {
  return tx
    .selectFrom("alert_channel")
    .selectAll()
    .where("id", "=", id)
    .where("archived_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
}

export async function updateChannel(
  tx: Tx,
  id: string,
  { settings, ...columns }: Partial<ChannelColumns & Pick<ChannelRow, "archived_at">>,
): Promise<ChannelRow> {
  return tx
    .updateTable("alert_channel")
    .set({ ...columns, ...(settings === undefined ? {} : { settings: JSON.stringify(settings) }) })
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Ends what still waits for a channel that will never send again. */
export async function failWaiting(tx: Tx, channelId: string, problem: string, now: Date): Promise<void> {
  await tx
    .updateTable("delivery")
    .set({ state: "failed", next_attempt_at: null, ended_at: now, problem, ...unheld })
    .where("channel_id", "=", channelId)
    .where("state", "in", ["gathering", "waiting"])
    .execute();
}

/** Which of these channels are there to be used. */
export async function livingChannelIds(db: Db, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom("alert_channel")
    .select("id")
    .where("id", "in", ids)
    .where("archived_at", "is", null)
    .execute();
  return new Set(rows.map(row => row.id));
}

/** Living rules of these brands (null: of all), oldest first. */
export async function listRules(
  db: Db,
  brandIds: readonly string[] | null,
  position: TimePosition,
  limit: number,
): Promise<AlertRuleRow[]> {
  return db
    .selectFrom("alert_rule")
    .selectAll()
    .where("archived_at", "is", null)
    .where(brandIds === null ? sql<boolean>`true` : sql<boolean>`brand_id = any(${[...brandIds]}::uuid[])`)
    .where(after(position))
    .orderBy("created_at")
    .orderBy("id")
    .limit(limit)
    .execute();
}

export async function findRule(db: Db, id: string): Promise<AlertRuleRow | undefined> {
  return db.selectFrom("alert_rule").selectAll().where("id", "=", id).executeTakeFirst();
}

type RuleColumns = Pick<
  AlertRuleRow,
  "name" | "settings" | "channel_ids" | "timing" | "enabled" | "next_look_at" | "updated_at"
>;

export async function insertRule(
  tx: Tx,
  row: RuleColumns & Pick<AlertRuleRow, "id" | "kind" | "brand_id">,
): Promise<AlertRuleRow> {
  return tx
    .insertInto("alert_rule")
    .values({
      ...row,
      settings: JSON.stringify(row.settings),
      timing: JSON.stringify(row.timing),
      created_at: row.updated_at,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Locks one living rule. */
export async function lockRule(tx: Tx, id: string): Promise<AlertRuleRow | undefined> {
  return tx
    .selectFrom("alert_rule")
    .selectAll()
    .where("id", "=", id)
    .where("archived_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
}

export async function updateRule(
  tx: Tx,
  id: string,
  { settings, timing, ...columns }: Partial<RuleColumns & Pick<AlertRuleRow, "archived_at">>,
): Promise<AlertRuleRow> {
  return tx
    .updateTable("alert_rule")
    .set({
      ...columns,
      ...(settings === undefined ? {} : { settings: JSON.stringify(settings), learnt: null }),
      ...(timing === undefined ? {} : { timing: JSON.stringify(timing) }),
    })
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
