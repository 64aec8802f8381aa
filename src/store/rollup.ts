import { sql } from "kysely";
import type { AspectCount } from "#domain/aspects.ts";
import type { TextKind } from "#domain/item.ts";
import type { Tx } from "./db.ts";
import { rowsAs } from "./rows.ts";

/** How one mention moves the counts: `n` is +1 when it enters and −1 when it leaves them. */
export interface CountChange {
  brandId: string;
  occurredAt: Date;
  sourceId: string;
  sourceKind: string;
  kind: TextKind;
  language: string;
  tone: "positive" | "neutral" | "negative";
  score: number;
  /** Of 5, null without stars. */
  rating5: number | null;
  /** No copy of a text that stood somewhere before. */
  original: boolean;
  aspects: readonly AspectCount[];
  n: 1 | -1;
}

const shape = `r("brandId" uuid, "occurredAt" timestamptz, "sourceId" uuid, "sourceKind" text, kind text, language text,
  tone text, score float8, rating5 float8, original boolean, aspects jsonb, n int)`;

const stars = [1, 2, 3, 4, 5];
const roundsTo = (star: number) =>
  `rating5 is not null and greatest(1, least(5, floor(rating5 + 0.5))) = ${star}`;

const sums = sql.raw(`
  sum(n) as total, coalesce(sum(n) filter (where tone = 'positive'), 0) as positive,
  coalesce(sum(n) filter (where tone = 'neutral'), 0) as neutral,
  coalesce(sum(n) filter (where tone = 'negative'), 0) as negative,
  sum(n * score) as score_sum, coalesce(sum(n * rating5), 0) as rating_sum,
  coalesce(sum(n) filter (where rating5 is not null), 0) as rating_count,
  coalesce(sum(n) filter (where original), 0) as originals,
  ${stars.map(star => `coalesce(sum(n) filter (where ${roundsTo(star)}), 0) as stars_${star}`).join(", ")}`);

const figures = [
  "total",
  "positive",
  "neutral",
  "negative",
  "score_sum",
  "rating_sum",
  "rating_count",
  "originals",
  ...stars.map(star => `stars_${star}`),
];

const summed = (columns: readonly string[]) => sql.raw(columns.map(column => `sum(${column})`).join(", "));

const hour = "date_bin('1 hour', start, 'epoch'::timestamptz)";

/** Each table of counts: the column of its moment, how a change gives it, whether it splits a source's counts. */
const tables = [
  { table: "rollup_day", moment: "day", of: "day", isSplit: true },
  { table: "rollup_quarter", moment: "start", of: "start", isSplit: true },
  { table: "total_day", moment: "day", of: "day", isSplit: false },
  { table: "rollup_hour", moment: "start", of: hour, isSplit: true },
  { table: "total_hour", moment: "start", of: hour, isSplit: false },
] as const;

/** Adds the changes `r` to one table; rows are taken in one order, so that two pages never wait for each other in a ring. */
function addTo({ table, moment, of, isSplit }: (typeof tables)[number]) {
  const places = isSplit ? "1, 2, 3, 4, 5, 6" : "1, 2, 3";
  const added = figures.map(column => `${column} = ${table}.${column} + excluded.${column}`).join(", ");
  return sql`
    insert into ${sql.table(table)}
      (brand_id, ${sql.raw(moment)}, source_id${sql.raw(isSplit ? ", source_kind, kind, language" : "")}, ${sql.raw(figures.join(", "))})
    select "brandId", ${sql.raw(of)}, "sourceId"${sql.raw(isSplit ? `, "sourceKind", kind, language` : "")}, ${sums}
    from r group by ${sql.raw(places)} order by ${sql.raw(places)}
    on conflict (brand_id, ${sql.raw(moment)}, source_id${sql.raw(isSplit ? ", kind, language" : "")})
      do update set ${sql.raw(added)}`;
}

const tonesOf = (alias: string, n: string, name: (tone: string) => string) =>
  ["positive", "neutral", "negative"]
    .map(tone => `coalesce(sum(${n}) filter (where ${alias}.tone = '${tone}'), 0) as ${name(tone)}`)
    .join(", ");
const aspectSums = sql.raw(
  `sum(n) as total, ${tonesOf("a", "n", tone => tone)}, ${tonesOf("r", "n * a.share", tone => `${tone}_share`)}`,
);
const aspectFigures = [
  "total",
  "positive",
  "neutral",
  "negative",
  "positive_share",
  "neutral_share",
  "negative_share",
];
const aspectTables = [
  { table: "aspect_day", moment: "day", of: "day" },
  { table: "aspect_quarter", moment: "start", of: "start" },
  { table: "aspect_hour", moment: "start", of: hour },
] as const;

/** Adds what the changes `r` say of aspects to one table, in one order as above. */
function addAspectsTo({ table, moment, of }: (typeof aspectTables)[number]) {
  const added = aspectFigures.map(column => `${column} = ${table}.${column} + excluded.${column}`).join(", ");
  return sql`
    insert into ${sql.table(table)} (brand_id, ${sql.raw(moment)}, source_id, aspect, ${sql.raw(aspectFigures.join(", "))})
    select "brandId", ${sql.raw(of)}, "sourceId", a.aspect, ${aspectSums}
    from r cross join jsonb_to_recordset(r.aspects) as a(aspect text, tone text, share int)
    group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (brand_id, ${sql.raw(moment)}, source_id, aspect) do update set ${sql.raw(added)}`;
}

/**
 * Moves the rollups and totals, in the transaction that moves the mentions. The caller holds a share lock on
 * the brands, so that the zone which makes the day cannot change meanwhile.
 */
export async function moveCounts(tx: Tx, changes: readonly CountChange[]): Promise<void> {
  if (changes.length === 0) return;
  const named = (table: string, move: ReturnType<typeof sql>) =>
    sql`${sql.table(`into_${table}`)} as (${move})`;
  const moves = [
    ...tables.map(each => named(each.table, addTo(each))),
    ...(changes.some(({ aspects }) => aspects.length > 0)
      ? aspectTables.map(each => named(each.table, addAspectsTo(each)))
      : []),
  ];
  await sql`
    with r as materialized (
      select r.*, (r."occurredAt" at time zone b.timezone)::date as day,
        date_bin('15 minutes', r."occurredAt", 'epoch'::timestamptz) as start
      from ${rowsAs(changes, shape)} join brand b on b.id = r."brandId"),
    ${sql.join(moves)}
    select`.execute(tx);
}

/** Counts one scheduled run of these brands' sources, when it ends, at the time it began. */
export async function countRun(
  tx: Tx,
  brandIds: readonly string[],
  startedAt: Date,
  ok: boolean,
): Promise<void> {
  if (brandIds.length === 0) return;
  const added = sql.raw("run_count = c.run_count + 1, ok_count = c.ok_count + excluded.ok_count");
  await sql`
    insert into coverage_day as c (brand_id, day, run_count, ok_count)
    select id, (${startedAt}::timestamptz at time zone timezone)::date, 1, ${ok ? 1 : 0}
    from brand where id = any(${[...brandIds]}::uuid[]) order by id
    on conflict (brand_id, day) do update set ${added}`.execute(tx);
  await sql`
    insert into coverage_quarter as c (brand_id, start, run_count, ok_count)
    select id, date_bin('15 minutes', ${startedAt}::timestamptz, 'epoch'::timestamptz), 1, ${ok ? 1 : 0}
    from brand where id = any(${[...brandIds]}::uuid[]) order by id
    on conflict (brand_id, start) do update set ${added}`.execute(tx);
}

/** Rebuilds a brand's days after its zone changed, from the quarters; no mention is read, so retention loses nothing. */
export async function rebuildDays(tx: Tx, brandId: string): Promise<void> {
  await tx.deleteFrom("rollup_day").where("brand_id", "=", brandId).execute();
  await tx.deleteFrom("total_day").where("brand_id", "=", brandId).execute();
  await sql`
    insert into rollup_day
      (brand_id, day, source_id, source_kind, kind, language, ${sql.raw(figures.join(", "))})
    select q.brand_id, (q.start at time zone b.timezone)::date, q.source_id, q.source_kind, q.kind, q.language, ${summed(figures)}
    from rollup_quarter q join brand b on b.id = q.brand_id where q.brand_id = ${brandId}
    group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6`.execute(tx);
  await sql`
    insert into total_day (brand_id, day, source_id, ${sql.raw(figures.join(", "))})
    select brand_id, day, source_id, ${summed(figures)}
    from rollup_day where brand_id = ${brandId} group by 1, 2, 3 order by 1, 2, 3`.execute(tx);
  await tx.deleteFrom("aspect_day").where("brand_id", "=", brandId).execute();
  await sql`
    insert into aspect_day (brand_id, day, source_id, aspect, ${sql.raw(aspectFigures.join(", "))})
    select q.brand_id, (q.start at time zone b.timezone)::date, q.source_id, q.aspect, ${summed(aspectFigures)}
    from aspect_quarter q join brand b on b.id = q.brand_id where q.brand_id = ${brandId}
    group by 1, 2, 3, 4 order by 1, 2, 3, 4`.execute(tx);
  await tx.deleteFrom("coverage_day").where("brand_id", "=", brandId).execute();
  await sql`
    insert into coverage_day (brand_id, day, run_count, ok_count)
    select q.brand_id, (q.start at time zone b.timezone)::date, sum(run_count), sum(ok_count)
    from coverage_quarter q join brand b on b.id = q.brand_id where q.brand_id = ${brandId} group by 1, 2`.execute(
    tx,
  );
}
