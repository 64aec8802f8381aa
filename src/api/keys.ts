import { z } from "zod";
import { createKey, endKey, hasAdminKey, isWithin, newKeyText } from "#pipeline/keys.ts";
import type { Tx } from "#store/db.ts";
import { findKey, type KeyRow, listKeys } from "#store/key.ts";
import { roles } from "#store/tables.ts";
import type { Authenticator } from "./auth.ts";
import { adminOnly, type Caller, type Route, readRoute, writeRoute } from "./define.ts";
import { notFound, ProblemError } from "./problem.ts";
import { decodeCursor, id, instant, instantIn, page, pageOf, paging } from "./shape.ts";

const keyId = z.string().regex(/^[A-Za-z0-9]{8}$/, "expected the 8 letters and digits after molva_");
const positionKeys = z.tuple([z.string().transform(text => new Date(text)), keyId]);

const fields = {
  name: z.string().trim().min(1).max(200),
  role: z.enum(roles),
  brandIds: z.array(id).min(1).max(1_000).nullable().describe("brands that the key may see; null is all"),
  personId: id.nullable().describe("whose key it is; null is a service's"),
};

const keySchema = z
  .object({
    id: keyId,
    ...fields,
    expiresAt: instant.nullable(),
    lastUsedAt: instant.nullable(),
    createdAt: instant,
    revokedAt: instant.nullable(),
  })
  .meta({ id: "Key" });

const keyBody = (row: KeyRow): z.input<typeof keySchema> => ({
  id: row.id,
  name: row.name,
  role: row.role,
  brandIds: row.brand_ids,
  personId: row.person_id,
  expiresAt: row.expires_at,
  lastUsedAt: row.last_used_at,
  createdAt: row.created_at,
  revokedAt: row.revoked_at,
});

function assertNotWider(caller: Caller, brandIds: readonly string[] | null): void {
  if (isWithin(brandIds, caller.brandIds)) return;
  throw new ProblemError(
    403,
    "forbidden",
    `The key "${caller.name}" is limited to brands; give brandIds among ${caller.brandIds?.join(", ")}`,
    { errors: [{ path: "brandIds", message: "wider than this key" }] },
  );
}

/** Somebody must be able to get in after it. */
async function assertNotLast(tx: Tx, ended: KeyRow, now: Date): Promise<void> {
  if (ended.role !== "admin" || ended.brand_ids !== null || (await hasAdminKey(tx, now))) return;
  throw new ProblemError(
    409,
    "conflict",
    "This is the last admin key for all brands; make another one first, or nobody can get in",
  );
}

export const keyRoutes = (auth: Authenticator): readonly Route[] => [
  writeRoute({
    method: "POST",
    url: "/v1/keys",
    tag: "keys",
    summary: "Make a key; the answer shows it once, and only its hash is kept",
    allow: adminOnly,
    body: z.strictObject({
      ...fields,
      brandIds: fields.brandIds.default(null),
      personId: fields.personId.default(null),
      expiresAt: instantIn.nullable().default(null),
    }),
    reply: keySchema.extend({ key: z.string() }).meta({ id: "NewKey" }),
    status: 201,
    secret: true,
    audit: { action: "create", object: "key" },
    change: async (tx, { randomBytes }, { body, caller, now }) => {
      assertNotWider(caller, body.brandIds);
      const text = newKeyText(randomBytes);
      await createKey(tx, { ...body, text }, now);
      const row = (await findKey(tx, text.split("_")[1] as string)) as KeyRow;
      return { body: { ...keyBody(row), key: text }, objectId: row.id, location: `/v1/keys/${row.id}` };
    },
  }),
  readRoute({
    url: "/v1/keys",
    tag: "keys",
    summary: "Keys, also ended ones; never the keys themselves",
    allow: adminOnly,
    query: z.strictObject({ ...paging, personId: id.optional().describe("keys of this person") }),
    reply: pageOf(keySchema),
    read: async (_deps, { db, query: { limit, cursor, personId }, caller }) => {
      const after = decodeCursor(cursor, positionKeys);
      const rows = await listKeys(db, { brandIds: caller.brandIds, personId, after, limit: limit + 1 });
      return { body: page(rows, limit, row => [row.created_at, row.id], keyBody) };
    },
  }),
  writeRoute({
    method: "DELETE",
    url: "/v1/keys/:id",
    tag: "keys",
    summary: "End a key; other processes believe it for two more seconds at most",
    allow: adminOnly,
    params: z.strictObject({ id: keyId }),
    reply: z.undefined(),
    status: 204,
    audit: { action: "revoke", object: "key" },
    change: async (tx, _deps, { params, caller, now }) => {
      const ended = await endKey(tx, params.id, caller.brandIds, now);
      if (!ended) throw notFound("living key", params.id);
      await assertNotLast(tx, ended, now);
      return { body: undefined, objectId: params.id, after: async () => auth.forget(params.id) };
    },
  }),
];
