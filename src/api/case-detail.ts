import { z } from "zod";
import { answerStates } from "#domain/item.ts";
import type { CaseRow } from "#store/case.ts";
import { caseEvents } from "#store/case.ts";
import { caseNotes, casePlaces, otherCases, threadAround } from "#store/case-read.ts";
import type { Db } from "#store/db.ts";
import { type AuthorEdit, caseEdits } from "#store/mention-version.ts";
import { whoWrites } from "#store/presence.ts";
import { caseReplies } from "#store/reply.ts";
import { caseStatuses, outcomes } from "#store/tables.ts";
import { caseBodies, caseSchema } from "./case-shape.ts";
import type { Caller } from "./define.ts";
import { toneSchema } from "./mention-shape.ts";
import { replyBody, replySchema } from "./reply-shape.ts";
import { id, instant } from "./shape.ts";

/** Texts of the thread shown before the case's own, and as many after it. */
const threadEach = 10;

const place = z.object({
  id,
  documentId: id,
  sourceId: id,
  sourceKind: z.string(),
  url: z.string().nullable(),
  occurredAt: instant,
  tone: toneSchema,
  spam: z.boolean(),
  answered: z.boolean(),
  answerState: z.enum(answerStates),
  answeredAt: instant.nullable(),
  deleted: z.boolean(),
});

const neighbour = z.object({
  documentId: id,
  externalId: z.string(),
  parentExternalId: z.string().nullable(),
  title: z.string().nullable(),
  text: z.string(),
  url: z.string().nullable(),
  authorName: z.string().nullable(),
  official: z.boolean().describe("the brand's own voice"),
  occurredAt: instant,
});

const judgement = z.object({
  rating: z.number().nullable().describe("stars of five"),
  tone: toneSchema.describe("the model's"),
  score: z.number(),
});

const edit = z.object({
  mentionId: id,
  version: z.int().describe("of the text that it made"),
  at: instant.describe("by the source's word, else when it was seen"),
  textChanged: z.boolean().describe("false: the stars alone"),
  afterAnswer: z.boolean(),
  before: judgement,
  after: judgement,
});

/** One entry of a case's history: ids and field names, never texts. */
export const caseEventSchema = z
  .object({
    id,
    at: instant,
    kind: z.string(),
    version: z.int().describe("of the case after it"),
    personId: id.nullable(),
    keyId: z.string().nullable().describe("both null: the program itself"),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "CaseEvent" });

const note = z.object({
  id,
  personId: id.nullable(),
  text: z.string(),
  mentioned: z.array(id).describe("people whom it calls"),
  createdAt: instant,
});

/** A case with all that a person needs to answer it. */
export const caseDetailSchema = caseSchema
  .extend({
    mentions: z.array(place).describe("every place where the text stands and asks for an answer"),
    thread: z.array(neighbour).describe("the nearest texts of the same thread, oldest first, at most 20"),
    history: z.array(caseEventSchema),
    edits: z.array(edit).describe("what the author changed in the texts, oldest first"),
    notes: z.array(note),
    writing: z.array(z.object({ personId: id, until: instant })).describe("who is writing in it now"),
    replies: z.array(replySchema).describe("answers of ours to these texts in whatever state, oldest first"),
    otherCases: z
      .array(
        z.object({ id, brandId: id, status: z.enum(caseStatuses), outcome: z.enum(outcomes).nullable() }),
      )
      .describe("cases of other brands about the same text; one answer serves all"),
  })
  .meta({ id: "CaseDetail" });

type Events = Awaited<ReturnType<typeof caseEvents>>;
type Places = Awaited<ReturnType<typeof casePlaces>>;

export const eventBody = (row: Events[number]): z.input<typeof caseEventSchema> => ({
  id: row.id,
  at: row.at,
  kind: row.kind,
  version: row.version,
  personId: row.person_id,
  keyId: row.key_id,
  data: row.data,
});

const placeBody = (row: Places[number]): z.input<typeof place> => ({
  id: row.id,
  documentId: row.document_id,
  sourceId: row.source_id,
  sourceKind: row.source_kind,
  url: row.url,
  occurredAt: row.occurred_at,
  tone: row.tone,
  spam: row.spam,
  answered: row.answered,
  answerState: row.answer_state,
  answeredAt: row.answer_at,
  deleted: row.deleted_at !== null || row.erased_at !== null,
});

const editBody = (row: AuthorEdit): z.input<typeof edit> => ({
  mentionId: row.mention_id,
  version: row.version,
  at: row.edited_at,
  textChanged: row.text_changed,
  afterAnswer: row.after_answer,
  before: { rating: row.rating_before, tone: row.tone_before, score: row.score_before },
  after: { rating: row.rating_after, tone: row.tone_after, score: row.score_after },
});

/** Reads everything beside the case itself at once. */
export async function caseDetail(
  db: Db,
  row: CaseRow,
  caller: Caller,
  now: Date,
): Promise<z.input<typeof caseDetailSchema>> {
  const [[body], places, history, notes, others, replies, edits, writers] = await Promise.all([
    caseBodies(db, [row], now),
    casePlaces(db, row.id),
    caseEvents(db, row.id),
    caseNotes(db, row.id),
    otherCases(db, row, caller.brandIds),
    caseReplies(db, row.id),
    caseEdits(db, row.id),
    whoWrites(db, [row.id], now),
  ]);
  if (body === undefined) throw new Error(`case ${row.id} has no mention`);
  const thread = await threadAround(db, body.mention.documentId, threadEach);
  return {
    ...body,
    mentions: places.map(placeBody),
    history: history.map(eventBody),
    edits: edits.map(editBody),
    notes: notes.map(({ id: noteId, person_id, text, mentioned, created_at }) => ({
      id: noteId,
      personId: person_id,
      text,
      mentioned,
      createdAt: created_at,
    })),
    writing: writers.map(({ person_id, until }) => ({ personId: person_id, until })),
    replies: replies.map(replyBody),
    otherCases: others.map(({ id: caseId, brand_id, status, outcome }) => ({
      id: caseId,
      brandId: brand_id,
      status,
      outcome,
    })),
    thread: thread.map(one => ({
      documentId: one.id,
      externalId: one.external_id,
      parentExternalId: one.parent_external_id,
      title: one.title,
      text: one.text,
      url: one.url,
      authorName: one.author_name,
      official: one.official,
      occurredAt: one.occurred_at,
    })),
  };
}
