import { sql } from "kysely";
import type { Db } from "./db.ts";
import type { MentionRow } from "./mention.ts";

/** Which texts of a brand to read: at most `limit`. */
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
  id: string;
  title: string | null;
  text: string;
  spans: MentionRow["spans"];
}

/** Parts of a range that give equally many texts, so that a busy end does not speak for the whole. */
const partCount = 24;
const longestText = 2_000;

/**
 * Texts of a range without copies and erased ones, newest first: all of them up to the limit. Where there are more,
 * `complete` is false, and each part of the range gives its newest, an equal part of the limit at most.
 */
export async function sampleTexts(
  db: Db,
  { limit, ...question }: TextQuestion,
): Promise<{ texts: SampledText[]; complete: boolean }> {
  const { from, to } = question;
  const newest = await newestOf(db, question, [{ low: from, high: to }], limit + 1);
  const complete = newest.length <= limit;
  const perPart = Math.max(1, Math.floor(limit / partCount));
  const ids = complete ? newest : await newestOf(db, question, partsOf(from, to), perPart);
  return { texts: await textsOf(db, ids), complete };
}

interface Part {
  low: Date;
  high: Date;
}

function partsOf(from: Date, to: Date): Part[] {
  const stepMs = (to.getTime() - from.getTime()) / partCount;
  return Array.from({ length: partCount }, (_, n) => ({
    low: new Date(from.getTime() + Math.round(n * stepMs)),
    high: new Date(from.getTime() + Math.round((n + 1) * stepMs)),
  }));
}

/** Ids of the newest mentions of each part, newest first. */
async function newestOf(
  db: Db,
  { brandId, tone }: Pick<TextQuestion, "brandId" | "tone">,
  parts: readonly Part[],
  perPart: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select m.id
    from unnest(${parts.map(part => part.low)}::timestamptz[], ${parts.map(part => part.high)}::timestamptz[])
      as p(low, high)
    cross join lateral (
      select id, occurred_at from mention
      where brand_id = ${brandId} and deleted_at is null and not duplicate
        and occurred_at >= p.low and occurred_at < p.high
        ${tone === null ? sql`` : sql`and tone = ${tone}`}
      order by occurred_at desc, id desc limit ${perPart}) m
    order by m.occurred_at desc, m.id desc`.execute(db);
  return rows.map(({ id }) => id);
}

async function textsOf(db: Db, ids: readonly string[]): Promise<SampledText[]> {
  const { rows } = await sql<Row>`
    select m.id, d.title, left(d.text, ${longestText}::int) as text, m.spans
    from unnest(${[...ids]}::uuid[]) with ordinality as x(id, n)
    join mention m on m.id = x.id
    join document d on d.id = m.document_id and d.erased_at is null
    order by x.n`.execute(db);
  return rows.map(({ id, title, text, spans }) => ({
    id,
    text: `${withoutSpans(title ?? "", spans, "title")}. ${withoutSpans(text, spans, "text")}`,
  }));
}

function withoutSpans(text: string, spans: Row["spans"], field: "title" | "text"): string {
  let [rest, from] = ["", 0];
  for (const { start, end } of spans.filter(span => span.field === field).sort((a, b) => a.start - b.start)) {
    rest += `${text.slice(from, Math.max(from, start))} . `;
    from = Math.max(from, end);
  }
  return rest + text.slice(from);
}
