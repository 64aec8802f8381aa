import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Api, openApi } from "./app.ts";

let api: Api;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const make = (body: object, key = api.keys.approver) => api.call("POST", "/v1/templates", { key, body });
const ids = (body: { items: { id: string }[] }) => body.items.map(item => item.id);

describe("templates", () => {
  it("are made, listed, changed and archived", async () => {
    const { status, body } = await make({
      name: "Извинение",
      text: "{{author}}, простите.\u0000",
      aspect: "delivery",
    });
    expect([status, body]).toEqual([
      201,
      expect.objectContaining({ language: "ru", tone: null, brandId: null, text: "{{author}}, простите." }),
    ]);
    const own = (await make({ name: "Своё", text: "Да", brandId: api.brandId, tone: "negative" })).body.id;
    const list = (query: string) => api.call("GET", `/v1/templates?${query}`, { key: api.keys.analyst });
    expect(ids((await list(`brandId=${api.brandId}`)).body)).toEqual([body.id, own]);
    expect(ids((await list("aspect=delivery")).body)).toEqual([body.id]);
    expect(ids((await list("tone=negative&language=ru")).body)).toEqual([own]);
    const changed = await api.call("PATCH", `/v1/templates/${body.id}`, {
      body: { aspect: null, text: "Нет" },
    });
    expect(changed.body).toMatchObject({ aspect: null, text: "Нет", name: "Извинение" });
    expect((await api.call("DELETE", `/v1/templates/${body.id}`)).status).toBe(204);
    expect((await api.call("GET", `/v1/templates/${body.id}`)).status).toBe(404);
    expect((await api.call("PATCH", `/v1/templates/${body.id}`, { body: { text: "x" } })).status).toBe(404);
  });

  it("are refused by the names that mean nothing and the place of a mistake", async () => {
    const unknown = await make({ name: "x", text: "{{autor}}, {{__proto__}}" });
    expect([unknown.status, unknown.body.errors[0].path]).toEqual([422, "text"]);
    const names = await make({ name: "x", text: "{{autor}} {{toString}}" });
    expect(names.body.detail).toContain('"autor", "toString"');
    const open = await make({ name: "x", text: "Да {{#if rating}}" });
    expect(open.body.detail).toContain("character 4");
  });

  it("are written by those who may approve, for brands that their key may see", async () => {
    expect((await make({ name: "x", text: "x" }, api.keys.manager)).status).toBe(403);
    expect((await make({ name: "x", text: "x" }, api.foreign.approver)).status).toBe(403);
    expect((await make({ name: "x", text: "x", brandId: api.brandId }, api.foreign.approver)).status).toBe(
      404,
    );
    const theirs = await make({ name: "x", text: "x", brandId: api.foreignBrandId }, api.foreign.approver);
    expect(theirs.status).toBe(201);
    const ours = (await make({ name: "x", text: "x", brandId: api.brandId })).body.id;
    const everyones = (await make({ name: "x", text: "x" })).body.id;
    const seen = ids((await api.call("GET", "/v1/templates?limit=500", { key: api.foreign.manager })).body);
    expect([seen.includes(ours), seen.includes(everyones), seen.includes(theirs.body.id)]).toEqual([
      false,
      true,
      true,
    ]);
    for (const method of ["PATCH", "DELETE"] as const) {
      const body = method === "PATCH" ? { body: { name: "y" } } : {};
      const key = api.foreign.admin;
      expect((await api.call(method, `/v1/templates/${ours}`, { key, ...body })).status).toBe(404);
      expect((await api.call(method, `/v1/templates/${everyones}`, { key, ...body })).status).toBe(403);
    }
    const rival = await api.world.makeBrand({ competitorOf: api.brandId });
    expect((await make({ name: "x", text: "x", brandId: rival })).status).toBe(422);
  });
});
