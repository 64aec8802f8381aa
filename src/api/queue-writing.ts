import { z } from "zod";
import { writing } from "#pipeline/desk/writing.ts";
import { personOf } from "./case-step.ts";
import { deskRoles, type Route, writeRoute } from "./define.ts";
import { notFound } from "./problem.ts";
import { idParams } from "./shape.ts";

const longestSeconds = 300;

export const queueWritingRoute: Route = writeRoute({
  method: "POST",
  url: "/v1/queue/:id/writing",
  tag: "queue",
  summary:
    "Say that you are writing in a case; others see it in the case and as `case.writing` in the stream. Repeat it while you write, 0 seconds ends it; it is no step and leaves no trace",
  allow: deskRoles,
  params: idParams,
  body: z.strictObject({ seconds: z.int().min(0).max(longestSeconds).default(30) }),
  reply: z.undefined(),
  status: 204,
  audit: null,
  change: async (tx, _deps, { params, body, caller, now }) => {
    const who = { personId: personOf(caller), brandIds: caller.brandIds };
    if (!(await writing(tx, who, params.id, body.seconds, now))) throw notFound("case", params.id);
    return { body: undefined, objectId: null };
  },
});
