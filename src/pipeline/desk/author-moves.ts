import { eventOf, nobody } from "#pipeline/cases.ts";
import { type CaseRow, insertCaseEvents, lockCases } from "#store/case.ts";
import type { Tx } from "#store/db.ts";
import type { DocumentRow, KnownDocument } from "#store/document.ts";
import type { MentionInput, MentionRow } from "#store/mention.ts";
import { casesOfAuthors, insertMentionVersions } from "#store/mention-version.ts";

interface Placed {
  row: DocumentRow;
  known: KnownDocument | null;
  textChanged: boolean;
}

interface Judged {
  before: MentionRow | null;
  after: MentionInput;
}

interface Move {
  caseId: string;
  kind: "author-edited" | "author-answered" | "answer-removed";
  data: Record<string, unknown>;
}

/**
 * What a page tells of texts that have a case: their author changed the words or the stars, or wrote again, or
 * the answer is gone. Kept in the histories, and as earlier judgements of the texts.
 */
export async function noticeAuthors(
  tx: Tx,
  page: readonly Placed[],
  judged: readonly Judged[],
  now: Date,
): Promise<void> {
  const placed = new Map(page.map(one => [one.row.id, one]));
  const edits = judged.flatMap(one => editOf(one, placed.get(one.after.document_id), now));
  await insertMentionVersions(
    tx,
    edits.map(edit => edit.replaced),
  );
  const found = [
    ...edits.flatMap(edit => edit.moves),
    ...judged.flatMap(one => lossOf(one, placed.get(one.after.document_id))),
    ...(await followups(tx, page)),
  ];
  if (found.length === 0) return;
  const locked = await lockCases(tx, [...new Set(found.map(move => move.caseId))]);
  const rows = new Map(locked.map(row => [row.id, row]));
  const moves = found.filter(move => isNews(move, rows.get(move.caseId)));
  await insertCaseEvents(
    tx,
    moves.map(({ caseId, kind, data }) => eventOf(rows.get(caseId) as CaseRow, kind, nobody, now, data)),
  );
}

/** A further text of the author matters where somebody waits for it, or has answered him. */
const isNews = ({ kind, data }: Move, row: CaseRow | undefined): boolean =>
  row !== undefined &&
  (kind !== "author-answered" || data["afterAnswer"] === true || row.status === "awaiting-author");

function editOf({ before, after }: Judged, placed: Placed | undefined, now: Date) {
  if (before === null || !placed?.known || !placed.textChanged) return [];
  const { known, row } = placed;
  const textChanged = known.text !== row.text || known.title !== row.title;
  const editedAt = row.edited_at ?? now;
  const replaced = {
    mention_id: before.id,
    version: known.version,
    tone: before.model_tone,
    score: before.score,
    rating5: before.rating5,
    text_changed: textChanged,
    replaced_at: editedAt,
  };
  if (before.case_id === null) return [{ replaced, moves: [] }];
  const data = {
    mentionId: before.id,
    version: row.version,
    editedAt,
    fields: [...(textChanged ? ["text"] : []), ...(before.rating5 === after.rating5 ? [] : ["rating"])],
    rating: { before: before.rating5, after: after.rating5 },
    tone: { before: before.model_tone, after: after.model_tone },
    afterAnswer: row.answer_at !== null && row.answer_at <= editedAt,
  };
  return [{ replaced, moves: [{ caseId: before.case_id, kind: "author-edited", data } satisfies Move] }];
}

function lossOf({ before, after }: Judged, placed: Placed | undefined): Move[] {
  if (before === null || before.case_id === null || !before.answered || after.answered) return [];
  if (placed?.row.answer_state !== "removed") return [];
  return [{ caseId: before.case_id, kind: "answer-removed", data: { mentionId: before.id } }];
}

async function followups(tx: Tx, page: readonly Placed[]): Promise<Move[]> {
  const texts = page.flatMap(({ row, known }) =>
    known === null && row.author_id !== null && (row.thread_id !== null || row.parent_external_id !== null)
      ? [{ ...row, document_id: row.id, author_id: row.author_id }]
      : [],
  );
  const rows = texts.map(
    ({ document_id, author_id, source_kind, site, thread_id, parent_external_id, occurred_at }) => ({
      document_id,
      author_id,
      source_kind,
      site,
      thread_id,
      parent_external_id,
      occurred_at,
    }),
  );
  return (await casesOfAuthors(tx, rows)).map(found => ({
    caseId: found.case_id,
    kind: "author-answered",
    data: {
      mentionId: found.mention_id,
      documentId: found.document_id,
      afterAnswer: found.after_answer,
    },
  }));
}
