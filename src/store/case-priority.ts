import { sql } from "kysely";
import type { PriorityFactor, PriorityFacts } from "#domain/priority.ts";
import type { Tx } from "./db.ts";
import { rowsAs } from "./rows.ts";

/** Facts of cases whose time factor is due to change, locked; those of another tick are left to it. */
export async function lockDuePriorities(
  tx: Tx,
  now: Date,
  limit: number,
): Promise<({ id: string } & PriorityFacts)[]> {
  const { rows } = await sql<{ id: string } & PriorityFacts>`
    with due as (
      select * from "case" where status <> 'ended' and next_priority_at <= ${now}
      order by next_priority_at limit ${limit} for update skip locked)
    select due.id, m.kind, m.score, m.confidence, m.rating5, m.intents, a.reach, (d.engagement ->> 'views')::int as views,
      (select count(*)::int from mention p where p.case_id = due.id) as "placeCount",
      due.sla_started_at as "slaStartedAt", due.due_at as "dueAt"
    from due join mention m on m.id = due.mention_id join document d on d.id = m.document_id
    left join author a on a.id = d.author_id`.execute(tx);
  return rows;
}

export interface PriorityUpdate {
  id: string;
  priority: number;
  factors: PriorityFactor[];
  nextAt: Date | null;
}

/** Writes priorities; the version of the case stays, because no step was taken. */
export async function writePriorities(tx: Tx, rows: readonly PriorityUpdate[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    update "case" c set priority = r.priority, priority_factors = r.factors, next_priority_at = r."nextAt"
    from ${rowsAs(rows, 'r(id uuid, priority smallint, factors jsonb, "nextAt" timestamptz)')} where c.id = r.id`.execute(
    tx,
  );
}
