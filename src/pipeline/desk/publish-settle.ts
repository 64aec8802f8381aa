import { alarmReply } from "#pipeline/case-alerts.ts";
import { type Actor, endStep, nobody, takeStep } from "#pipeline/cases.ts";
import type { Words } from "#sources/define.ts";
import { type CaseRow, insertCaseEvents, lockCases } from "#store/case.ts";
import { logChanges } from "#store/change.ts";
import type { Tx } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { type ReplyRow, updateReply } from "#store/reply.ts";
import { languageOf, placeStates } from "#store/reply-sending.ts";
import type { ReplyState } from "#store/tables.ts";
import type { Decision } from "./publish-plan.ts";
import { caseStatusAfter } from "./reply-machine.ts";

const atRest = { lease: null, next_attempt_at: null, posted_at: null } as const;

/** Carries out what was decided about a locked reply of a locked case. `looked`: by a look at the source. */
export async function settleReply(
  tx: Tx,
  reply: ReplyRow,
  decision: Decision,
  { looked, now }: { looked: boolean; now: Date },
): Promise<void> {
  if (decision.to === "published") return publishReply(tx, reply, { at: null, words: null }, now);
  if (decision.to === "refused") return loseReply(tx, reply, "refused", decision.words, now);
  const isNews = reply.state !== decision.to;
  await updateReply(tx, reply.id, {
    lease: null,
    next_attempt_at: decision.at,
    look_count: reply.look_count + (looked ? 1 : 0),
    updated_at: now,
    ...columnsOf[decision.to](reply, now),
    ...(decision.uncounted && decision.to === "approved" ? uncounted(reply) : {}),
    ...(decision.words ? { reason: decision.words[await languageOf(tx, reply.case_id)] } : {}),
    state: decision.to,
  });
  if (isNews && (decision.to === "sent" || decision.to === "unknown"))
    await tellReply(tx, reply, decision.to, now);
}

type Columns = Partial<ReplyRow>;

/** What a reply keeps of its way into each state. A request that was surely not taken ends a round of looks, and so does one that was. */
const columnsOf: Record<
  "approved" | "sending" | "sent" | "unknown",
  (reply: ReplyRow, now: Date) => Columns
> = {
  approved: ({ posted_at }) => ({ posted_at: null, ...(posted_at === null ? {} : { look_count: 0 }) }),
  sending: () => ({}),
  sent: ({ state, sent_at, posted_at }, now) => ({
    sent_at: sent_at ?? posted_at ?? now,
    posted_at: null,
    reason: null,
    ...(state === "sent" ? {} : { look_count: 0 }),
  }),
  unknown: () => ({}),
};

/** A request that met a quota was none. */
const uncounted = ({ state, posted_at, attempt_count }: ReplyRow): Columns =>
  state === "sending" && posted_at !== null ? { attempt_count: attempt_count - 1 } : {};

/** The source shows our text: the reply has arrived, and its case ends where nothing else asks for an answer. */
export async function publishReply(
  tx: Tx,
  reply: ReplyRow,
  { at, words }: { at: Date | null; words: Words | null },
  now: Date,
): Promise<void> {
  const seenAt = reply.published_at ?? at ?? now;
  await updateReply(tx, reply.id, {
    ...atRest,
    state: "published",
    published_at: seenAt,
    sent_at: reply.sent_at ?? reply.posted_at ?? seenAt,
    reason: words === null ? null : words[await languageOf(tx, reply.case_id)],
    updated_at: now,
  });
  if (reply.edit_of !== null) await updateReply(tx, reply.edit_of, { edited_at: seenAt, updated_at: now });
  const row = await tellReply(tx, reply, "published", now);
  if (row.status !== "awaiting-publication" && row.status !== "awaiting-approval") return;
  const places = await placeStates(tx, row.id);
  if (places.some(({ inNeed }) => inNeed)) return alignCase(tx, row, reply, now);
  await takeStep(tx, row, endStep("answered", seenAt, now), {
    kind: "ended",
    actor: nobody,
    data: { outcome: "answered", replyId: reply.id },
  });
}

/** The text does not stand there, or no more: its case goes back to the people, with the reason beside the reply. */
export async function loseReply(
  tx: Tx,
  reply: ReplyRow,
  to: "refused" | "removed",
  words: Words,
  now: Date,
): Promise<void> {
  await updateReply(tx, reply.id, {
    ...atRest,
    state: to,
    reason: words[await languageOf(tx, reply.case_id)],
    updated_at: now,
  });
  await alignCase(tx, await tellReply(tx, reply, to, now), reply, now);
}

/** Brings a living case in line with its replies. */
async function alignCase(tx: Tx, row: CaseRow, reply: ReplyRow, now: Date): Promise<void> {
  if (row.status === "ended") return;
  const status = caseStatusAfter(row.status, await placeStates(tx, row.id));
  if (status === null) return;
  const step = { status, claimed_by: null, claim_expires_at: null, next_priority_at: now, updated_at: now };
  await takeStep(tx, row, step, { kind: "returned", actor: nobody, data: { replyId: reply.id } });
}

/** An entry in the history and in the log; no new version, as nobody took a step. */
async function tellReply(tx: Tx, reply: ReplyRow, to: ReplyState, now: Date): Promise<CaseRow> {
  const [row] = (await lockCases(tx, [reply.case_id])) as [CaseRow];
  const kind = `reply-${to}`;
  const { personId, keyId }: Actor = nobody;
  await insertCaseEvents(tx, [
    {
      id: newId(),
      case_id: row.id,
      at: now,
      kind,
      version: row.version,
      person_id: personId,
      key_id: keyId,
      data: { replyId: reply.id },
    },
  ]);
  await logChanges(tx, [{ event: `case.${kind}`, brandId: row.brand_id, subjectId: row.id }], now);
  if (to === "refused" || to === "removed" || to === "unknown")
    await alarmReply(tx, { replyId: reply.id, caseId: row.id, state: to }, now);
  return row;
}
