import { z } from "zod";
import type { CaseRow } from "#store/case.ts";
import type { Db } from "#store/db.ts";
import { type MentionView, viewMentions } from "#store/mention-read.ts";
import { caseStatuses, outcomes } from "#store/tables.ts";
import { mentionBody, mentionSchema } from "./mention-shape.ts";
import { id, instant } from "./shape.ts";

/** One unanswered negative text, or cluster of them, and its handling. */
export const caseSchema = z
  .object({
    id,
    mentionId: id,
    brandId: id,
    status: z.enum(caseStatuses),
    outcome: z.enum(outcomes).nullable(),
    priority: z.int(),
    priorityFactors: z.array(z.object({ factor: z.string(), points: z.number(), why: z.string() })),
    slaStartedAt: instant,
    dueAt: instant,
    overdue: z.boolean(),
    assignee: id.nullable().describe("a person"),
    claim: z.object({ by: id, expiresAt: instant }).nullable(),
    answeredAt: instant.nullable(),
    answerUrl: z.string().nullable(),
    clusterId: id.nullable(),
    previousCaseId: id.nullable(),
    version: z.int().describe("send it as If-Match with the next step"),
    createdAt: instant,
    updatedAt: instant,
    endedAt: instant.nullable(),
    mention: mentionSchema,
  })
  .meta({ id: "Case" });

export type CaseBody = z.input<typeof caseSchema>;

const caseBody = (row: CaseRow, mention: MentionView, now: Date): CaseBody => ({
  id: row.id,
  mentionId: row.mention_id,
  brandId: row.brand_id,
  status: row.status,
  outcome: row.outcome,
  priority: row.priority,
  priorityFactors: row.priority_factors,
  slaStartedAt: row.sla_started_at,
  dueAt: row.due_at,
  overdue: row.status !== "ended" && row.due_at < now,
  assignee: row.assignee_id,
  claim:
    row.status === "claimed" && row.claimed_by !== null && row.claim_expires_at !== null
      ? { by: row.claimed_by, expiresAt: row.claim_expires_at }
      : null,
  answeredAt: row.answered_at,
  answerUrl: row.answer_url,
  clusterId: row.cluster_id,
  previousCaseId: row.previous_case_id,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  endedAt: row.ended_at,
  mention: mentionBody(mention),
});

/** Cases with their mentions, in the order given. */
export async function caseBodies(db: Db, rows: readonly CaseRow[], now: Date): Promise<CaseBody[]> {
  const mentions = await viewMentions(
    db,
    rows.map(row => row.mention_id),
  );
  return rows.map(row => caseBody(row, mentions.get(row.mention_id) as MentionView, now));
}

/** The version as HTTP tells it. */
export const etagOf = ({ version }: { version: number }): string => `"${version}"`;
