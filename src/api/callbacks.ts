import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { slackCallback } from "#pipeline/slack-callback.ts";
import { type Route, writeRoute } from "./define.ts";
import { ProblemError } from "./problem.ts";

const bodyLimitBytes = 512 * 1024;

/** What platforms call when somebody presses a button of ours; they sign, and know no key. */
export const callbackRoutes: readonly Route[] = [
  writeRoute({
    method: "POST",
    url: "/v1/callbacks/slack",
    tag: "alerts",
    summary:
      "Slack tells here which button was pressed, signed with the signing secret of a channel: the Request URL of the Slack app's interactivity",
    allow: "public",
    body: z.object({ form: z.string() }).describe("application/x-www-form-urlencoded, as Slack sends it"),
    reply: z.object({ ok: z.literal(true) }),
    status: 200,
    // The acknowledgement itself is entered, with the person, by whom it is known.
    audit: null,
    change: async (tx, deps, { body, request, now }) => {
      const header = (name: string) => String(request.headers[name] ?? "");
      const call = {
        timestamp: header("x-slack-request-timestamp"),
        signature: header("x-slack-signature"),
        body: body.form,
      };
      if ((await slackCallback(tx, deps, call, now)) === "unsigned") throw unsigned();
      return { body: { ok: true as const }, objectId: null, after: () => deps.enqueue.notify() };
    },
  }),
];

const unsigned = () =>
  new ProblemError(
    401,
    "unauthorized",
    "The call is not signed by Slack with the signing secret of a channel here, or is older than five minutes",
  );

/** Reads forms as the text that was signed, for the routes of this scope alone. */
export function keepSignedText(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string", bodyLimit: bodyLimitBytes },
    (_request, form, done) => done(null, { form }),
  );
}
