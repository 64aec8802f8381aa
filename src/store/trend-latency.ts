import { sql } from "kysely";
import type { Db } from "./db.ts";

/** What is read of single mentions: a brand between two instants, at most so many, the newest first. */
export interface SampleQuestion {
  brandId: string;
  from: Date;
  to: Date;
  limit: number;
}

/** How many mentions were read; `since` tells that older ones of the range were left out. */
export interface Sample {
  readCount: number;
  limit: number;
  since: Date | null;
}

/** How long one step took. */
interface Step {
  count: number;
  p50Ms: number | null;
  p95Ms: number | null;
}

export const latencySteps = {
  publishedToSeen: { from: "s.occurred_at", to: "s.first_seen_at" },
  seenToScored: { from: "s.first_seen_at", to: "s.first_scored_at" },
  seenToQueued: { from: "s.first_seen_at", to: "s.queued_at" },
  seenToAlerted: { from: "s.first_seen_at", to: "s.alerted_at" },
  alertedToDelivered: { from: "s.alerted_at", to: "s.delivered_at" },
  publishedToDelivered: { from: "s.occurred_at", to: "s.delivered_at" },
} as const;
type LatencyStep = keyof typeof latencySteps;
const names = Object.keys(latencySteps) as LatencyStep[];

/** The ledger of a source, or of all when `sourceId` is null. */
export interface Latency {
  sourceId: string | null;
  mentionCount: number;
  steps: Record<LatencyStep, Step>;
}

type Row = { sourceId: string | null; mentionCount: number; readCount: number; since: Date | null } & Record<
  LatencyStep,
  { count: number; quantiles: [number, number] | null }
>;

/**
 * How long mentions took from their publication to the message about them, by source and in all. It reads mentions that
 * the source dates and that were young enough to act on: history that a new source brings tells nothing of its speed.
 */
export async function readLatency(
  db: Db,
  { brandId, from, to, limit }: SampleQuestion,
): Promise<{ sample: Sample; rows: Latency[] }> {
  const ms = (step: LatencyStep) =>
    `greatest(0, extract(epoch from ${latencySteps[step].to} - ${latencySteps[step].from}) * 1000)`;
  const isTimed = (step: LatencyStep) => `${latencySteps[step].to} is not null`;
  const steps = names.map(
    name => `jsonb_build_object('count', count(*) filter (where ${isTimed(name)}),
      'quantiles', percentile_cont(array[0.5, 0.95]) within group (order by ${ms(name)}) filter (where ${isTimed(name)})) as "${name}"`,
  );
  const { rows } = await sql<Row>`
    with sample as materialized (
      select m.id, m.document_id, m.source_id, m.occurred_at, m.first_seen_at, m.scored_at from mention m
      where m.brand_id = ${brandId} and m.deleted_at is null and m.acts
        and m.occurred_at >= ${from} and m.occurred_at < ${to}
      order by m.occurred_at desc, m.id desc limit ${limit}),
    ledger as (
      select m.source_id, m.occurred_at, m.first_seen_at, case when d.version = 1 then m.scored_at end as first_scored_at,
        c.created_at as queued_at, told.alerted_at, told.delivered_at
      from sample m join document d on d.id = m.document_id and d.date_basis = 'published'
      left join "case" c on c.mention_id = m.id
      left join lateral (
        select min(a.fired_at) as alerted_at, min(x.ended_at) filter (where x.state = 'delivered') as delivered_at
        from alert a left join delivery_alert da on da.alert_id = a.id left join delivery x on x.id = da.delivery_id
        where a.mention_id = m.id) told on true)
    select s.source_id as "sourceId", count(*)::int as "mentionCount",
      (select count(*)::int from sample) as "readCount", (select min(occurred_at) from sample) as since, ${sql.raw(steps.join(", "))}
    from ledger s group by grouping sets ((s.source_id), ())
    order by s.source_id is not null, 2 desc, 1`.execute(db);
  const [all] = rows;
  const readCount = all?.readCount ?? 0;
  return {
    sample: { readCount, limit, since: readCount < limit ? null : (all?.since ?? null) },
    rows: rows.map(row => ({
      sourceId: row.sourceId,
      mentionCount: row.mentionCount,
      steps: Object.fromEntries(names.map(name => [name, stepOf(row[name])])) as Latency["steps"],
    })),
  };
}

const stepOf = ({ count, quantiles }: Row[LatencyStep]): Step => ({
  count,
  p50Ms: quantiles === null ? null : Math.round(quantiles[0]),
  p95Ms: quantiles === null ? null : Math.round(quantiles[1]),
});
