import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newKeyText } from "#pipeline/keys.ts";
import { type Api, openApi } from "./app.ts";

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const make = (body: object, key?: string) =>
  api.call("POST", "/v1/keys", { body, ...(key === undefined ? {} : { key }) });

test("a key is 8 letters or digits and 43 characters of base64url, all letters as likely", () => {
  const texts = Array.from({ length: 2_000 }, () => newKeyText(size => randomBytes(size)));
  for (const text of texts) expect(text).toMatch(/^molva_[A-Za-z0-9]{8}_[A-Za-z0-9_-]{43}$/);
  expect(new Set(texts).size).toBe(2_000);
  const letters = texts.flatMap(text => [...text.slice(6, 14)]);
  const counts = [...Map.groupBy(letters, letter => letter).values()].map(group => group.length);
  // 16,000 draws of 62: 258 expected each; seven standard deviations are 113.
  expect(counts.length).toBe(62);
  for (const count of counts) expect(Math.abs(count - 258)).toBeLessThan(113);
});

test("a key is shown once, works, and only its hash is stored", async () => {
  const { status, body, headers } = await make({ name: "export", role: "analyst" });
  expect(status).toBe(201);
  expect(headers["location"]).toBe(`/v1/keys/${body.id}`);
  expect((await api.call("GET", "/v1/brands", { key: body.key })).status).toBe(200);
  const list = await api.call("GET", "/v1/keys");
  expect(list.body.items.map((item: { id: string }) => item.id)).toContain(body.id);
  const secret = body.key.slice(15);
  expect(list.text).not.toContain(secret);
  const row = await api.world.db
    .selectFrom("api_key")
    .selectAll()
    .where("id", "=", body.id)
    .executeTakeFirst();
  expect(JSON.stringify(row)).not.toContain(secret);
});

test("an ended key is refused at once, and ending it again finds nothing", async () => {
  const { body } = await make({ name: "short", role: "manager", personId: api.personId });
  expect((await api.call("GET", "/v1/brands", { key: body.key })).status).toBe(200);
  expect((await api.call("DELETE", `/v1/keys/${body.id}`)).status).toBe(204);
  expect((await api.call("GET", "/v1/brands", { key: body.key })).status).toBe(401);
  expect((await api.call("DELETE", `/v1/keys/${body.id}`)).status).toBe(404);
});

test("a key ends at its time", async () => {
  const expiresAt = new Date(api.deps.clock().getTime() + 60_000).toISOString();
  const { body } = await make({ name: "an hour", role: "analyst", expiresAt });
  expect((await api.call("GET", "/v1/brands", { key: body.key })).status).toBe(200);
  api.world.setNow(expiresAt);
  expect((await api.call("GET", "/v1/brands", { key: body.key })).status).toBe(401);
});

test("an admin limited to brands makes, sees and ends only keys within them", async () => {
  const limited = api.foreign.admin;
  const here = { name: "x", role: "analyst" };
  expect((await make(here, limited)).status).toBe(403);
  expect((await make({ ...here, brandIds: null }, limited)).status).toBe(403);
  expect((await make({ ...here, brandIds: [api.brandId] }, limited)).status).toBe(403);
  expect((await make({ ...here, brandIds: [api.foreignBrandId, api.brandId] }, limited)).status).toBe(403);
  const fine = await make({ ...here, brandIds: [api.foreignBrandId] }, limited);
  expect(fine.status).toBe(201);
  const { body } = await api.call("GET", "/v1/keys?limit=500", { key: limited });
  for (const item of body.items) expect(item.brandIds).toEqual([api.foreignBrandId]);
  expect(body.items.length).toBe(6);
  const wideId = api.keys.analyst.split("_")[1];
  expect((await api.call("DELETE", `/v1/keys/${wideId}`, { key: limited })).status).toBe(404);
});

test("the last admin key for all brands cannot be ended", async () => {
  const id = api.keys.admin.split("_")[1];
  const refused = await api.call("DELETE", `/v1/keys/${id}`);
  expect(refused.status).toBe(409);
  expect((await api.call("GET", "/v1/brands")).status).toBe(200);
  await make({ name: "another", role: "admin" });
  expect((await api.call("DELETE", `/v1/keys/${id}`)).status).toBe(204);
  expect((await api.call("GET", "/v1/brands")).status).toBe(401);
});

test("wrong people, brands and times are named", async () => {
  const other = (await openApi()) as Api;
  const absent = "00000000-0000-7000-8000-000000000000";
  const cases = [
    [{ personId: absent }, "personId"],
    [{ brandIds: [other.brandId, absent] }, "brandIds.1"],
    [{ expiresAt: "2020-01-01T00:00:00Z" }, "expiresAt"],
  ] as const;
  for (const [fields, path] of cases) {
    const { status, body } = await other.call("POST", "/v1/keys", {
      body: { name: "x", role: "analyst", ...fields },
    });
    expect([status, body.errors[0].path]).toEqual([422, path]);
  }
  await other.close();
});
