import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Api, type Called, openApi } from "./app.ts";

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const auditCount = async () => {
  const row = await api.world.db
    .selectFrom("audit")
    .select(eb => eb.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return row.count;
};
const brandCount = async () => (await api.call("GET", "/v1/brands?limit=500")).body.items.length;
let made = 0;
const newBrand = () => ({ name: `Бренд ${++made}`, query: "бренд" });
const post = (path: string, body: object, idempotencyKey?: string): Promise<Called> =>
  api.call("POST", path, {
    body,
    ...(idempotencyKey === undefined ? {} : { headers: { "idempotency-key": idempotencyKey } }),
  });

describe("the audit", () => {
  test("names key, person, object and fields, and holds none of their values", async () => {
    await post("/v1/brands", newBrand());
    const { body } = await api.call("GET", "/v1/audit?object=brand&limit=500");
    const created = body.items.find((item: { action: string }) => item.action === "create");
    expect(created).toMatchObject({ keyId: api.keys.admin.slice(6, 14), personId: api.approverId });
    expect(created.fields).toEqual(expect.arrayContaining(["name", "query"]));
    expect(JSON.stringify(body)).not.toContain("Бренд");
  });

  test("has none for a call that failed: entry and change are one transaction", async () => {
    const before = await auditCount();
    const taken = (await api.call("GET", `/v1/brands/${api.brandId}`)).body.name;
    expect((await post("/v1/brands", { name: taken, query: "x" })).status).toBe(422);
    expect((await post("/v1/brands", { name: "x", query: "(" }, "failed")).status).toBe(422);
    expect(await auditCount()).toBe(before);
    // A failed call does not hold its key either.
    expect((await post("/v1/brands", newBrand(), "failed")).status).toBe(201);
  });

  test("lists the latest first and is filtered by object, key and time", async () => {
    api.world.setNow("2026-11-20T13:00:00Z");
    const { id } = (await post("/v1/people", { name: "Глеб" })).body;
    const one = await api.call("GET", `/v1/audit?object=person&objectId=${id}&from=2026-11-20T13:00:00Z`);
    expect(one.body.items).toMatchObject([
      { action: "create", at: "2026-11-20T13:00:00.000Z", fields: ["name"] },
    ]);
    expect((await api.call("GET", "/v1/audit?to=2020-01-01T00:00:00Z")).body.items).toEqual([]);
    expect((await api.call("GET", "/v1/audit?keyId=AAAAAAAA")).body.items).toEqual([]);
    const all = (await api.call("GET", "/v1/audit?limit=500")).body.items.map(
      (item: { at: string }) => item.at,
    );
    expect(all).toEqual(all.toSorted().toReversed());
    expect((await api.call("GET", "/v1/audit", { key: api.foreign.admin })).status).toBe(403);
  });
});

describe("a repeated call", () => {
  test("with the same key and body gets the first answer and changes nothing", async () => {
    const body = newBrand();
    const first = await post("/v1/brands", body, "once");
    const before = [await brandCount(), await auditCount()];
    const second = await post("/v1/brands", body, "once");
    expect([second.status, second.body]).toEqual([201, first.body]);
    expect(second.headers["idempotent-replayed"]).toBe("true");
    expect([await brandCount(), await auditCount()]).toEqual(before);
  });

  test("with another body, or at another address, is refused", async () => {
    await post("/v1/people", { name: "Дина" }, "same key");
    expect((await post("/v1/people", { name: "Егор" }, "same key")).status).toBe(422);
    const other = await post("/v1/brands", newBrand(), "same key");
    expect([other.status, other.body.type]).toEqual([422, "urn:molva:problem:idempotency-mismatch"]);
    // Keys of other callers are theirs.
    const admin = await api.makeKey("admin");
    const theirs = await api.call("POST", "/v1/people", {
      key: admin,
      body: { name: "Егор" },
      headers: { "idempotency-key": "same key" },
    });
    expect(theirs.status).toBe(201);
  });

  test("made ten times at once has one effect, and all get its answer", async () => {
    const body = newBrand();
    const before = await brandCount();
    const answers = await Promise.all(Array.from({ length: 10 }, () => post("/v1/brands", body, "ten")));
    expect(answers.map(answer => answer.status)).toEqual(Array(10).fill(201));
    expect(new Set(answers.map(answer => answer.body.id)).size).toBe(1);
    expect(await brandCount()).toBe(before + 1);
  });

  test("whose answer held a secret is a 409 with the id, and the secret is stored nowhere", async () => {
    const first = await post("/v1/keys", { name: "x", role: "analyst" }, "secret");
    const second = await post("/v1/keys", { name: "x", role: "analyst" }, "secret");
    expect([second.status, second.body.current]).toEqual([409, { id: first.body.id }]);
    const kept = await api.world.db
      .selectFrom("idempotency")
      .selectAll()
      .where("key", "=", "secret")
      .execute();
    expect(JSON.stringify(kept)).not.toContain(first.body.key.slice(15));
  });

  test("without a body repeats its emptiness", async () => {
    const id = await api.world.makeSource([api.brandId]);
    const call = () => api.call("DELETE", `/v1/sources/${id}`, { headers: { "idempotency-key": "gone" } });
    expect((await call()).status).toBe(204);
    const second = await call();
    expect([second.status, second.text]).toEqual([204, ""]);
  });

  test("needs one key of 1 to 200 characters", async () => {
    for (const key of ["", "x".repeat(201)])
      expect((await post("/v1/people", { name: "Ж" }, key)).status).toBe(400);
  });
});

test("a queue that is down does not undo what is stored", async () => {
  const settings = { url: "https://a.example/f", kind: "news" };
  const id = await api.world.makeSource([api.brandId], { kind: "rss-feed", settings });
  const { collect } = api.deps.enqueue;
  api.deps.enqueue.collect = async () => {
    throw new Error("the queue is down");
  };
  const { status, body } = await post(`/v1/sources/${id}/run`, {});
  api.deps.enqueue.collect = collect;
  expect(status).toBe(202);
  expect((await api.call("GET", `/v1/runs/${body.runId}`)).status).toBe(200);
});
