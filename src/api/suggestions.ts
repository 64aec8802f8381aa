import { z } from "zod";
import { askModel } from "#pipeline/desk/draft-model.ts";
import { openProposing, type Suggestion, suggest } from "#pipeline/desk/suggest.ts";
import { deskRoles, everyReader, type Route, readRoute } from "./define.ts";
import { ProblemError } from "./problem.ts";
import { visibleCase } from "./queue.ts";
import { problemBody, replyProblemSchema } from "./reply-shape.ts";
import { id, idParams } from "./shape.ts";

const suggestionSchema = z
  .object({
    kind: z
      .enum(["template", "answer", "model"])
      .describe("a template filled in · a past answer · a model's draft"),
    score: z.int(),
    why: z.array(z.string()).describe("the weightiest reason first"),
    text: z.string(),
    templateId: id.nullable(),
    replyId: id.nullable().describe("the past answer"),
    missing: z.array(z.string()).describe("variables of the template that this text does not have"),
    problems: z.array(replyProblemSchema).describe("what keeps the text from being sent as it is"),
  })
  .meta({ id: "Suggestion" });

const suggestionBody = (suggestion: Suggestion): z.input<typeof suggestionSchema> => ({
  ...suggestion,
  problems: suggestion.problems.map(problemBody),
});

const documentId = id
  .optional()
  .describe("which text of the case; without it the one that it was opened for");

export const suggestionRoutes: readonly Route[] = [
  readRoute({
    url: "/v1/queue/:id/suggestions",
    tag: "replies",
    summary: "Templates and past answers that fit a text of the case, best first, each with why",
    allow: everyReader,
    params: idParams,
    query: z.strictObject({ documentId }),
    reply: z.object({ items: z.array(suggestionSchema) }),
    read: async (_deps, { db, params, query, caller }) => {
      const row = await visibleCase(db, caller, params.id);
      const proposing = await openProposing(db, row, query.documentId);
      const items = await suggest(db, proposing, caller.personId);
      return { body: { items: items.map(suggestionBody) } };
    },
  }),
  readRoute({
    method: "POST",
    url: "/v1/queue/:id/suggestions",
    tag: "replies",
    summary:
      "Ask the drafting model, where one is configured, for an answer; personal data is masked before it leaves, and nothing is sent by itself",
    allow: deskRoles,
    params: idParams,
    body: z.strictObject({ documentId }).nullable(),
    reply: suggestionSchema,
    read: async ({ drafter }, { db, params, body, caller, scope, now }) => {
      const row = await visibleCase(db, caller, params.id);
      if (!drafter) throw new ProblemError(409, "conflict", noModel);
      const proposing = await openProposing(db, row, body?.documentId);
      return { body: suggestionBody(await askModel(db, drafter, proposing, scope, now)) };
    },
  }),
];

const noModel =
  "No drafting model is configured: set MOLVA_DRAFT_URL and MOLVA_DRAFT_MODEL to an OpenAI-compatible address, and start Molva anew";
