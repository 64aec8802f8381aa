import { z } from "zod";
import { type ClockReading, clockStates } from "#domain/sla.ts";
import { type Calendars, openCalendars, readCaseClock } from "#pipeline/desk/clock-columns.ts";
import type { CaseRow } from "#store/case.ts";
import { type CaseText, caseTexts } from "#store/case-read.ts";
import type { Db } from "#store/db.ts";
import type { MentionView } from "#store/mention-read.ts";
import { caseStatuses, outcomes } from "#store/tables.ts";
import { mentionBody, mentionSchema } from "./mention-shape.ts";
import { id, instant } from "./shape.ts";

const slaSchema = z
  .object({
    targetMs: z.number().describe("working time allowed"),
    usedMs: z.number().describe("working time used; the clock stands while the case waits for the author"),
    leftMs: z.number().describe("negative by the working time that the answer is late"),
    dueAt: instant.nullable().describe("null while the clock stands"),
    breachedAt: instant
      .nullable()
      .describe("when it came due unanswered; only an answer that the platform dates earlier takes it back"),
    state: z.enum(clockStates),
  })
  .describe("the clock of the time to answer");

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
    sla: slaSchema,
    assignee: id.nullable().describe("a person"),
    claim: z.object({ by: id, expiresAt: instant }).nullable(),
    firstAnswerAt: instant.nullable().describe("of the first of its texts"),
    answeredAt: instant.nullable(),
    answerUrl: z.string().nullable(),
    clusterId: id.nullable(),
    previousCaseId: id.nullable(),
    departmentId: id.nullable().describe("in whose queue it stands; null is everybody's"),
    tags: z.array(z.string()),
    rootCauses: z.array(z.string()),
    snoozedUntil: instant.nullable(),
    escalatedAt: instant.nullable(),
    mergedInto: id.nullable().describe("the case that took over its texts"),
    version: z.int().describe("send it as If-Match with the next step"),
    createdAt: instant,
    updatedAt: instant,
    endedAt: instant.nullable(),
    mention: mentionSchema,
  })
  .meta({ id: "Case" });

export type CaseBody = z.input<typeof caseSchema>;

const slaBody = (row: CaseRow, reading: ClockReading): CaseBody["sla"] => ({
  targetMs: row.sla_target_ms,
  usedMs: reading.usedMs,
  leftMs: reading.leftMs,
  dueAt: reading.state === "standing" ? null : row.due_at,
  breachedAt: row.breached_at ?? (reading.breachedAt === null ? null : new Date(reading.breachedAt)),
  state: reading.state,
});

const caseBody = (row: CaseRow, mention: MentionView, clock: ClockReading): CaseBody => ({
  id: row.id,
  mentionId: row.mention_id,
  brandId: row.brand_id,
  status: row.status,
  outcome: row.outcome,
  priority: row.priority,
  priorityFactors: row.priority_factors,
  slaStartedAt: row.sla_started_at,
  dueAt: row.due_at,
  overdue: row.status !== "ended" && clock.state === "breached",
  sla: slaBody(row, clock),
  assignee: row.assignee_id,
  claim:
    row.status === "claimed" && row.claimed_by !== null && row.claim_expires_at !== null
      ? { by: row.claimed_by, expiresAt: row.claim_expires_at }
      : null,
  firstAnswerAt: row.first_answer_at,
  answeredAt: row.answered_at,
  answerUrl: row.answer_url,
  clusterId: row.cluster_id,
  previousCaseId: row.previous_case_id,
  departmentId: row.department_id,
  tags: row.tags,
  rootCauses: row.root_causes,
  snoozedUntil: row.status === "snoozed" ? row.snoozed_until : null,
  escalatedAt: row.escalated_at,
  mergedInto: row.merged_into,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  endedAt: row.ended_at,
  mention: mentionBody(mention),
});

/** Cases whose texts are known. */
export function bodiesOf(rows: readonly (CaseRow & { text: CaseText })[], now: Date): CaseBody[] {
  const calendars = new Map<string, Calendars>();
  for (const { text } of rows)
    if (!calendars.has(text.brand_id)) calendars.set(text.brand_id, openCalendars(text));
  return rows.map(row =>
    caseBody(row, row.text, readCaseClock(row, calendars.get(row.brand_id) as Calendars, now)),
  );
}

/** Cases with their texts, in the order given. */
export async function caseBodies(db: Db, rows: readonly CaseRow[], now: Date): Promise<CaseBody[]> {
  const texts = await caseTexts(
    db,
    rows.map(row => row.mention_id),
  );
  return bodiesOf(
    rows.map(row => ({ ...row, text: texts.get(row.mention_id) as CaseText })),
    now,
  );
}

/** The version as HTTP tells it. */
export const etagOf = ({ version }: { version: number }): string => `"${version}"`;
