import type { Cell, Table } from "#domain/export/table.ts";
import type { ExportedMention } from "#store/mention-export.ts";

/** Names as the API calls the fields, and what a row holds under them. */
const columns: Record<string, (row: ExportedMention) => Cell> = {
  id: row => row.id,
  brand: row => row.brand_name,
  source: row => row.source_title,
  sourceKind: row => row.source_kind,
  kind: row => row.kind,
  occurredAt: row => row.occurred_at,
  publishedAt: row => row.published_at,
  firstSeenAt: row => row.first_seen_at,
  author: row => row.author_name,
  authorReach: row => row.author_reach,
  title: row => row.title,
  text: row => row.text,
  product: row => row.product,
  url: row => row.url,
  language: row => row.language,
  rating: row => row.rating_value,
  ratingScale: row => row.rating_scale,
  tone: row => row.tone,
  score: row => row.score,
  confidence: row => row.confidence,
  uncertain: row => row.uncertain,
  toneByHand: row => row.human_tone !== null,
  aspects: row => row.aspects.map(({ aspect, tone }) => `${aspect}: ${tone}`).join("; "),
  intents: row => row.intents.join("; "),
  tags: row => row.tags.join("; "),
  spam: row => row.spam,
  duplicate: row => row.duplicate,
  answered: row => row.answered,
  answer: row => row.answer?.text ?? null,
  answerAt: row => row.answer_at,
  threadTitle: row => row.thread_title,
  externalId: row => row.external_id,
  documentId: row => row.document_id,
  caseId: row => row.case_id,
};

const readers = Object.values(columns);

/** Mentions as a table of one row each. */
export const mentionTable = (batches: AsyncIterable<readonly ExportedMention[]>): Table => ({
  name: "Mentions",
  columns: Object.keys(columns),
  rows: rowsOf(batches),
});

async function* rowsOf(
  batches: AsyncIterable<readonly ExportedMention[]>,
): AsyncGenerator<readonly (readonly Cell[])[]> {
  for await (const batch of batches) yield batch.map(row => readers.map(read => read(row)));
}
