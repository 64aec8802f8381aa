import type { ReplyProblem } from "#domain/reply/checks.ts";
import { takeStep } from "#pipeline/cases.ts";
import { findBrand } from "#store/brand.ts";
import type { CaseRow, CaseStep } from "#store/case.ts";
import type { Tx } from "#store/db.ts";
import { lockReplies, type ReplyRow } from "#store/reply.ts";
import { replyPlaces } from "#store/reply-place.ts";
import { type OpenCase, replyAt } from "./reply-draft.ts";
import { caseStatusAfter } from "./reply-machine.ts";
import { livingStatuses, lockForStep, type Scope, type StepRequest, unheld } from "./steps.ts";

/** The case and the reply after a step; problems are what would keep the text from being sent. */
export interface Replied {
  row: CaseRow;
  reply: ReplyRow;
  problems: ReplyProblem[];
}

/** A verb on a case's replies; undefined for an unknown case. */
export type Step<Wish> = (
  tx: Tx,
  scope: Scope,
  request: StepRequest,
  wish: Wish,
) => Promise<Replied | undefined>;

/** What was done to a reply: its columns, what the history calls it and says of it. */
interface Done {
  reply: ReplyRow;
  kind: string;
  data?: Record<string, unknown>;
  problems?: ReplyProblem[];
}

/** One step on a reply of a case: locks both, does it, and brings the case in line. Undefined for an unknown case. */
export async function replyStep(
  tx: Tx,
  scope: Scope,
  request: StepRequest,
  { overHolder, take }: { overHolder: boolean; take: (open: OpenCase) => Promise<Done> },
): Promise<Replied | undefined> {
  const row = await lockForStep(tx, scope, request, { from: livingStatuses, overHolder });
  if (!row) return undefined;
  const brand = await findBrand(tx, row.brand_id);
  if (!brand) return undefined;
  const open = { row, brand, replies: await lockReplies(tx, row.id), places: await replyPlaces(tx, row.id) };
  const { reply, kind, data = {}, problems = [] } = await take(open);
  const replies = [...open.replies.filter(one => one.id !== reply.id), reply];
  const after = await takeStep(tx, row, caseStep({ ...open, replies }, reply, request.now), {
    kind,
    actor: scope.actor,
    data: { replyId: reply.id, documentId: reply.document_id, ...data },
  });
  return { row: after, reply, problems };
}

/** Where the case stands after it; one that comes back to people goes to whoever wrote the answer. */
function caseStep(open: OpenCase, reply: ReplyRow, now: Date): CaseStep {
  const places = open.places.map(place => ({
    inNeed: place.in_need,
    reply: replyAt(open.replies, place)?.state ?? null,
  }));
  const status = caseStatusAfter(open.row.status, places);
  if (status === null) return { updated_at: now };
  const author = reply.submitted_by ?? reply.drafted_by;
  return {
    status,
    ...unheld,
    snoozed_until: null,
    updated_at: now,
    ...(status === "open" && author !== null ? { assignee_id: author } : {}),
  };
}
