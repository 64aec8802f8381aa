import { sql } from "kysely";
import type { Tx } from "./db.ts";
import { newId } from "./id.ts";
import type { ChannelNotice } from "./tables.ts";

/** So many failures in a row, and the channel is tried by one message at a time, with pauses between. */
export const failuresToPause = 5;
const firstPauseSeconds = 5;
const longestPauseSeconds = 60;

/**
 * Notes a failed attempt: from the fifth in a row on the channel rests for 5 s, then half as long again each time,
 * up to a minute. So what has come back is noticed within half the time that it was away.
 */
export async function noteFailure(
  tx: Tx,
  channelId: string,
  now: Date,
): Promise<{ failingSince: Date | null }> {
  const { rows } = await sql<{ failingSince: Date | null }>`
    update alert_channel set failure_count = failure_count + 1, failing_since = coalesce(failing_since, ${now}),
      paused_until = case when failure_count + 1 >= ${failuresToPause}::int then ${now}::timestamptz + make_interval(secs =>
        least(${longestPauseSeconds}::int, ${firstPauseSeconds}::int * 1.5 ^ least(failure_count + 1 - ${failuresToPause}::int, 10))) end
    where id = ${channelId} returning failing_since as "failingSince"`.execute(tx);
  return rows[0] ?? { failingSince: null };
}

/** Notes that a channel answers; what waited for its next attempt while it did not goes out now. */
export async function noteAnswer(tx: Tx, channelId: string, now: Date): Promise<void> {
  await sql`
    with before as (select id, failure_count from alert_channel where id = ${channelId} and failure_count > 0 for update),
    mended as (update alert_channel c set failure_count = 0, failing_since = null, paused_until = null
      from before where c.id = before.id returning before.failure_count)
    update delivery set next_attempt_at = ${now}
    where channel_id = ${channelId} and state = 'waiting' and attempt_count > 0 and next_attempt_at > ${now}
      and (select failure_count from mended) >= ${failuresToPause}::int`.execute(tx);
}

/** Marks a channel as broken, with the reason, or as mended (null). */
export async function setBroken(tx: Tx, channelId: string, why: string | null, now: Date): Promise<void> {
  await tx
    .updateTable("alert_channel")
    .set({ broken_since: why === null ? null : now, broken_why: why, updated_at: now })
    .where("id", "=", channelId)
    .execute();
}

const mostTold = 5;

/**
 * Tells that a channel is broken through others that work: those that share a rule with it, else any. A webhook
 * is told unless its events leave that out. Returns how many are told.
 */
export async function insertNotices(tx: Tx, notice: ChannelNotice, now: Date): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    with fit as (
      select c.id, exists (select 1 from alert_rule r where r.archived_at is null and r.channel_ids @> array[c.id, ${notice.channelId}::uuid]) as near
      from alert_channel c
      where c.id <> ${notice.channelId} and c.enabled and c.archived_at is null and c.broken_since is null and c.failure_count = 0
        and (not c.settings ? 'events' or c.settings -> 'events' ? 'channel.broken'))
    select id from fit where near or not exists (select 1 from fit where near) order by id limit ${mostTold}`.execute(
    tx,
  );
  for (const { id } of rows)
    await tx
      .insertInto("delivery")
      .values({
        id: newId(),
        channel_id: id,
        state: "waiting",
        notice: JSON.stringify(notice),
        next_attempt_at: now,
        first_due_at: now,
        created_at: now,
      })
      .execute();
  return rows.length;
}
