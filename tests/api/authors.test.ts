import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Api, openApi } from "./app.ts";
import { angry, openCase, pushRows, row, settled } from "./desk.ts";

let api: Api;
let sourceId: string;

const name = "Аделаида Крамольникова";
const authorId = "u-krm-7781";
const secretWords = "жемчужный самовар";
const text = `${angry} Там стоял ${secretWords}.`;
const theirs = { author: { id: authorId, name, url: `https://reviews.example/users/${authorId}` } };

beforeAll(async () => {
  api = await openApi();
  sourceId = await api.world.makeSource([api.brandId]);
});
afterAll(() => api.close());

/** Every stored value of every table that holds one of the words, as `table.column`. */
async function placesOf(needles: readonly string[]): Promise<string[]> {
  const client = new pg.Client(api.world.database.ownerUrl);
  await client.connect();
  const found = [];
  const { rows: columns } = await client.query(
    "select table_name, column_name from information_schema.columns where table_schema = 'public'",
  );
  for (const { table_name, column_name } of columns) {
    const { rows } = await client.query(
      `select 1 from "${table_name}" where exists (select 1 from unnest($1::text[]) needle where position(needle in "${column_name}"::text) > 0) limit 1`,
      [needles],
    );
    if (rows.length > 0) found.push(`${table_name}.${column_name}`);
  }
  await client.end();
  return found;
}

const totals = async () =>
  await api.world.db
    .selectFrom("rollup_day")
    .select(eb => [eb.fn.sum<number>("total").as("total"), eb.fn.sum<number>("negative").as("negative")])
    .executeTakeFirst();

describe("erasing an author", () => {
  it("leaves his name, id and words nowhere, and every count as it was", async () => {
    const { mentionId, caseId } = await openCase(api, sourceId, "e-1", {
      ...theirs,
      text,
      title: secretWords,
    });
    await pushRows(api, [row(sourceId, { externalId: "e-1", ...theirs, text: `${text} И ещё раз.` })]);
    await api.call("POST", "/v1/mentions", {
      headers: { "idempotency-key": "once" },
      body: { mentions: [row(sourceId, { externalId: "e-2", ...theirs, text })] },
    });
    const { headers } = await api.call("GET", `/v1/queue/${caseId}`);
    await api.call("POST", `/v1/queue/${caseId}/note`, {
      headers: { "if-match": String(headers["etag"]) },
      body: { text: `${name} звонила` },
    });
    const other = await openCase(api, sourceId, "e-3", { author: { id: "u-other", name: "Пётр" } });
    expect((await placesOf([name, authorId, secretWords])).length).toBeGreaterThan(5);
    const before = await totals();

    const { status, body } = await api.call("DELETE", `/v1/authors/push/${authorId}`);
    expect([status, body]).toEqual([200, { documents: 2 }]);

    expect(await placesOf([name, authorId, secretWords])).toEqual([]);
    expect(await totals()).toEqual(before);
    expect((await api.call("GET", `/v1/mentions/${mentionId}`)).status).toBe(404);
    expect(
      (await api.call("PATCH", `/v1/mentions/${mentionId}`, { body: { tone: "positive" } })).status,
    ).toBe(404);
    expect((await api.call("GET", `/v1/queue/${caseId}`)).body).toMatchObject({
      status: "ended",
      outcome: "removed",
    });
    expect((await api.call("GET", `/v1/queue/${other.caseId}`)).body).toMatchObject({ status: "open" });
    const listed = (await api.call("GET", "/v1/mentions")).body.items;
    expect(listed.map((item: { externalId: string }) => item.externalId)).toEqual(["e-3"]);
    await settled(api);
    const { items } = (await api.call("GET", "/v1/mentions?sinceSeq=0")).body;
    expect(items.find((item: { id: string }) => item.id === mentionId)).toEqual({
      id: mentionId,
      seq: expect.any(Number),
      deleted: true,
    });
    const { action, object, object_id } = await api.world.db
      .selectFrom("audit")
      .selectAll()
      .where("object", "=", "author")
      .executeTakeFirstOrThrow();
    expect([action, object, object_id]).toEqual(["erase", "author", null]);
  });

  it("does not take the same texts in again, but does take what he writes later", async () => {
    const again = await pushRows(api, [
      row(sourceId, { externalId: "e-1", ...theirs, text }),
      row(sourceId, { externalId: "e-9", ...theirs, text, publishedAt: "2026-11-19T00:00:00Z" }),
      row(sourceId, { externalId: "e-10", ...theirs, publishedAt: null }),
    ]);
    expect(again.body.results.map((result: { status: string }) => result.status)).toEqual([
      "rejected",
      "rejected",
      "rejected",
    ]);
    expect(again.body.results[0].error).toContain("forgotten");
    expect(await placesOf([name, authorId, secretWords])).toEqual([]);
    api.world.setNow("2026-11-21T12:00:00Z");
    const later = await pushRows(api, [
      row(sourceId, { externalId: "e-11", ...theirs, publishedAt: "2026-11-21T10:00:00Z" }),
    ]);
    expect(later.body.results[0].status).toBe("created");
  });

  it("is for admins of all brands, and says when nobody is known under the id", async () => {
    expect((await api.call("DELETE", "/v1/authors/push/nobody")).status).toBe(404);
    expect((await api.call("DELETE", "/v1/authors/push/%00")).status).toBeLessThan(500);
    expect((await api.call("DELETE", `/v1/authors/push/${authorId}`, { key: api.keys.manager })).status).toBe(
      403,
    );
    expect(
      (await api.call("DELETE", `/v1/authors/push/${authorId}`, { key: api.foreign.admin })).status,
    ).toBe(403);
  });
});
