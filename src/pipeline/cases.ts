import { casePriority, nextPriorityAt } from "#domain/priority.ts";
import { dueAt } from "#domain/sla.ts";
import {
  type CaseEventInput,
  type CaseRow,
  type CaseStep,
  casesInNeed,
  insertCaseEvents,
  insertCases,
  lockCases,
  lockClusterCases,
  stepCase,
} from "#store/case.ts";
import { logChanges } from "#store/change.ts";
import type { Tx } from "#store/db.ts";
import { newId } from "#store/id.ts";
import type { MentionInput } from "#store/mention.ts";
import type { Outcome } from "#store/tables.ts";
import type { WatchedBrand } from "./watch.ts";

/** Who takes a step: a person, a service's key, both, or the program itself (both null). */
export interface Actor {
  personId: string | null;
  keyId: string | null;
}

export const nobody: Actor = { personId: null, keyId: null };

/** A mention that asks for an answer and has no case yet. */
export interface Plea {
  mention: MentionInput;
  clusterId: string | null;
  publishedAt: Date | null;
  reach: number | null;
  views: number | null;
}

const hourMs = 3_600_000;
/** From this priority on the urgent time to answer holds. */
const urgentPriority = 70;

/**
 * Plans the cases of new pleas before the mentions are written: a plea of a cluster joins its open case,
 * else it gets its own, linked to the cluster's ended one. Sets `case_id` of each mention.
 */
export async function planCases(
  tx: Tx,
  pleas: readonly Plea[],
  brands: ReadonlyMap<string, WatchedBrand>,
  now: Date,
) {
  const clusterIds = [...new Set(pleas.flatMap(plea => plea.clusterId ?? []))];
  const clusterCases = await lockClusterCases(tx, clusterIds, [
    ...new Set(pleas.map(plea => plea.mention.brand_id)),
  ]);
  const planned: CaseRow[] = [];
  const joined = new Set<string>();
  for (const plea of pleas) {
    const mates = [...clusterCases, ...planned].filter(
      row =>
        row.cluster_id !== null &&
        row.cluster_id === plea.clusterId &&
        row.brand_id === plea.mention.brand_id,
    );
    const open = mates.find(row => row.status !== "ended");
    if (open) {
      plea.mention.case_id = open.id;
      joined.add(open.id);
      continue;
    }
    const row = newCase(
      plea,
      brands.get(plea.mention.brand_id) as WatchedBrand,
      mates.at(-1)?.id ?? null,
      now,
    );
    plea.mention.case_id = row.id;
    planned.push(row);
  }
  return { planned, joined };
}

function newCase(plea: Plea, brand: WatchedBrand, previousCaseId: string | null, now: Date): CaseRow {
  const { mention } = plea;
  const started = new Date(Math.max(plea.publishedAt?.getTime() ?? 0, mention.first_seen_at.getTime()));
  const facts = {
    kind: mention.kind,
    score: mention.score,
    confidence: mention.confidence,
    rating5: mention.rating5,
    intents: mention.intents,
    reach: plea.reach,
    views: plea.views,
    placeCount: 1,
    slaStartedAt: started,
  };
  const normal = dueAt(started, brand.sla.hours * hourMs, brand.businessHours, brand.timezone);
  const first = casePriority({ ...facts, dueAt: normal }, now);
  const urgent = first.priority >= urgentPriority;
  const due = urgent
    ? dueAt(started, brand.sla.urgentHours * hourMs, brand.businessHours, brand.timezone)
    : normal;
  return {
    id: newId(),
    mention_id: mention.id,
    brand_id: mention.brand_id,
    cluster_id: plea.clusterId,
    previous_case_id: previousCaseId,
    status: "open",
    outcome: null,
    priority: first.priority,
    priority_factors: first.factors,
    next_priority_at: nextPriorityAt(started, due, now),
    sla_started_at: started,
    due_at: due,
    answered_at: null,
    answer_url: null,
    assignee_id: null,
    claimed_by: null,
    claim_expires_at: null,
    version: 1,
    created_at: now,
    updated_at: now,
    ended_at: null,
    department_id: null,
    tags: [],
    root_causes: [],
    snoozed_until: null,
    escalated_at: null,
    merged_into: null,
    sla_target_ms: 0,
    sla_used_ms: 0,
    sla_running_at: started,
    breached_at: null,
    first_answer_at: null,
    assign_after: null,
  };
}

/** Writes planned cases with their history; the mentions are written before. */
export async function openCases(
  tx: Tx,
  planned: readonly CaseRow[],
  joined: ReadonlySet<string>,
  now: Date,
): Promise<void> {
  await insertCases(tx, planned);
  const born = new Set(planned.map(row => row.id));
  const others = [...joined].filter(id => !born.has(id));
  if (others.length > 0) {
    await tx.updateTable("case").set({ next_priority_at: now }).where("id", "in", others).execute();
  }
  const places = (await lockCases(tx, others)).map(row => eventOf(row, "place-added", nobody, now, {}));
  await insertCaseEvents(tx, places);
}

/** Why the mentions of a case may have stopped, or begun again, to ask for an answer. */
export interface Cause {
  caseId: string;
  /** How the case ends if nothing in it asks for an answer any more. */
  outcome: Outcome;
  /** Whether it comes back if something in it asks again after it had ended. */
  reopens: boolean;
  answeredAt: Date | null;
}

/**
 * Brings cases in line with their mentions: ends those in which nothing asks for an answer any more, reopens
 * those whose author changed the text after the answer. An ended case stays ended for any other cause.
 */
export async function settleCases(tx: Tx, causes: readonly Cause[], actor: Actor, now: Date): Promise<void> {
  if (causes.length === 0) return;
  const byCase = new Map(causes.map(cause => [cause.caseId, cause]));
  const rows = await lockCases(tx, [...byCase.keys()]);
  const inNeed = await casesInNeed(
    tx,
    rows.map(row => row.id),
  );
  for (const row of rows) {
    const cause = byCase.get(row.id) as Cause;
    if (row.status !== "ended" && !inNeed.has(row.id)) {
      await takeStep(tx, row, endStep(cause.outcome, cause.answeredAt, now), {
        kind: "ended",
        actor,
        data: { outcome: cause.outcome },
      });
    } else if (row.status === "ended" && inNeed.has(row.id) && cause.reopens) {
      await takeStep(tx, row, reopenStep(now), { kind: "reopened", actor, data: { outcome: row.outcome } });
    }
  }
}

export const endStep = (outcome: Outcome, answeredAt: Date | null, now: Date): CaseStep => ({
  status: "ended",
  outcome,
  ended_at: now,
  updated_at: now,
  claim_expires_at: null,
  next_priority_at: null,
  ...(answeredAt === null ? {} : { answered_at: answeredAt }),
});

export const reopenStep = (now: Date): CaseStep => ({
  status: "open",
  outcome: null,
  ended_at: null,
  claimed_by: null,
  claim_expires_at: null,
  next_priority_at: now,
  updated_at: now,
});

/** One step with its history and its entry in the log, in one transaction. */
export async function takeStep(
  tx: Tx,
  row: CaseRow,
  step: CaseStep,
  told: { kind: string; actor: Actor; data: Record<string, unknown>; personIds?: readonly string[] },
): Promise<CaseRow> {
  const after = await stepCase(tx, row.id, step);
  await insertCaseEvents(tx, [eventOf(after, told.kind, told.actor, step.updated_at, told.data)]);
  await logChanges(
    tx,
    [
      {
        event: `case.${told.kind}`,
        brandId: row.brand_id,
        subjectId: row.id,
        ...(told.personIds ? { personIds: told.personIds } : {}),
      },
    ],
    step.updated_at,
  );
  return after;
}

function eventOf(
  row: CaseRow,
  kind: string,
  actor: Actor,
  now: Date,
  data: Record<string, unknown>,
): CaseEventInput {
  return {
    id: newId(),
    case_id: row.id,
    at: now,
    kind,
    version: row.version,
    person_id: actor.personId,
    key_id: actor.keyId,
    data,
  };
}
