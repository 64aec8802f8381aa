import { z } from "zod";
import { type ReplyProblem, replyChecks } from "#domain/reply/checks.ts";
import { replyOrigins } from "#domain/reply/rules.ts";
import type { ReplyRow } from "#store/reply.ts";
import { replyStates } from "#store/tables.ts";
import { id, instant } from "./shape.ts";

/** What keeps a text from being sent, with its words and their place. */
export const replyProblemSchema = z
  .object({
    check: z.enum(replyChecks),
    message: z.string(),
    found: z.string().nullable(),
    start: z.int().nullable().describe("in UTF-16 units, as JavaScript counts; null: the whole text"),
    end: z.int().nullable(),
  })
  .meta({ id: "ReplyProblem" });

/** One answer of ours to one text, from draft to published. */
export const replySchema = z
  .object({
    id,
    caseId: id,
    documentId: id.describe("the text that it answers"),
    sourceId: id.nullable().describe("the answering account"),
    state: z.enum(replyStates),
    text: z.string(),
    assisted: z
      .boolean()
      .describe("the source takes no answers of programs: a person posts the approved text"),
    templateId: id.nullable(),
    origin: z
      .enum(replyOrigins)
      .describe("`template` while its text stands unchanged; `model` began as a model's draft"),
    draftedBy: id.nullable(),
    submittedBy: id.nullable(),
    submittedAt: instant.nullable(),
    decidedBy: id.nullable().describe("who approved or rejected it"),
    decidedAt: instant.nullable(),
    reason: z.string().nullable().describe("why it was rejected or refused"),
    sendAt: instant.nullable(),
    nextAttemptAt: instant.nullable(),
    sentAt: instant.nullable(),
    publishedAt: instant.nullable(),
    editOf: id.nullable().describe("the published reply that this one is to replace"),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "Reply" });

export const replyBody = (row: ReplyRow): z.input<typeof replySchema> => ({
  id: row.id,
  caseId: row.case_id,
  documentId: row.document_id,
  sourceId: row.source_id,
  state: row.state,
  text: row.text,
  assisted: row.assisted,
  templateId: row.template_id,
  origin: row.origin,
  draftedBy: row.drafted_by,
  submittedBy: row.submitted_by,
  submittedAt: row.submitted_at,
  decidedBy: row.decided_by,
  decidedAt: row.decided_at,
  reason: row.reason,
  sendAt: row.send_at,
  nextAttemptAt: row.next_attempt_at,
  sentAt: row.sent_at,
  publishedAt: row.published_at,
  editOf: row.edit_of,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

export const problemBody = ({ check, message, found, start, end }: ReplyProblem): ReplyProblem => ({
  check,
  message,
  found,
  start,
  end,
});
