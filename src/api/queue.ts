import { z } from "zod";
import { caseEvents } from "#store/case.ts";
import { findCase, listCases } from "#store/case-read.ts";
import type { Db } from "#store/db.ts";
import { caseStatuses } from "#store/tables.ts";
import { seesBrand } from "./auth.ts";
import { caseDetail, caseDetailSchema, caseEventSchema, eventBody } from "./case-detail.ts";
import { caseBodies, caseSchema, etagOf } from "./case-shape.ts";
import { type Caller, everyReader, type Route, readRoute } from "./define.ts";
import { notFound } from "./problem.ts";
import { scopedBrands, sourceKindId, words } from "./scope.ts";
import { decodeCursor, flag, id, idParams, listOf, page, pageOf, paging, timeKeys } from "./shape.ts";

const [instantKey, idKey] = timeKeys.def.items;
const positionKeys = z.tuple([z.int(), instantKey, idKey]);
const nobodyId = "00000000-0000-0000-0000-000000000000";
const minPriority = z.coerce.number().int().min(0).max(100);

const queueQuery = z.strictObject({
  ...paging,
  status: listOf(z.enum(caseStatuses)).optional().describe("without it, all but ended"),
  brandId: listOf(id).optional(),
  sourceKind: listOf(sourceKindId).optional(),
  assignee: id.optional().describe("the person who holds or is given the case"),
  overdue: flag.optional(),
  minPriority: minPriority.optional(),
  tag: words(100).optional().describe("a tag of the case or of its mention"),
  rootCause: words(100).optional(),
  department: id.optional().describe("cases in the queue of this department"),
  mentionedMe: flag.optional().describe("true: cases with a note that calls the person of this key"),
  escalated: flag.optional(),
  unassigned: flag.optional(),
});

export const queueRoutes: readonly Route[] = [
  readRoute({
    url: "/v1/queue",
    tag: "queue",
    summary: "Cases: the most urgent first, then what is due first",
    allow: everyReader,
    query: queueQuery,
    reply: pageOf(caseSchema),
    read: async (_deps, { db, query, caller, now }) => {
      const { department: departmentId, mentionedMe, ...filters } = query;
      // A service is called by nobody: its id is no person's.
      const mentioned = mentionedMe ? (caller.personId ?? nobodyId) : undefined;
      const rows = await listCases(
        db,
        { ...filters, departmentId, mentioned, brandIds: scopedBrands(caller, query.brandId) },
        { after: decodeCursor(query.cursor, positionKeys), limit: query.limit + 1, now },
      );
      const shown = page(
        rows,
        query.limit,
        row => [row.priority, row.due_at, row.id],
        row => row,
      );
      return { body: { ...shown, items: await caseBodies(db, shown.items, now) } };
    },
  }),
  readRoute({
    url: "/v1/queue/:id",
    tag: "queue",
    summary: "One case with its texts, thread, history, notes and the factors of its priority",
    allow: everyReader,
    params: idParams,
    reply: caseDetailSchema,
    read: async (_deps, { db, params, caller, now }) => {
      const row = await visibleCase(db, caller, params.id);
      return { body: await caseDetail(db, row, caller, now), etag: etagOf(row) };
    },
  }),
  readRoute({
    url: "/v1/queue/:id/events",
    tag: "queue",
    summary: "The full history of a case, oldest first: who did what when",
    allow: everyReader,
    params: idParams,
    reply: pageOf(caseEventSchema),
    read: async (_deps, { db, params, caller }) => {
      const row = await visibleCase(db, caller, params.id);
      const events = await caseEvents(db, row.id);
      return { body: { items: events.map(eventBody), nextCursor: null }, etag: etagOf(row) };
    },
  }),
];

/** A case that the key may see, or a 404. */
export async function visibleCase(db: Db, caller: Caller, caseId: string) {
  const row = await findCase(db, caseId);
  if (!row || !seesBrand(caller, row.brand_id)) throw notFound("case", caseId);
  return row;
}
