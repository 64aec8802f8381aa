import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import pg from "pg";
import { inTransaction } from "#store/db.ts";
import { rebuildDays } from "#store/rollup.ts";
import { costEach, countCpu } from "./cpu.ts";
import { startInflow } from "./inflow.ts";
import { negativeEvery } from "./ingest.ts";
import { type Program, startProgram } from "./program.ts";
import { type Figure, load, makeBrand, makeSource, openStage, quantile, type Stage } from "./stage.ts";
import { askInTurn } from "./turns.ts";

const dayMs = 86_400_000;
const days = 365;
const sourceCount = 10;
/** What an API that has just started still learns of its own code does not count. */
const warmups = 20;
const offeredPerSecond = 1000;
/** Beside a collector: more than a department that looks at trends asks for. */
const askedEveryMs = 100;

/**
 * Counts `mentionCount` random mentions of a year in 10 sources and 4 kinds into the quarters, in the order of time, and those into
 * the hours and the days. The mentions themselves are not stored: no trend reads them.
 */
async function generate(stage: Stage, mentionCount: number, from: Date): Promise<string> {
  const brandId = await makeBrand(stage.db, `trend ${mentionCount}`);
  for (let index = 0; index < sourceCount; index++)
    await makeSource(stage.db, brandId, "rss-feed", { url: `https://${index}.example.org/` });
  await inTransaction(stage.db, async tx => {
    await sql`set local work_mem = '512MB'`.execute(tx);
    await sql`
      insert into rollup_quarter
        (brand_id, start, source_id, source_kind, kind, language, total, positive, neutral, negative, score_sum, rating_sum, rating_count)
      select ${brandId}::uuid, ${from}::timestamptz + quarter * interval '15 minutes', sources.ids[source], 'rss-feed',
        (array['review', 'post', 'comment', 'news'])[kind], 'ru', count(*), count(*) filter (where tone < 0.3),
        count(*) filter (where tone >= 0.3 and tone < 0.8), count(*) filter (where tone >= 0.8), sum(0.5 - tone), 0, 0
      from (select floor(random() * ${days * 96})::int as quarter, 1 + floor(random() * ${sourceCount})::int as source,
              1 + floor(random() * 4)::int as kind, random() as tone from generate_series(1, ${mentionCount}::int)) made,
        (select array_agg(source_id) as ids from source_brand where brand_id = ${brandId}) sources
      group by quarter, source, kind, sources.ids order by quarter`.execute(tx);
    await sql`
      insert into total_hour
      select brand_id, date_trunc('hour', start), source_id, sum(total), sum(positive), sum(neutral), sum(negative), sum(score_sum), sum(rating_sum),
        sum(rating_count)
      from rollup_quarter where brand_id = ${brandId} group by 1, 2, 3 order by 2`.execute(tx);
    await sql`
      insert into rollup_hour
        (brand_id, start, source_id, source_kind, kind, language, total, positive, neutral, negative, score_sum, rating_sum, rating_count)
      select brand_id, date_trunc('hour', start), source_id, source_kind, kind, language, sum(total), sum(positive), sum(neutral),
        sum(negative), sum(score_sum), sum(rating_sum), sum(rating_count)
      from rollup_quarter where brand_id = ${brandId} group by 1, 2, 3, 4, 5, 6 order by 2`.execute(tx);
    await rebuildDays(tx, brandId);
  });
  const owner = new pg.Client(stage.server.ownerUrl);
  await owner.connect();
  await owner.query("vacuum analyze rollup_quarter, rollup_hour, rollup_day, total_hour, total_day");
  await owner.end();
  return brandId;
}

interface Question {
  name: string;
  search: Record<string, string>;
  targetMs: number;
  /** How often it is asked: two slow answers of two hundred are its p99. */
  repeats: number;
}

const questions = (from: Date): Question[] => {
  const last = (count: number): string => new Date(from.getTime() + (days - count) * dayMs).toISOString();
  return [
    {
      name: "a year of days, brand's zone",
      search: { bucket: "day", from: last(365) },
      targetMs: 50,
      repeats: 600,
    },
    {
      name: "a year of days, foreign zone",
      search: { bucket: "day", from: last(365), timezone: "America/New_York" },
      targetMs: 250,
      repeats: 200,
    },
    {
      name: "a week of hours, brand's zone",
      search: { bucket: "hour", from: last(7) },
      targetMs: 50,
      repeats: 600,
    },
  ];
};

function measure({ url, key }: Program, brandId: string, question: Question, to: Date, everyMs = 0) {
  const search = new URLSearchParams({ brandId, to: to.toISOString(), ...question.search });
  return askInTurn({
    url,
    key,
    path: `/v1/trends/sentiment?${search}`,
    warmups,
    count: question.repeats,
    everyMs,
  });
}

/** Sentiment trends through the API, quiet and beside a collector that stores a thousand documents a second. */
export async function benchTrend(counts: readonly number[]): Promise<Figure[]> {
  const stage = await openStage();
  const from = new Date(Date.UTC(2025, 0, 1));
  const to = new Date(from.getTime() + days * dayMs);
  try {
    const secret = randomBytes(32).toString("base64");
    const program = await startProgram("api", {
      DATABASE_URL: stage.server.appUrl,
      MOLVA_SECRET_KEY: secret,
    });
    const figures: Figure[] = [];
    try {
      for (const count of counts) {
        const started = performance.now();
        const brandId = await generate(stage, count, from);
        console.log(
          `  ${count} mentions counted in ${Math.round(performance.now() - started)} ms, ${load()}`,
        );
        for (const question of questions(from)) {
          const name = `trend, ${count / 1e6} M mentions, ${question.name}`;
          const cpu = countCpu(stage.server.pid, program.pid);
          const times = await measure(program, brandId, question, to);
          figures.push(...toFigures(name, question, times, costEach(cpu(), question.repeats)));
        }
        const [first] = questions(from) as [Question];
        const offer = { perSecond: offeredPerSecond, negativeEvery, seed: count };
        const inflow = await startInflow(stage.server.appUrl, offer);
        const busy = await measure(program, brandId, first, to, askedEveryMs);
        const stored = Math.round(await inflow.stop());
        figures.push(
          ...toFigures(
            `trend, ${count / 1e6} M mentions, ${first.name}, while ingesting`,
            first,
            busy,
            `asked ten times a second, ${stored} of ${offeredPerSecond} documents/s stored, ${load()}`,
          ),
        );
      }
    } finally {
      await program.stop();
    }
    return figures;
  } finally {
    await stage.close();
  }
}

const toFigures = (
  name: string,
  { targetMs }: Question,
  times: readonly number[],
  note: string,
): Figure[] => [
  { name: `${name}, p50`, unit: "ms", result: quantile(times, 0.5), target: null, more: false, note },
  { name: `${name}, p99`, unit: "ms", result: quantile(times, 0.99), target: targetMs, more: false },
];
