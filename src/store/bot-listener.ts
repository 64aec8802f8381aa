import { sql } from "kysely";
import type { Db, Tx } from "./db.ts";

/** Takes the ear of a bot, or keeps it with the same lease; null while somebody else has it or it is to rest. */
export async function takeListener(
  db: Db,
  bot: string,
  lease: string,
  { now, until }: { now: Date; until: Date },
): Promise<{ nextOffset: number } | null> {
  const { rows } = await sql<{ nextOffset: number }>`
    insert into bot_listener as b (bot, lease, leased_until, listen_at) values (${bot}, ${lease}, ${until}, ${now})
    on conflict (bot) do update set lease = excluded.lease, leased_until = excluded.leased_until
      where b.listen_at <= ${now} and (b.lease = excluded.lease or b.lease is null or b.leased_until <= ${now})
    returning next_offset as "nextOffset"`.execute(db);
  return rows[0] ?? null;
}

/** Whether the lease still holds; locks the bot until the end of the transaction, so that no two act on one update. */
export async function holdsListener(tx: Tx, bot: string, lease: string): Promise<boolean> {
  const { rows } =
    await sql`select 1 from bot_listener where bot = ${bot} and lease = ${lease} for update`.execute(tx);
  return rows.length > 0;
}

/** What comes before this offset was acted on. */
export async function moveListener(tx: Tx, bot: string, nextOffset: number): Promise<void> {
  await sql`update bot_listener set next_offset = ${nextOffset}, conflict_count = 0, problem = null where bot = ${bot}`.execute(
    tx,
  );
}

/** Forgets past conflicts: the bot is heard again. */
export async function noteHeard(db: Db, bot: string, lease: string): Promise<void> {
  await sql`update bot_listener set conflict_count = 0, problem = null
    where bot = ${bot} and lease = ${lease} and problem is not null`.execute(db);
}

/** Why these bots are not heard, by bot; those that are, or that nobody has listened to yet, are left out. */
export async function problemsOfListeners(db: Db, bots: readonly string[]): Promise<Map<string, string>> {
  if (bots.length === 0) return new Map();
  const rows = await db
    .selectFrom("bot_listener")
    .select(["bot", "problem"])
    .where("bot", "in", bots)
    .where("problem", "is not", null)
    .$narrowType<{ problem: string }>()
    .execute();
  return new Map(rows.map(({ bot, problem }) => [bot, problem]));
}

/**
 * Lets go of a bot for a while: the first of these times, after a conflict longer each time. Only the holder can.
 * Answers how many conflicts there were in a row, null when the bot was another's already.
 */
export async function restListener(
  db: Db,
  bot: string,
  lease: string,
  rest: { now: Date; restsMs: readonly number[]; problem: string | null; conflict: boolean },
): Promise<number | null> {
  const { rows } = await sql<{ count: number }>`
    update bot_listener set lease = null, leased_until = null, problem = ${rest.problem},
      conflict_count = case when ${rest.conflict}::boolean then conflict_count + 1 else 0 end,
      listen_at = ${rest.now}::timestamptz + make_interval(secs => (${[...rest.restsMs]}::float8[])[
        case when ${rest.conflict}::boolean then least(conflict_count + 1, ${rest.restsMs.length}::int) else 1 end] / 1000)
    where bot = ${bot} and lease = ${lease} returning conflict_count as count`.execute(db);
  return rows[0]?.count ?? null;
}
