import { z } from "zod";
import { awayUntil } from "#domain/absence.ts";
import { hasAdminKey, isWithin } from "#pipeline/keys.ts";
import { archivePerson, changePerson, createPerson } from "#pipeline/people.ts";
import { chatsOf } from "#store/chat.ts";
import type { Db } from "#store/db.ts";
import { findPerson, listPeople, type PersonRow } from "#store/person.ts";
import { personRoles } from "#store/tables.ts";
import type { Authenticator } from "./auth.ts";
import { adminOnly, type Caller, everyReader, type Route, readRoute, writeRoute } from "./define.ts";
import { notFound, ProblemError } from "./problem.ts";
import {
  decodeCursor,
  flag,
  id,
  idParams,
  instant,
  instantIn,
  page,
  pageOf,
  paging,
  timeKeys,
  timezone,
} from "./shape.ts";

const language = z.string().regex(/^[a-z]{2,3}$/, 'expected an ISO 639 code in small letters, such as "ru"');

const fields = {
  name: z.string().trim().min(1).max(200),
  role: z
    .enum(personRoles)
    .describe("a lead may take a case from whoever holds it, and is told of escalations"),
  departmentId: id.nullable(),
  languages: z.array(language).max(50).describe("languages they answer in; empty is any"),
  brandIds: z.array(id).min(1).max(1_000).nullable().describe("brands they answer for; null is all"),
  sourceKinds: z
    .array(z.string().max(60))
    .min(1)
    .max(100)
    .nullable()
    .describe("where they answer; null is everywhere"),
  capacity: z.int().min(0).max(10_000).describe("open cases that automatic assignment gives them at once"),
  timezone,
};
const absencesOf = <Instant extends z.ZodType>(instantLike: Instant) =>
  z
    .array(z.strictObject({ from: instantLike, to: instantLike }))
    .max(200)
    .describe(
      "when they are away; back at `to`. Automatic assignment passes them over, and takes back what they had",
    );
const absencesIn = absencesOf(instantIn).transform(list =>
  list.map(({ from, to }) => ({ from: from.toISOString(), to: to.toISOString() })),
);

const chatUser = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("slack"),
    teamId: z
      .string()
      .regex(
        /^[TE][A-Z0-9]{1,30}$/,
        "expected the id of a workspace such as T0123ABCD, or of an organisation (E…)",
      )
      .describe(
        "ids of members are unique within their workspace only; Molva tells both ids to a stranger who presses",
      ),
    userId: z.string().regex(/^[UW][A-Z0-9]{1,30}$/, "expected a member id such as U0123ABCD"),
  }),
  z.strictObject({
    kind: z.literal("telegram"),
    userId: z.string().regex(/^[1-9]\d{0,18}$/, "expected the number of a user, such as 123456789"),
  }),
]);
const chats = z
  .array(chatUser)
  .max(20)
  .describe("the users of chats that they are; what such a user acknowledges there, they acknowledge");

const change = z.strictObject({ ...fields, absences: absencesIn, chats }).partial();
const create = change.required({ name: true });

const personSchema = z
  .object({
    id,
    ...fields,
    absences: absencesOf(instant),
    chats,
    awayUntil: instant.nullable().describe("when they are back, if they are away now"),
    createdAt: instant,
    archivedAt: instant.nullable(),
  })
  .meta({ id: "Person" });

const personBody = (row: PersonRow, known: ChatsByPerson, now: Date): z.input<typeof personSchema> => ({
  id: row.id,
  name: row.name,
  role: row.role,
  departmentId: row.department_id,
  languages: row.languages,
  brandIds: row.brand_ids,
  sourceKinds: row.source_kinds,
  capacity: row.capacity,
  timezone: row.timezone,
  absences: row.absences.map(({ from, to }) => ({ from: new Date(from), to: new Date(to) })),
  chats: known.get(row.id) ?? [],
  awayUntil: awayUntil(row.absences, now),
  createdAt: row.created_at,
  archivedAt: row.archived_at,
});

type ChatsByPerson = Awaited<ReturnType<typeof chatsOf>>;

const onePerson = async (db: Db, row: PersonRow, now: Date) =>
  personBody(row, await chatsOf(db, [row.id]), now);

/** Somebody who answers for a brand of this key. */
async function visiblePerson(db: Db, caller: Caller, personId: string): Promise<PersonRow> {
  const row = await findPerson(db, personId);
  const shared = row?.brand_ids?.some(brandId => caller.brandIds?.includes(brandId) ?? true) ?? true;
  if (!row || !shared) throw notFound("person", personId);
  return row;
}

/** A key limited to brands manages those who answer for none but them. */
function assertWithin(caller: Caller, brandIds: readonly string[] | null): void {
  if (isWithin(brandIds, caller.brandIds)) return;
  throw new ProblemError(
    403,
    "forbidden",
    `The key "${caller.name}" is limited to brands; it manages people whose brandIds are among ${caller.brandIds?.join(", ")}`,
  );
}

export const peopleRoutes = (auth: Authenticator): readonly Route[] => [
  readRoute({
    url: "/v1/people",
    tag: "people",
    summary: "People who can hold cases",
    allow: everyReader,
    query: z.strictObject({ ...paging, departmentId: id.optional(), archived: flag.optional() }),
    reply: pageOf(personSchema),
    read: async (_deps, { db, query, caller, now }) => {
      const { limit, cursor, ...filters } = query;
      const rows = await listPeople(
        db,
        { ...filters, brandIds: caller.brandIds },
        { after: decodeCursor(cursor, timeKeys), limit: limit + 1 },
      );
      const known = await chatsOf(
        db,
        rows.map(row => row.id),
      );
      return {
        body: page(
          rows,
          limit,
          row => [row.created_at, row.id],
          row => personBody(row, known, now),
        ),
      };
    },
  }),
  readRoute({
    url: "/v1/people/:id",
    tag: "people",
    summary: "One person with skills, capacity and absences",
    allow: everyReader,
    params: idParams,
    reply: personSchema,
    read: async (_deps, { db, params, caller, now }) => ({
      body: await onePerson(db, await visiblePerson(db, caller, params.id), now),
    }),
  }),
  writeRoute({
    method: "POST",
    url: "/v1/people",
    tag: "people",
    summary: "Add somebody who can hold cases; POST /v1/keys then gives them a key, or several",
    allow: adminOnly,
    body: create,
    reply: personSchema,
    status: 201,
    audit: { action: "create", object: "person" },
    change: async (tx, _deps, { body, caller, now }) => {
      const brandIds = body.brandIds === undefined ? (caller.brandIds as string[] | null) : body.brandIds;
      assertWithin(caller, brandIds);
      const row = await createPerson(tx, { ...body, brandIds }, now);
      return { body: await onePerson(tx, row, now), objectId: row.id, location: `/v1/people/${row.id}` };
    },
  }),
  writeRoute({
    method: "PATCH",
    url: "/v1/people/:id",
    tag: "people",
    summary: "Change skills, capacity, department or absences",
    allow: adminOnly,
    params: idParams,
    body: change,
    reply: personSchema,
    status: 200,
    audit: { action: "update", object: "person" },
    change: async (tx, _deps, { params, body, caller, now }) => {
      const before = await visiblePerson(tx, caller, params.id);
      assertWithin(caller, before.brand_ids);
      if (body.brandIds !== undefined) assertWithin(caller, body.brandIds);
      const row = await changePerson(tx, params.id, body);
      if (!row) throw notFound("person", params.id);
      return { body: await onePerson(tx, row, now), objectId: row.id };
    },
  }),
  writeRoute({
    method: "DELETE",
    url: "/v1/people/:id",
    tag: "people",
    summary: "Archive somebody: their cases go back to the queue, their keys end, the history keeps them",
    allow: adminOnly,
    params: idParams,
    reply: z.undefined(),
    status: 204,
    audit: { action: "archive", object: "person" },
    change: async (tx, _deps, { params, caller, scope, now }) => {
      assertWithin(caller, (await visiblePerson(tx, caller, params.id)).brand_ids);
      const ended = await archivePerson(tx, params.id, scope.actor, now);
      if (!ended) throw notFound("person", params.id);
      if (ended.length > 0 && !(await hasAdminKey(tx, now))) {
        throw new ProblemError(
          409,
          "conflict",
          "Theirs is the last admin key for all brands; make another one first, or nobody can get in",
        );
      }
      const after = async () => {
        for (const keyId of ended) auth.forget(keyId);
      };
      return { body: undefined, objectId: params.id, after };
    },
  }),
];
