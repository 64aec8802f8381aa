import { MolvaError } from "#domain/errors.ts";
import { settleCases } from "#pipeline/case-settling.ts";
import { type Actor, endStep, nobody, reopenStep, takeStep } from "#pipeline/cases.ts";
import { type CaseRow, type CaseStep, lockCases, lockLivingTwin } from "#store/case.ts";
import { type ClaimedCase, type ClaimWish, claimCases, claimOne } from "#store/case-claim.ts";
import { logChanges } from "#store/change.ts";
import type { Db, Tx } from "#store/db.ts";
import { setAnswers } from "#store/document.ts";
import { markMentionsAnswered } from "#store/mention.ts";
import { type CaseStatus, caseStatuses, type Outcome, type StoredAnswer } from "#store/tables.ts";

/** The step is impossible now: somebody holds the case, or its state does not allow it. */
export class CaseConflictError extends MolvaError {
  readonly current: CaseRow;

  constructor(message: string, current: CaseRow) {
    super("case-conflict", message, { retry: "never" });
    this.current = current;
  }
}

/** The case has moved on since the caller read it. */
export class StaleVersionError extends MolvaError {
  readonly current: CaseRow;

  constructor(current: CaseRow) {
    super(
      "stale-version",
      `The case is at version ${current.version} now; read it again and repeat the step`,
      { retry: "never" },
    );
    this.current = current;
  }
}

/** Who may touch which cases; `brandIds` null is all brands. */
export interface Scope {
  actor: Actor;
  brandIds: readonly string[] | null;
  /** Who leads may take a case from whoever holds it. */
  lead?: boolean;
}

/** The next free cases, most urgent first, leased to one person, with their audit; an empty list when nothing is free. */
export const claimNext = (db: Db, scope: Scope, wish: ClaimWish, now: Date): Promise<ClaimedCase[]> =>
  claimCases(db, { ...wish, ...scope.actor }, now);

/** Leases one case; the holder who claims again prolongs the lease. Undefined for an unknown case. */
export async function claim(
  tx: Tx,
  scope: Scope,
  id: string,
  leaseMs: number,
  now: Date,
): Promise<CaseRow | undefined> {
  const row = await visible(tx, scope, id);
  if (!row) return undefined;
  const mine = row.status === "claimed" && row.claimed_by === scope.actor.personId;
  if (row.status !== "open" && !mine) throw new CaseConflictError(whyNot(row), row);
  return claimOne(tx, row, { leaseMs, ...scope.actor }, now);
}

/** Columns of a case that nobody holds. */
export const unheld = { claimed_by: null, claim_expires_at: null } as const;

const whyNot = (row: CaseRow): string =>
  row.status === "claimed"
    ? `The case is held by person ${row.claimed_by} until ${row.claim_expires_at?.toISOString()}`
    : `The case is ${row.status}${row.outcome === null ? "" : ` (${row.outcome})`}; only an open one can be claimed`;

export interface StepRequest {
  id: string;
  /** From If-Match. */
  version: number;
  now: Date;
}

/** One step as data: from which states, over whose claim, what it sets, what it does besides. */
export interface StepPlan {
  kind: string;
  /** States from which the step is possible. */
  from: readonly CaseStatus[];
  /** Whether a case that another person holds can be stepped. */
  overHolder: boolean;
  step: CaseStep | ((row: CaseRow) => CaseStep);
  data?: Record<string, unknown>;
  /** Whom the stream names with it. */
  personIds?: readonly string[];
  /** What else happens, before the step is taken. */
  also?: (row: CaseRow) => Promise<unknown>;
}

/** States of a case that has not ended. */
export const livingStatuses: readonly CaseStatus[] = caseStatuses.filter(status => status !== "ended");

/** Locks a case for a step that is possible now, or throws why it is not; undefined for an unknown case. */
export async function lockForStep(
  tx: Tx,
  scope: Scope,
  { id, version }: StepRequest,
  { from, overHolder }: Pick<StepPlan, "from" | "overHolder">,
): Promise<CaseRow | undefined> {
  const row = await visible(tx, scope, id);
  if (!row) return undefined;
  if (row.version !== version) throw new StaleVersionError(row);
  if (!from.includes(row.status)) {
    throw new CaseConflictError(`The case is ${row.status}; this step needs one of: ${from.join(", ")}`, row);
  }
  const held = row.status === "claimed" && row.claimed_by !== scope.actor.personId;
  if (held && !overHolder) throw new CaseConflictError(whyNot(row), row);
  return row;
}

/** One step, or the reason why not; undefined for an unknown case. */
export async function stepOf(
  tx: Tx,
  scope: Scope,
  request: StepRequest,
  plan: StepPlan,
): Promise<CaseRow | undefined> {
  const row = await lockForStep(tx, scope, request, plan);
  if (!row) return undefined;
  await plan.also?.(row);
  const step = typeof plan.step === "function" ? plan.step(row) : plan.step;
  const { kind, data = {}, personIds } = plan;
  const told = { kind, actor: scope.actor, data, ...(personIds === undefined ? {} : { personIds }) };
  return takeStep(tx, row, step, told);
}

/** Gives a held case back; a lead may take it from its holder. */
export const release = (tx: Tx, scope: Scope, request: StepRequest) =>
  stepOf(tx, scope, request, {
    kind: "released",
    from: ["claimed"],
    overHolder: scope.lead ?? false,
    step: { status: "open", ...unheld, updated_at: request.now },
  });

/** Ends a case by a person's word; "answered" with the answer's address marks its texts as answered. */
export const resolve = (
  tx: Tx,
  scope: Scope,
  request: StepRequest,
  outcome: Outcome,
  answerUrl: string | null,
) =>
  stepOf(tx, scope, request, {
    kind: "ended",
    from: livingStatuses,
    overHolder: false,
    step: {
      ...endStep(outcome, isAnswer(outcome) ? request.now : null, request.now),
      claimed_by: null,
      ...(answerUrl === null ? {} : { answer_url: answerUrl }),
    },
    data: { outcome },
    also: async row => {
      if (isAnswer(outcome)) await markAnswered(tx, row, answerUrl, request.now);
    },
  });

/** Brings an ended case back; one that was merged has nothing left in it. */
export const reopen = (tx: Tx, scope: Scope, request: StepRequest) =>
  stepOf(tx, scope, request, {
    kind: "reopened",
    from: ["ended"],
    overHolder: true,
    step: reopenStep(request.now),
    also: async row => {
      if (row.merged_into !== null)
        throw new CaseConflictError(`The case was merged into ${row.merged_into}; reopen that one`, row);
      const living = await lockLivingTwin(tx, row);
      if (living)
        throw new CaseConflictError(
          `The same story is being worked on in the case ${living.id}; go on there`,
          row,
        );
    },
  });

const isAnswer = (outcome: Outcome) => outcome === "answered" || outcome === "answered-elsewhere";

/** Our own word that the texts of a case are answered, until a collection sees the answer itself. */
async function markAnswered(tx: Tx, row: CaseRow, url: string | null, now: Date): Promise<void> {
  const documents = await tx
    .selectFrom("document")
    .innerJoin("mention", "mention.document_id", "document.id")
    .select(["document.id", "document.answer_state"])
    .where("mention.case_id", "=", row.id)
    .orderBy("document.external_id")
    .forUpdate("document")
    .execute();
  const ids = documents
    .filter(document => document.answer_state !== "published")
    .map(document => document.id);
  const evidence = url === null ? "marked as answered" : "marked as answered with its address";
  const answer: StoredAnswer = { externalId: null, text: "", authorName: null, evidence, url, via: "person" };
  await setAnswers(
    tx,
    ids.map(id => ({ id, answer, answer_state: "published", answer_at: now, answer_basis: "ours" })),
  );
  const mentions = await markMentionsAnswered(tx, ids);
  await logChanges(
    tx,
    mentions.map(({ id, brand_id, seq }) => ({
      event: "mention.updated",
      brandId: brand_id,
      subjectId: id,
      seq,
    })),
    now,
  );
  const others = mentions.flatMap(mention =>
    mention.case_id === null || mention.case_id === row.id ? [] : [mention.case_id],
  );
  await settleCases(
    tx,
    others.map(caseId => ({ caseId, outcome: "answered-elsewhere", reopens: false, answeredAt: now })),
    nobody,
    now,
  );
}

/** Locks a case that the caller may see. */
export async function visible(tx: Tx, scope: Scope, id: string): Promise<CaseRow | undefined> {
  const [row] = await lockCases(tx, [id]);
  return row && (scope.brandIds === null || scope.brandIds.includes(row.brand_id)) ? row : undefined;
}
