import { z } from "zod";
import { addPerson } from "#pipeline/people.ts";
import { listPeople, type PersonRow } from "#store/person.ts";
import { adminOnly, everyReader, type Route, readRoute, writeRoute } from "./define.ts";
import { decodeCursor, id, instant, page, pageOf, paging, timeKeys } from "./shape.ts";

const name = z.string().trim().min(1).max(200);
const personSchema = z.object({ id, name, createdAt: instant }).meta({ id: "Person" });

const personBody = (row: PersonRow): z.input<typeof personSchema> => ({
  id: row.id,
  name: row.name,
  createdAt: row.created_at,
});

export const peopleRoutes: readonly Route[] = [
  readRoute({
    url: "/v1/people",
    tag: "people",
    summary: "People who can hold cases",
    allow: everyReader,
    query: z.strictObject(paging),
    reply: pageOf(personSchema),
    read: async (_deps, { db, query: { limit, cursor } }) => {
      const rows = await listPeople(db, { after: decodeCursor(cursor, timeKeys), limit: limit + 1 });
      return { body: page(rows, limit, row => [row.created_at, row.id], personBody) };
    },
  }),
  writeRoute({
    method: "POST",
    url: "/v1/people",
    tag: "people",
    summary: "Add somebody who can hold cases; POST /v1/keys then gives them a key",
    allow: adminOnly,
    body: z.strictObject({ name }),
    reply: personSchema,
    status: 201,
    audit: { action: "create", object: "person" },
    change: async (tx, _deps, { body, now }) => {
      const row = await addPerson(tx, body.name, now);
      return { body: personBody(row), objectId: row.id };
    },
  }),
];
