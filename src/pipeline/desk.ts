import { MolvaError } from "#domain/errors.ts";
import { writeAudit } from "#store/audit.ts";
import { type CaseRow, type CaseStep, lockCases } from "#store/case.ts";
import { type ClaimWish, claimCases, claimOne } from "#store/case-claim.ts";
import { logChanges } from "#store/change.ts";
import { inTransaction, type Tx } from "#store/db.ts";
import { setAnswers } from "#store/document.ts";
import { newId } from "#store/id.ts";
import { markMentionsAnswered } from "#store/mention.ts";
import type { CaseStatus, Outcome, StoredAnswer } from "#store/tables.ts";
import { type Actor, endStep, nobody, reopenStep, settleCases, takeStep } from "./cases.ts";
import type { Deps } from "./deps.ts";

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

type DeskDeps = Pick<Deps, "db" | "clock">;

/** Who may touch which cases; `brandIds` null is all brands. */
export interface Scope {
  actor: Actor;
  brandIds: readonly string[] | null;
}

/** The next free cases, most urgent first, leased to one person; an empty list when nothing is free. */
export async function claimNext({ db, clock }: DeskDeps, scope: Scope, wish: ClaimWish): Promise<CaseRow[]> {
  const now = clock();
  return inTransaction(db, async tx => {
    const rows = await claimCases(tx, { ...wish, ...scope.actor }, now);
    for (const row of rows) await audit(tx, scope.actor, "claim", row.id, now);
    return rows;
  });
}

/** Leases one case; the holder who claims again prolongs the lease. Undefined for an unknown case. */
export async function claim(
  { db, clock }: DeskDeps,
  scope: Scope,
  id: string,
  leaseMs: number,
): Promise<CaseRow | undefined> {
  const now = clock();
  return inTransaction(db, async tx => {
    const row = await visible(tx, scope, id);
    if (!row) return undefined;
    const mine = row.status === "claimed" && row.claimed_by === scope.actor.personId;
    if (row.status !== "open" && !mine) throw new CaseConflictError(whyNot(row), row);
    const after = await claimOne(tx, row, { leaseMs, ...scope.actor }, now);
    await audit(tx, scope.actor, "claim", id, now);
    return after;
  });
}

const whyNot = (row: CaseRow): string =>
  row.status === "claimed"
    ? `The case is held by person ${row.claimed_by} until ${row.claim_expires_at?.toISOString()}`
    : `The case is ${row.status}${row.outcome === null ? "" : ` (${row.outcome})`}; only an open one can be claimed`;

interface StepRequest {
  id: string;
  /** From If-Match. */
  version: number;
}

interface StepPlan {
  kind: string;
  /** States from which the step is possible. */
  from: readonly CaseStatus[];
  /** Whether a case that another person holds can be stepped. */
  overHolder: boolean;
  step: (row: CaseRow, now: Date) => CaseStep;
  data?: Record<string, unknown>;
  also?: (tx: Tx, row: CaseRow, now: Date) => Promise<void>;
}

const living: readonly CaseStatus[] = [
  "open",
  "claimed",
  "snoozed",
  "awaiting-approval",
  "awaiting-publication",
  "awaiting-author",
];

async function step(
  { db, clock }: DeskDeps,
  scope: Scope,
  { id, version }: StepRequest,
  plan: StepPlan,
): Promise<CaseRow | undefined> {
  const now = clock();
  return inTransaction(db, async tx => {
    const row = await visible(tx, scope, id);
    if (!row) return undefined;
    if (row.version !== version) throw new StaleVersionError(row);
    if (!plan.from.includes(row.status)) {
      throw new CaseConflictError(
        `The case is ${row.status}; ${plan.kind} needs one of: ${plan.from.join(", ")}`,
        row,
      );
    }
    const held = row.status === "claimed" && row.claimed_by !== scope.actor.personId;
    if (held && !plan.overHolder) throw new CaseConflictError(whyNot(row), row);
    await plan.also?.(tx, row, now);
    const after = await takeStep(tx, row, plan.step(row, now), {
      kind: plan.kind,
      actor: scope.actor,
      data: plan.data ?? {},
    });
    await audit(tx, scope.actor, plan.kind, id, now);
    return after;
  });
}

/** Gives a held case back. */
export const release = (deps: DeskDeps, scope: Scope, request: StepRequest) =>
  step(deps, scope, request, {
    kind: "released",
    from: ["claimed"],
    overHolder: false,
    step: (_row, now) => ({ status: "open", claimed_by: null, claim_expires_at: null, updated_at: now }),
  });

/** Adds a note; the text stays out of the history. */
export const note = (deps: DeskDeps, scope: Scope, request: StepRequest, text: string) => {
  const noteId = newId();
  return step(deps, scope, request, {
    kind: "noted",
    from: [...living, "ended"],
    overHolder: true,
    step: (_row, now) => ({ updated_at: now }),
    data: { noteId },
    also: async (tx, row, now) => {
      await tx
        .insertInto("case_note")
        .values({ id: noteId, case_id: row.id, person_id: scope.actor.personId, text, created_at: now })
        .execute();
    },
  });
};

/** Ends a case by a person's word; "answered" with the answer's address marks its texts as answered. */
export const resolve = (
  deps: DeskDeps,
  scope: Scope,
  request: StepRequest,
  outcome: Outcome,
  answerUrl: string | null,
) =>
  step(deps, scope, request, {
    kind: "ended",
    from: living,
    overHolder: false,
    step: (_row, now) => ({
      ...endStep(outcome, isAnswer(outcome) ? now : null, now),
      claimed_by: null,
      ...(answerUrl === null ? {} : { answer_url: answerUrl }),
    }),
    data: { outcome },
    also: (tx, row, now) => (isAnswer(outcome) ? markAnswered(tx, row, answerUrl, now) : Promise.resolve()),
  });

const isAnswer = (outcome: Outcome) => outcome === "answered" || outcome === "answered-elsewhere";

/** Brings an ended case back. */
export const reopen = (deps: DeskDeps, scope: Scope, request: StepRequest) =>
  step(deps, scope, request, {
    kind: "reopened",
    from: ["ended"],
    overHolder: true,
    step: (_row, now) => reopenStep(now),
  });

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

async function visible(tx: Tx, scope: Scope, id: string): Promise<CaseRow | undefined> {
  const [row] = await lockCases(tx, [id]);
  return row && (scope.brandIds === null || scope.brandIds.includes(row.brand_id)) ? row : undefined;
}

const audit = (tx: Tx, actor: Actor, action: string, id: string, now: Date) =>
  writeAudit(tx, { ...actor, action, object: "case", objectId: id }, now);
