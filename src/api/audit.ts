import { z } from "zod";
import { type AuditRow, listAudit } from "#store/audit-list.ts";
import { adminOnly, type Route, readRoute } from "./define.ts";
import { ProblemError } from "./problem.ts";
import { decodeCursor, id, instant, instantIn, page, pageOf, paging, timeKeys } from "./shape.ts";

const auditSchema = z
  .object({
    id,
    at: instant,
    keyId: z.string().nullable(),
    personId: id.nullable(),
    action: z.string(),
    object: z.string(),
    objectId: z.string().nullable(),
    fields: z.array(z.string()).describe("names of the fields given, never their values"),
  })
  .meta({ id: "AuditEntry" });

const auditBody = (row: AuditRow): z.input<typeof auditSchema> => ({
  id: row.id,
  at: row.at,
  keyId: row.key_id,
  personId: row.person_id,
  action: row.action,
  object: row.object,
  objectId: row.object_id,
  fields: row.fields,
});

const word = z
  .string()
  .regex(/^[\w.:-]{1,100}$/, "expected letters, digits and . : _ -")
  .optional();

export const auditRoutes: readonly Route[] = [
  readRoute({
    url: "/v1/audit",
    tag: "keys",
    summary: "Who did what when, the latest first; nothing in it can be changed",
    allow: adminOnly,
    query: z.strictObject({
      ...paging,
      object: word,
      objectId: word,
      keyId: word,
      from: instantIn.optional(),
      to: instantIn.optional(),
    }),
    reply: pageOf(auditSchema),
    read: async (_deps, { db, query: { limit, cursor, ...filter }, caller }) => {
      if (caller.brandIds !== null)
        throw new ProblemError(403, "forbidden", "The audit is of all brands; this key is limited to some");
      const after = decodeCursor(cursor, timeKeys);
      const rows = await listAudit(db, { ...filter, after, limit: limit + 1 });
      return { body: page(rows, limit, row => [row.at, row.id], auditBody) };
    },
  }),
];
