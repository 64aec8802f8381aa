import { sql } from "kysely";
import type { Db } from "./db.ts";
import type { MentionRow } from "./mention.ts";

/** Which texts of a brand to read: at most `limit`, spread evenly over the range. */
export interface TextQuestion {
  brandId: string;
  from: Date;
  to: Date;
  limit: number;
  tone: "positive" | "neutral" | "negative" | null;
}

/** A text with a full stop in place of the brand, which is no topic of its own mentions. */
export interface SampledText {
  id: string;
  text: string;
}

interface Row {
  part: number;
  id: string;
  title: string | null;
  text: string;
  spans: MentionRow["spans"];
}

/** Parts of a range that give equally many texts, so that a busy end does not speak for the whole. */
const partCount = 24;
const longestText = 2_000;

/**
 * Texts of a range without copies and erased ones, newest first. Where a part of the range has more than its equal
 * part of the limit, its newest are taken and `complete` is false.
 */
export async function sampleTexts(
  db: Db,
  { brandId, from, to, limit, tone }: TextQuestion,
): Promise<{ texts: SampledText[]; complete: boolean }> {
  const perPart = Math.max(1, Math.floor(limit / partCount));
  const stepMs = (to.getTime() - from.getTime()) / partCount;
  const parts = Array.from({ length: partCount }, (_, n) => ({
    low: new Date(from.getTime() + Math.round(n * stepMs)),
    high: new Date(from.getTime() + Math.round((n + 1) * stepMs)),
  }));
  const { rows } = await sql<Row>`
    select p.n::int as part, m.id, d.title, left(d.text, ${longestText}::int) as text, m.spans
    from unnest(${parts.map(part => part.low)}::timestamptz[], ${parts.map(part => part.high)}::timestamptz[])
      with ordinality as p(low, high, n)
    cross join lateral (
      select id, document_id, occurred_at, spans from mention
      where brand_id = ${brandId} and deleted_at is null and not duplicate
        and occurred_at >= p.low and occurred_at < p.high
        ${tone === null ? sql`` : sql`and tone = ${tone}`}
      order by occurred_at desc, id desc limit ${perPart}) m
    join document d on d.id = m.document_id and d.erased_at is null
    order by m.occurred_at desc, m.id desc`.execute(db);
  const fullest = [...Map.groupBy(rows, row => row.part).values()].map(own => own.length);
  return {
    texts: rows.map(({ id, title, text, spans }) => ({
      id,
      text: `${withoutSpans(title ?? "", spans, "title")}. ${withoutSpans(text, spans, "text")}`,
    })),
    complete: fullest.every(count => count < perPart),
  };
}

function withoutSpans(text: string, spans: Row["spans"], field: "title" | "text"): string {
  let [rest, from] = ["", 0];
  for (const { start, end } of spans.filter(span => span.field === field).sort((a, b) => a.start - b.start)) {
    rest += `${text.slice(from, Math.max(from, start))} . `;
    from = Math.max(from, end);
  }
  return rest + text.slice(from);
}
