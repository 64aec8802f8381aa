import { type Selectable, sql } from "kysely";
import { failuresToPause } from "./channel-health.ts";
import type { Db, Tx } from "./db.ts";
import type { DB } from "./tables.ts";

export type DeliveryRow = Selectable<DB["delivery"]>;
export type ChannelRow = Selectable<DB["alert_channel"]>;

/** Nothing keeps a delivery from leaving when it is due. */
export const unheld = { not_before: null, held_by: null, silence_id: null } as const;

/**
 * Locks deliveries that are due, of each channel that works as many as may be under way at once (`atOnce`, by
 * kind); those of another notifier are left to it. A channel that keeps failing rests, then is tried by one.
 */
export async function lockDueDeliveries(
  tx: Tx,
  atOnce: Readonly<Record<string, number>>,
  now: Date,
): Promise<DeliveryRow[]> {
  const { rows } = await sql<DeliveryRow>`
    select due.* from alert_channel c
    cross join lateral (
      select d.* from delivery d
      where d.channel_id = c.id and d.state in ('gathering', 'waiting') and d.next_attempt_at <= ${now}
      order by d.test desc, d.next_attempt_at
      limit greatest(0, case when c.failure_count >= ${failuresToPause}::int then 1 else (${JSON.stringify(atOnce)}::jsonb ->> c.kind)::int end
        - (select count(*) from delivery s where s.channel_id = c.id and s.state = 'sending'))
      for update of d skip locked) due
    where c.archived_at is null and c.enabled
      and (due.test or (c.broken_since is null and (c.paused_until is null or c.paused_until <= ${now})))`.execute(
    tx,
  );
  return rows;
}

/** Deliveries whose sender died go back: one repeat, with the same id. */
export async function returnLostDeliveries(tx: Tx, now: Date): Promise<void> {
  await tx
    .updateTable("delivery")
    .set({ state: "waiting", next_attempt_at: now, claimed_until: null })
    .where("state", "=", "sending")
    .where("claimed_until", "<=", now)
    .execute();
}

/** The platform's id of a message that was sent. */
export async function externalIdOf(db: Db, id: string): Promise<string | null> {
  const row = await db.selectFrom("delivery").select("external_id").where("id", "=", id).executeTakeFirst();
  return row?.external_id ?? null;
}

export async function findChannel(db: Db, id: string): Promise<ChannelRow | undefined> {
  return db.selectFrom("alert_channel").selectAll().where("id", "=", id).executeTakeFirst();
}

/** Locks the budgets of these keys, making the missing ones, and returns when each is free. */
export async function lockBudgets(tx: Tx, keys: readonly string[], now: Date): Promise<Map<string, Date>> {
  if (keys.length === 0) return new Map();
  const sorted = [...new Set(keys)].toSorted();
  await tx
    .insertInto("send_budget")
    .values(sorted.map(key => ({ key, free_at: now })))
    .onConflict(oc => oc.doNothing())
    .execute();
  const rows = await tx
    .selectFrom("send_budget")
    .selectAll()
    .where("key", "in", sorted)
    .orderBy("key")
    .forUpdate()
    .execute();
  return new Map(rows.map(row => [row.key, row.free_at]));
}

/** No send on this key before `freeAt`; never shortens a longer pause. */
export async function useBudget(tx: Tx, key: string, freeAt: Date): Promise<void> {
  await sql`
    insert into send_budget (key, free_at) values (${key}, ${freeAt})
    on conflict (key) do update set free_at = greatest(send_budget.free_at, excluded.free_at)`.execute(tx);
}

export async function updateDelivery(
  tx: Tx,
  id: string,
  columns: Partial<
    Pick<
      DeliveryRow,
      | "state"
      | "plain"
      | "attempt_count"
      | "next_attempt_at"
      | "claimed_until"
      | "ended_at"
      | "external_id"
      | "problem"
      | "not_before"
      | "held_by"
      | "silence_id"
      | "thread_of"
    >
  >,
): Promise<void> {
  await tx.updateTable("delivery").set(columns).where("id", "=", id).execute();
}

/** Keeps what the platform told us to use from now on; none of it is secret. */
export async function mergeSettings(
  tx: Tx,
  channelId: string,
  changed: Record<string, unknown>,
  now: Date,
): Promise<void> {
  await sql`update alert_channel set settings = settings || ${JSON.stringify(changed)}::jsonb, updated_at = ${now}
    where id = ${channelId}`.execute(tx);
}

/** What one alert of a delivery is about; texts are there for channels with the full text on. */
export interface AlertStory {
  id: string;
  kind: string;
  firedAt: Date;
  reason: Record<string, unknown>;
  ruleName: string;
  brandName: string;
  language: "ru" | "en";
  sourceTitle: string | null;
  tone: "positive" | "neutral" | "negative" | null;
  ratingValue: number | null;
  ratingScale: number | null;
  mentionId: string | null;
  caseId: string | null;
  sourceId: string | null;
  title: string | null;
  text: string | null;
  authorName: string | null;
  url: string | null;
}

/** The first alerts of a delivery and how many it has in all. */
export async function deliveryStories(
  db: Db,
  deliveryId: string,
  limit: number,
): Promise<{ stories: AlertStory[]; total: number; mixed: boolean }> {
  const { rows } = await sql<AlertStory & { total: number; kinds: number }>`
    select a.id, a.kind, a.fired_at as "firedAt", a.reason, r.name as "ruleName", b.name as "brandName", b.language,
      s.title as "sourceTitle", m.tone, d.rating_value as "ratingValue", d.rating_scale as "ratingScale",
      a.mention_id as "mentionId", a.case_id as "caseId", a.source_id as "sourceId", d.title, d.text,
      au.name as "authorName", d.url, count(*) over ()::int as total,
      (select count(distinct k.kind)::int from delivery_alert x join alert k on k.id = x.alert_id where x.delivery_id = da.delivery_id) as kinds
    from delivery_alert da
    join alert a on a.id = da.alert_id
    join alert_rule r on r.id = a.rule_id
    join brand b on b.id = a.brand_id
    left join source s on s.id = a.source_id
    left join mention m on m.id = a.mention_id
    left join document d on d.id = m.document_id
    left join author au on au.id = d.author_id
    where da.delivery_id = ${deliveryId}
    order by m.score asc nulls last, a.fired_at, a.id limit ${limit}`.execute(db);
  return { stories: rows, total: rows[0]?.total ?? 0, mixed: (rows[0]?.kinds ?? 0) > 1 };
}

/** Whether anything is to be sent now, or was left by a sender that died. */
export async function hasDueDeliveries(db: Db, now: Date): Promise<boolean> {
  const { rows } = await sql<{ due: boolean }>`
    select exists (select 1 from delivery where state in ('gathering', 'waiting') and next_attempt_at <= ${now})
        or exists (select 1 from delivery where state = 'sending' and claimed_until <= ${now})
        or exists (select 1 from delivery where edit_at <= ${now})
        or exists (select 1 from chat_answer where next_attempt_at <= ${now}) as due`.execute(db);
  return rows[0]?.due ?? false;
}
