import type { ReportFacts } from "#domain/export/report.ts";
import { addCounts, metricsOf } from "#domain/metrics.ts";
import { cut } from "#domain/text.ts";
import { readAspects } from "#pipeline/trends/aspects.ts";
import { readShareOfVoice } from "#pipeline/trends/share-of-voice.ts";
import { sourceKinds } from "#sources/registry.ts";
import type { BrandRow } from "#store/brand.ts";
import type { Db } from "#store/db.ts";
import { readMentions } from "#store/mention-export.ts";
import { previousRange, readGroupedTrend, readTrend, type TrendQuestion } from "#store/trend.ts";

/** What a report is asked by. */
export interface ReportQuestion {
  brand: BrandRow;
  /** The own brand and the competitors that may be shown. */
  rivals: readonly BrandRow[];
  from: Date;
  to: Date;
  timezone: string;
  language: "ru" | "en";
}

const dayMs = 86_400_000;
const negativeCount = 10;
const quoteLength = 400;
const aspectCount = 12;
const bucketOf = ({ from, to }: ReportQuestion) => {
  const days = (to.getTime() - from.getTime()) / dayMs;
  return days <= 45 ? "day" : days <= 200 ? "week" : "month";
};

/** Everything that a report tells, from the rollups; single mentions are read for the quotes alone. */
export async function readReport(db: Db, asked: ReportQuestion, now: Date): Promise<ReportFacts> {
  const { brand, from, to, timezone, language } = asked;
  const question: TrendQuestion = {
    brandId: brand.id,
    from,
    to,
    bucket: bucketOf(asked),
    timezone,
    brandTimezone: brand.timezone,
  };
  const buckets = await readTrend(db, question);
  const first = buckets[0]?.start ?? from;
  const before = await previousRange(db, question, first, buckets.length);
  const range = { from: first, to: buckets.at(-1)?.end ?? to };
  return {
    brand: brand.name,
    language,
    timezone,
    ...range,
    madeAt: now,
    totals: metricsOf(addCounts(buckets)),
    previous: metricsOf(addCounts(await readTrend(db, { ...question, ...before }))),
    series: buckets.map(({ start, ...counts }) => ({ start, ...metricsOf(counts) })),
    sources: await sourcesOf(db, question, language),
    aspects: await aspectsOf(db, question),
    voices: await voicesOf(db, question, asked.rivals),
    negatives: await negativesOf(db, brand.id, range),
  };
}

async function sourcesOf(db: Db, question: TrendQuestion, language: "ru" | "en") {
  const rows = await readGroupedTrend(db, question, "sourceKind");
  return [...Map.groupBy(rows, row => row.group)]
    .map(([kindId, group]) => {
      const kind = sourceKinds.find(one => one.id === kindId);
      return { name: kind?.title[language] ?? kindId, ...addCounts(group) };
    })
    .toSorted((one, other) => other.total - one.total);
}

async function aspectsOf(db: Db, question: TrendQuestion) {
  const { rows } = await readAspects(db, question);
  return rows
    .filter(row => row.total > 0)
    .slice(0, aspectCount)
    .map(({ contribution, ...row }) => ({ ...row, points: contribution?.points ?? null }));
}

async function voicesOf(db: Db, question: TrendQuestion, rivals: readonly BrandRow[]) {
  if (rivals.length < 2) return [];
  const names = new Map(rivals.map(rival => [rival.id, rival.name]));
  const { totals } = await readShareOfVoice(db, question, rivals);
  return totals.map(({ brandId, unique, share }) => ({
    name: names.get(brandId) ?? brandId,
    unique,
    share: share?.share ?? null,
  }));
}

async function negativesOf(db: Db, brandId: string, range: { from: Date; to: Date }) {
  const asked = { brandIds: [brandId], tone: ["negative"], spam: false, duplicate: false, ...range };
  for await (const rows of readMentions(db, asked, negativeCount)) {
    return rows.map(row => ({
      at: row.occurred_at,
      source: row.source_title,
      author: row.author_name,
      text: cut([row.title, row.text].filter(Boolean).join("\n"), quoteLength),
      url: row.url,
    }));
  }
  return [];
}
