import { z } from "zod";
import { assign, escalate } from "#pipeline/desk/hand.ts";
import { merge } from "#pipeline/desk/merge.ts";
import { awaitAuthor, snooze, wake } from "#pipeline/desk/pause.ts";
import { release, reopen, resolve } from "#pipeline/desk/steps.ts";
import { note, tag } from "#pipeline/desk/words.ts";
import { outcomes } from "#store/tables.ts";
import { emptyBody, type Step, stepOn, stepRoute } from "./case-step.ts";
import type { Route } from "./define.ts";
import { words } from "./scope.ts";
import { id, instantIn } from "./shape.ts";

const webAddress = z.url({ protocol: /^https?$/, error: "expected an http or https address" }).max(4_000);
const text = words(10_000);
const marks = z.array(words(100)).max(50);

/** The steps of work on a case, apart from its replies. */
export const workSteps: readonly Step[] = [
  stepOn("release", "Give a case back to the queue; a lead may take it from its holder", emptyBody, release),
  stepOn(
    "assign",
    "Give a case to somebody, or to nobody; it is no claim, the assignee still claims",
    z.strictObject({
      personId: id.nullable(),
      departmentId: id.nullable().optional().describe("also move it to this queue; null is everybody's"),
    }),
    assign,
  ),
  stepOn(
    "snooze",
    "Put a case aside until a time; the clock runs on",
    z.strictObject({ until: instantIn }),
    (tx, scope, at, { until }) => snooze(tx, scope, at, until),
  ),
  stepOn("wait", "Wait for the author's word; the clock stands until it comes", emptyBody, awaitAuthor),
  stepOn("wake", "Bring back a case that was put aside or waits for its author", emptyBody, wake),
  stepOn(
    "escalate",
    "Hand a case over to somebody who can decide, or to a department; it gains priority and they are told",
    z
      .strictObject({ personId: id.optional(), departmentId: id.optional(), reason: text })
      .refine(
        ({ personId, departmentId }) => personId !== undefined || departmentId !== undefined,
        "expected personId, departmentId or both",
      ),
    (tx, scope, at, { personId = null, departmentId, reason }) =>
      escalate(tx, scope, at, { personId, departmentId, reason }),
  ),
  stepOn(
    "tag",
    "Set the tags or the root causes of a case, each as a whole list",
    z
      .strictObject({ tags: marks.optional(), rootCauses: marks.optional() })
      .refine(
        ({ tags, rootCauses }) => tags !== undefined || rootCauses !== undefined,
        "expected tags, rootCauses or both",
      ),
    tag,
  ),
  stepOn(
    "merge",
    "Move the texts of a case into another one of its brand and end it",
    z.strictObject({ intoId: id }),
    (tx, scope, at, { intoId }) => merge(tx, scope, at, intoId),
  ),
  stepOn(
    "note",
    "Add a note for colleagues and call some of them; it is no part of the history and is erased with the author",
    z.strictObject({ text, personIds: z.array(id).max(50).default([]) }),
    (tx, scope, at, { text, personIds }) => note(tx, scope, at, text, personIds),
  ),
  stepOn(
    "resolve",
    "End a case with its outcome; answered, with the answer's address, marks its texts as answered",
    z.strictObject({ outcome: z.enum(outcomes), answerUrl: webAddress.nullable().default(null) }),
    (tx, scope, at, { outcome, answerUrl }) => resolve(tx, scope, at, outcome, answerUrl),
  ),
  stepOn("reopen", "Bring an ended case back", emptyBody, reopen),
];

export const queueStepRoutes: readonly Route[] = workSteps.map(stepRoute);
