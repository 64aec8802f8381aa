import { type Kysely, sql } from "kysely";
import { expect } from "vitest";
import type { Db } from "#store/db.ts";

const tones = ["positive", "neutral", "negative"] as const;
interface Word {
  aspect: string;
  tone: (typeof tones)[number];
  score: number;
}

type Sums = Record<string, Record<string, number>>;

/** The moments that the tables of counts know, of a brand in Europe/Moscow, which has no summer time. */
const moments = {
  start: (at: Date) => new Date(Math.floor(at.getTime() / 900_000) * 900_000).toISOString(),
  hour: (at: Date) => new Date(Math.floor(at.getTime() / 3_600_000) * 3_600_000).toISOString(),
  day: (at: Date) => new Date(at.getTime() + 3 * 3_600_000).toISOString().slice(0, 10),
};

const tables = [
  { table: "rollup_quarter", moment: "start", column: "start", group: "kind" },
  { table: "rollup_hour", moment: "hour", column: "start", group: "kind" },
  { table: "rollup_day", moment: "day", column: "day", group: "language" },
  { table: "total_hour", moment: "hour", column: "start", group: null },
  { table: "total_day", moment: "day", column: "day", group: null },
] as const;
const aspectTables = [
  { table: "aspect_quarter", moment: "start", column: "start" },
  { table: "aspect_hour", moment: "hour", column: "start" },
  { table: "aspect_day", moment: "day", column: "day" },
] as const;
const figures = ["total", ...tones, "originals", "stars_1", "stars_2", "stars_3", "stars_4", "stars_5"];
const aspectFigures = ["total", ...tones, ...tones.map(tone => `${tone}_share`)];

const mentionsOf = (db: Db, brandId: string) =>
  db
    .selectFrom("mention")
    .selectAll()
    .where("brand_id", "=", brandId)
    .where("deleted_at", "is", null)
    .execute();
type Mention = Awaited<ReturnType<typeof mentionsOf>>[number];

function add(sums: Sums, key: string, by: Record<string, number>): void {
  sums[key] ??= {};
  const sum = sums[key];
  for (const [name, count] of Object.entries(by)) sum[name] = (sum[name] ?? 0) + count;
}

async function stored(
  db: Db,
  brandId: string,
  table: string,
  column: string,
  group: string | null,
  names: string[],
) {
  const shown = column === "day" ? sql`day::text` : sql`start`;
  const { rows } = await sql<Record<string, unknown>>`
    select ${shown} as at, ${sql.raw(group ?? "''")} as part, ${sql.raw(names.map(name => `sum(${name})::float8 as ${name}`).join(", "))}
    from ${sql.table(table)} where brand_id = ${brandId} group by 1, 2`.execute(db as Kysely<unknown>);
  const sums: Sums = {};
  for (const { at, part, ...counts } of rows)
    if (Object.values(counts).some(Boolean))
      sums[`${at instanceof Date ? at.toISOString() : at} ${part}`] = counts as Record<string, number>;
  return sums;
}

const isTone = (name: string, tone: string) => Number(name === tone);

function countsOf(mention: Mention): Record<string, number> {
  const stars = mention.rating5 === null ? 0 : Math.min(5, Math.max(1, Math.round(mention.rating5)));
  return {
    total: 1,
    ...Object.fromEntries(tones.map(tone => [tone, isTone(tone, mention.tone)])),
    originals: mention.duplicate ? 0 : 1,
    ...Object.fromEntries([1, 2, 3, 4, 5].map(n => [`stars_${n}`, Number(stars === n)])),
  };
}

/** A mention's counts by aspect: the strongest word of each, and equal parts of the mention among those of its tone. */
function aspectsOf(mention: Mention, stored: readonly Word[]): [string, Record<string, number>][] {
  const human = mention.human_aspects as { aspect: string; tone: Word["tone"] }[] | null;
  const words = human === null ? stored : human.map(word => ({ ...word, score: 0 }));
  const byAspect = [...Map.groupBy(words, word => word.aspect)].map(([aspect, own]) => {
    const most = Math.max(...own.map(word => Math.abs(word.score)));
    return { aspect, tone: own.find(word => Math.abs(word.score) === most)?.tone as string };
  });
  const carriers = byAspect.filter(({ tone }) => tone === mention.tone).length;
  return byAspect.map(({ aspect, tone }) => [
    aspect,
    {
      total: 1,
      ...Object.fromEntries(tones.map(name => [name, isTone(name, tone)])),
      ...Object.fromEntries(
        tones.map(name => [
          `${name}_share`,
          name === mention.tone && tone === mention.tone ? 720_720 / carriers : 0,
        ]),
      ),
    },
  ]);
}

/** All tables of counts of a brand in Europe/Moscow say what a recount of its mentions says. */
export async function expectCounts(db: Db, brandId: string): Promise<void> {
  const mentions = await mentionsOf(db, brandId);
  for (const { table, moment, column, group } of tables) {
    const sums: Sums = {};
    for (const mention of mentions)
      add(
        sums,
        `${moments[moment](mention.occurred_at)} ${group === null ? "" : mention[group]}`,
        countsOf(mention),
      );
    expect(await stored(db, brandId, table, column, group, figures), table).toEqual(nonZero(sums));
  }
  const words = await db.selectFrom("mention_aspect").selectAll().orderBy("start").execute();
  const byMention = Map.groupBy(words, word => word.mention_id);
  for (const { table, moment, column } of aspectTables) {
    const sums: Sums = {};
    for (const mention of mentions)
      for (const [aspect, counts] of aspectsOf(mention, byMention.get(mention.id) ?? []))
        add(sums, `${moments[moment](mention.occurred_at)} ${aspect}`, counts);
    expect(await stored(db, brandId, table, column, "aspect", aspectFigures), table).toEqual(nonZero(sums));
  }
}

const nonZero = (sums: Sums): Sums =>
  Object.fromEntries(Object.entries(sums).filter(([, counts]) => Object.values(counts).some(Boolean)));
