import { sql } from "kysely";
import type { Db } from "./db.ts";

interface Quota {
  intervalMs: number;
  burst: number;
}

/** Nobody takes a place of this quota before `until`; never shortens a longer pause. */
export async function pauseQuota(
  db: Db,
  key: string,
  { intervalMs, burst }: Quota,
  until: Date,
): Promise<void> {
  const freeAt = new Date(until.getTime() + intervalMs * (burst - 1));
  await sql`
    insert into send_budget as b (key, free_at) values (${key}, ${freeAt})
    on conflict (key) do update set free_at = greatest(b.free_at, excluded.free_at)`.execute(db);
}

/**
 * Takes one place in a quota shared by all processes (the generic cell rate algorithm): `burst` at once,
 * then one every `intervalMs`. Returns 0 when the place is taken, else after how many ms to ask again.
 */
export async function takeQuota(
  db: Db,
  key: string,
  { intervalMs, burst }: Quota,
  now: Date,
): Promise<number> {
  const toleranceMs = intervalMs * (burst - 1);
  const { rows: taken } = await sql<{ key: string }>`
    insert into send_budget as b (key, free_at) values (${key}, ${new Date(now.getTime() + intervalMs)})
    on conflict (key) do update set free_at = greatest(b.free_at, ${now}) + make_interval(secs => ${intervalMs / 1000})
    where b.free_at <= ${new Date(now.getTime() + toleranceMs)}
    returning key`.execute(db);
  if (taken.length > 0) return 0;
  const row = await db.selectFrom("send_budget").select("free_at").where("key", "=", key).executeTakeFirst();
  return Math.max(1, (row?.free_at.getTime() ?? 0) - toleranceMs - now.getTime());
}
