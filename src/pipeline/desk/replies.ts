import { ForbiddenError, InputError } from "#domain/errors.ts";
import { ruleAskingApproval } from "#domain/reply/rules.ts";
import type { Tx } from "#store/db.ts";
import { hasWritten, type ReplyRow, updateReply } from "#store/reply.ts";
import type { ReplyState } from "#store/tables.ts";
import { type OpenCase, placeOf, type ReplyWish, sendTime, writeDraft } from "./reply-draft.ts";
import { afterStep, type ReplyStep, whatNext } from "./reply-machine.ts";
import { replyStep, type Step } from "./reply-step.ts";
import { openChecks, ReplyProblemsError } from "./reply-text.ts";
import { CaseConflictError, type Scope } from "./steps.ts";

/** Writes or changes the draft for one text of a case; it says at once what would keep it from being sent. */
export const draft: Step<ReplyWish> = (tx, scope, request, wish) =>
  replyStep(tx, scope, request, {
    overHolder: false,
    take: async open => {
      const reply = await writeDraft(tx, scope, open, wish, request.now);
      const check = await openChecks(tx, open.row, open.brand);
      const problems = check(reply.text, placeOf(open, reply.document_id));
      return { reply, kind: "drafted", data: wroteOf(reply), problems };
    },
  });

/** Asks another person to approve the draft, or the text that comes with the step. */
export const submit: Step<ReplyWish> = (tx, scope, request, wish) =>
  replyStep(tx, scope, request, {
    overHolder: false,
    take: async open => {
      assertPerson(scope, "Submitting an answer");
      const written = await ready(tx, scope, open, wish, request.now);
      const reply = await updateReply(tx, written.id, {
        ...submitted(scope, request.now),
        state: to("submit", written, open),
      });
      return { reply, kind: "submitted", data: wroteOf(reply) };
    },
  });

/** Sends the draft, or the text that comes with the step; where a rule asks for four eyes it only submits. */
export const reply: Step<ReplyWish> = (tx, scope, request, wish) =>
  replyStep(tx, scope, request, {
    overHolder: false,
    take: async open => {
      assertPerson(scope, "Answering");
      const { now } = request;
      const written = await ready(tx, scope, open, wish, now);
      const state = to("reply", written, open);
      const rule = askingRule(open, written);
      if (rule !== null) {
        const waiting = { ...submitted(scope, now), state: "submitted" as const };
        const after = await updateReply(tx, written.id, waiting);
        return { reply: after, kind: "submitted", data: { ...wroteOf(after), approvalRule: rule } };
      }
      const released = { ...submitted(scope, now), ...approved(scope, written, now), state };
      const after = await updateReply(tx, written.id, released);
      return { reply: after, kind: "approved", data: { ...wroteOf(after), approvalRule: null } };
    },
  });

/** Which of the waiting replies of a case a step is about; absent: the only one. */
interface Choice {
  replyId?: string | undefined;
}

/** Releases a submitted reply: it is sent at its time, or posted by a person. Never by who wrote any of it. */
export const approve: Step<Choice & { sendAt?: Date | null | undefined }> = (tx, scope, request, wish) =>
  replyStep(tx, scope, request, {
    overHolder: true,
    take: async open => {
      const person = assertPerson(scope, "Approving");
      const chosen = choose(open, wish, "approve");
      if (await hasWritten(tx, chosen, person))
        throw new ForbiddenError("You wrote this answer, or a part of it; another person has to approve it");
      await assertSendable(tx, open, chosen);
      const place = placeOf(open, chosen.document_id);
      const sendAt = wish.sendAt === undefined ? chosen.send_at : sendTime(wish.sendAt, place, request.now);
      const columns = approved(scope, { ...chosen, send_at: sendAt }, request.now);
      const state = to("approve", chosen, open);
      return {
        reply: await updateReply(tx, chosen.id, { ...columns, send_at: sendAt, state }),
        kind: "approved",
      };
    },
  });

/** Turns a submitted reply down with a reason; the case goes back to whoever submitted it. */
export const reject: Step<Choice & { reason: string }> = (tx, scope, request, { reason, replyId }) =>
  replyStep(tx, scope, request, {
    overHolder: true,
    take: async open => {
      const chosen = choose(open, { replyId }, "reject");
      const columns = {
        ...decided(assertPerson(scope, "Rejecting"), request.now),
        state: to("reject", chosen, open),
        reason,
        next_attempt_at: null,
      };
      return { reply: await updateReply(tx, chosen.id, columns), kind: "rejected" };
    },
  });

/** Takes a reply back while it is not being sent: a waiting one is a draft again, a draft is let go of. */
export const withdraw: Step<Choice> = (tx, scope, request, wish) =>
  replyStep(tx, scope, request, {
    overHolder: false,
    take: async open => {
      const chosen = choose(open, wish, "withdraw");
      await assertMayWithdraw(tx, scope, chosen);
      const columns = {
        state: to("withdraw", chosen, open),
        decided_by: null,
        decided_at: null,
        next_attempt_at: null,
        updated_at: request.now,
      };
      return {
        reply: await updateReply(tx, chosen.id, columns),
        kind: "withdrawn",
        data: { from: chosen.state },
      };
    },
  });

/** A person has looked: what we sent does not stand there, so it is a draft again, and Molva stops looking for it. */
export const missing: Step<Choice> = (tx, scope, request, wish) =>
  replyStep(tx, scope, request, {
    overHolder: false,
    take: async open => {
      assertPerson(scope, "Saying what you saw");
      const chosen = choose(open, wish, "missing");
      const unsent = { lease: null, next_attempt_at: null, posted_at: null, sent_at: null };
      const fresh = { attempt_count: 0, look_count: 0, reason: null, decided_by: null, decided_at: null };
      const state = to("missing", chosen, open);
      const columns = { ...unsent, ...fresh, state, updated_at: request.now };
      return { reply: await updateReply(tx, chosen.id, columns), kind: "missed" };
    },
  });

/** What waits for others is taken back by whoever wrote it, released it or leads. */
async function assertMayWithdraw(tx: Tx, { actor, lead }: Scope, reply: ReplyRow): Promise<void> {
  if (reply.state === "draft" || lead) return;
  const personId = assertPerson({ actor, brandIds: null }, "Taking an answer back");
  if (reply.decided_by === personId || (await hasWritten(tx, reply, personId))) return;
  throw new ForbiddenError(
    "Somebody else wrote this answer; they, whoever approved it, or a lead may take it back",
  );
}

/** The history names who had a hand in a text, so that nobody approves their own. */
const wroteOf = ({ origin, template_id }: ReplyRow) => ({
  wrote: true,
  origin,
  ...(template_id === null ? {} : { templateId: template_id }),
});

function assertPerson({ actor }: Scope, what: string): string {
  if (actor.personId !== null) return actor.personId;
  throw new ForbiddenError(
    `${what} needs a person, and this key is a service's: make a key with personId by POST /v1/keys`,
  );
}

/** The draft that a step goes on with, its text taken over and checked. */
async function ready(tx: Tx, scope: Scope, open: OpenCase, wish: ReplyWish, now: Date): Promise<ReplyRow> {
  const written = await writeDraft(tx, scope, open, wish, now);
  await assertSendable(tx, open, written);
  return written;
}

async function assertSendable(tx: Tx, open: OpenCase, { text, document_id }: ReplyRow): Promise<void> {
  const check = await openChecks(tx, open.row, open.brand);
  const problems = check(text, placeOf(open, document_id));
  if (problems.length > 0) throw new ReplyProblemsError(problems);
}

const submitted = ({ actor }: Scope, now: Date) => ({
  submitted_by: actor.personId,
  submitted_at: now,
  decided_by: null,
  decided_at: null,
  reason: null,
  updated_at: now,
});

const decided = (personId: string | null, now: Date) => ({
  decided_by: personId,
  decided_at: now,
  updated_at: now,
});

/** Due for sending at its time; what a person posts is never due. */
const approved = ({ actor }: Scope, { assisted, send_at }: ReplyRow, now: Date) => ({
  ...decided(actor.personId, now),
  next_attempt_at: assisted ? null : new Date(Math.max(now.getTime(), send_at?.getTime() ?? 0)),
});

/** The number of the brand's rule that asks for another person's approval, or null. */
function askingRule({ row, brand, places }: OpenCase, { origin }: ReplyRow): number | null {
  const intents = places.flatMap(place => place.intents);
  return ruleAskingApproval(brand.desk.approval ?? [], { priority: row.priority, intents, origin });
}

/** The state after a step, or the conflict that says what is possible instead. */
function to(step: ReplyStep, { state }: ReplyRow, { row }: OpenCase): ReplyState {
  const after = afterStep[step][state];
  if (after !== undefined) return after;
  throw new CaseConflictError(`The reply is ${state}, so this step is impossible: ${whatNext[state]}`, row);
}

/** The reply that a step names, or the only one that it fits. */
function choose({ row, replies }: OpenCase, { replyId }: Choice, step: ReplyStep): ReplyRow {
  const own = replies.filter(one => one.case_id === row.id);
  if (replyId !== undefined) {
    const named = own.find(one => one.id === replyId);
    if (named) return named;
    throw new InputError(
      `There is no reply ${replyId} in this case; GET /v1/queue/${row.id}/replies lists them`,
      "replyId",
    );
  }
  const fitting = own.filter(one => afterStep[step][one.state] !== undefined);
  if (fitting.length === 1) return fitting[0] as ReplyRow;
  if (fitting.length > 1) {
    const ids = fitting.map(one => one.id).join(", ");
    throw new InputError(
      `There are ${fitting.length} replies that this fits; send replyId, one of ${ids}`,
      "replyId",
    );
  }
  const states = own.map(one => one.state).join(", ");
  const which = Object.keys(afterStep[step]).join(" or ");
  throw new CaseConflictError(
    `There is no reply here that is ${which}; ${states === "" ? "there is none at all" : `there are: ${states}`}`,
    row,
  );
}
