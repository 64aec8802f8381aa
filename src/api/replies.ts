import { z } from "zod";
import { approve, draft, missing, reject, reply, submit, withdraw } from "#pipeline/desk/replies.ts";
import type { Replied } from "#pipeline/desk/reply-step.ts";
import type { Scope, StepRequest } from "#pipeline/desk/steps.ts";
import type { Tx } from "#store/db.ts";
import { caseReplies } from "#store/reply.ts";
import type { Role } from "#store/tables.ts";
import { caseBodies, caseSchema, etagOf } from "./case-shape.ts";
import { ifMatch, type Step } from "./case-step.ts";
import { type ApiDeps, deskRoles, everyReader, type Route, readRoute, writeRoute } from "./define.ts";
import { notFound } from "./problem.ts";
import { visibleCase } from "./queue.ts";
import { problemBody, replyBody, replyProblemSchema, replySchema } from "./reply-shape.ts";
import { words } from "./scope.ts";
import { id, idParams, instantIn, pageOf } from "./shape.ts";

const approvers = ["admin", "approver"] as const satisfies readonly Role[];

const sendAt = instantIn.nullable().optional().describe("when it is sent; null: as soon as it may go");

const wish = z.strictObject({
  documentId: id
    .optional()
    .describe("which text of the case; without it the one that the case was opened for"),
  text: z.string().max(20_000).optional(),
  templateId: id.optional().describe("without text: filled for this case"),
  fromModel: z.boolean().optional().describe("the text began as a model's draft"),
  sendAt,
});
const choice = z.strictObject({
  replyId: id.optional().describe("needed where several replies of the case fit"),
});

const repliedSchema = caseSchema
  .extend({
    reply: replySchema,
    problems: z.array(replyProblemSchema).describe("what keeps the draft from being sent as it is"),
  })
  .meta({ id: "RepliedCase" });

/** A step on a reply of a case: it stands among the bulk steps too, which answer with the case alone. */
interface ReplyStep<Body extends z.ZodType = z.ZodType> extends Omit<Step, "take" | "body"> {
  body: Body;
  take: (tx: Tx, scope: Scope, at: StepRequest, body: z.output<Body>) => Promise<Replied | undefined>;
}

/** Gives `take` the type of its body. */
const stepOn = <Body extends z.ZodType>(step: ReplyStep<Body>): ReplyStep => step as unknown as ReplyStep;

const wholeChoice = choice.nullable().transform(given => given ?? {});
const wholeWish = wish.nullable().transform(given => given ?? {});

const steps: readonly ReplyStep[] = [
  stepOn({
    name: "draft",
    summary: "Write the answer to a text, or change the draft; tells what would keep it from being sent",
    allow: deskRoles,
    body: wish,
    take: draft,
  }),
  stepOn({
    name: "submit",
    summary: "Ask another person to approve the draft, or the text that comes with the step",
    allow: deskRoles,
    body: wholeWish,
    take: submit,
  }),
  stepOn({
    name: "reply",
    summary:
      "Send the draft, or the text that comes with the step; where a rule of the brand asks for four eyes it is submitted",
    allow: deskRoles,
    body: wholeWish,
    take: reply,
    hurries: true,
  }),
  stepOn({
    name: "approve",
    summary: "Release a submitted reply for sending, or for posting by hand; whoever wrote any of it cannot",
    allow: approvers,
    body: choice
      .extend({ sendAt })
      .nullable()
      .transform(given => given ?? {}),
    take: approve,
    hurries: true,
  }),
  stepOn({
    name: "reject",
    summary: "Turn a submitted reply down with a reason; the case goes back to its author",
    allow: approvers,
    body: choice.extend({ reason: words(2_000) }),
    take: reject,
  }),
  stepOn({
    name: "withdraw",
    summary:
      "Take back a reply that is not being sent yet: a waiting one is a draft again, a draft is let go of",
    allow: deskRoles,
    body: wholeChoice,
    take: withdraw,
  }),
  stepOn({
    name: "missing",
    summary:
      "Say that a reply whose end is unknown does not stand there, as you have looked yourself: it is a draft again",
    allow: deskRoles,
    body: wholeChoice,
    take: missing,
  }),
];

/** The same steps as those that many cases can take at once. */
export const replySteps: readonly Step[] = steps.map(step => ({
  ...step,
  take: async (tx, scope, at, body) => (await step.take(tx, scope, at, body))?.row,
}));

/** Replies of a case and the steps on them: each needs the version that the caller saw. */
export const replyRoutes: readonly Route[] = [
  readRoute({
    url: "/v1/queue/:id/replies",
    tag: "replies",
    summary:
      "Every reply to the texts of a case in whatever state, oldest first; another brand's case shares its own",
    allow: everyReader,
    params: idParams,
    reply: pageOf(replySchema),
    read: async (_deps, { db, params, caller }) => {
      const row = await visibleCase(db, caller, params.id);
      const rows = await caseReplies(db, row.id);
      return { body: { items: rows.map(replyBody), nextCursor: null }, etag: etagOf(row) };
    },
  }),
  ...steps.map(routeOf),
];

function routeOf({ name, summary, allow, body, take, hurries = false }: ReplyStep): Route {
  return writeRoute({
    method: "POST",
    url: `/v1/queue/:id/${name}`,
    tag: "replies",
    summary,
    allow,
    params: idParams,
    body,
    reply: repliedSchema,
    status: 200,
    audit: { action: name, object: "case" },
    change: async (tx, deps, { params, body: given, scope, now, request }) => {
      const at = { id: params.id, version: ifMatch(request), now };
      return answerOf(tx, deps, params.id, await take(tx, scope, at, given), { now, hurries });
    },
  });
}

async function answerOf(
  tx: Tx,
  deps: ApiDeps,
  caseId: string,
  replied: Replied | undefined,
  { now, hurries }: { now: Date; hurries: boolean },
) {
  if (!replied) throw notFound("case", caseId);
  const { row, reply: after, problems } = replied;
  const [body] = await caseBodies(tx, [row], now);
  if (!body) throw notFound("case", caseId);
  const isDue = hurries && after.next_attempt_at !== null && after.next_attempt_at <= now;
  return {
    body: { ...body, reply: replyBody(after), problems: problems.map(problemBody) },
    objectId: row.id,
    etag: etagOf(row),
    ...(isDue ? { after: () => deps.enqueue.publish() } : {}),
  };
}
