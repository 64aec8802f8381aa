import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Role, roles } from "#store/tables.ts";
import { type Api, openApi } from "./app.ts";
import { type GoodCall, goodCalls, questions, sendNothing } from "./calls.ts";
import { openCase } from "./desk.ts";
import { type DeclaredRoute, declaredRoutes } from "./routes.ts";

let api: Api;
/** Objects of the own brand that reading routes name, by the resource in the path. */
let ids: Record<string, string>;

beforeAll(async () => {
  api = await openApi();
  sendNothing(api);
  await api.world.db.updateTable("person").set({ role: "lead" }).where("id", "=", api.approverId).execute();
  const source = await api.world.makeSource([api.brandId]);
  const { mentionId, caseId } = await openCase(api, source, "r-1");
  const idOf = async (name: string): Promise<string> => {
    const { url, body = {} } = await (goodCalls[name] as (api: Api) => Promise<GoodCall>)(api);
    return (await api.call("POST", url, { body })).body.id;
  };
  const { db } = api.world;
  ids = {
    brands: api.brandId,
    sources: source,
    runs: (await db.selectFrom("run").select("id").executeTakeFirstOrThrow()).id,
    people: api.personId,
    mentions: mentionId,
    queue: caseId,
    templates: await idOf("POST /v1/templates"),
    serp: await idOf("POST /v1/serp/queries"),
    annotations: await idOf("POST /v1/annotations"),
    silences: await idOf("POST /v1/silences"),
    "report-schedules": await idOf("POST /v1/report-schedules"),
    "alert-rules": await idOf("POST /v1/alert-rules"),
    "alert-channels": await idOf("POST /v1/alert-channels"),
    alerts: (await idOf("POST /v1/alerts/{id}/ack")) as string,
    deliveries: (await idOf("POST /v1/deliveries/{id}/redeliver")) as string,
  };
}, 240_000);
afterAll(() => api.close());

const name = (route: DeclaredRoute) => `${route.method} ${route.path}`;
const isWrite = (route: DeclaredRoute) => route.method !== "GET" && questions[name(route)] === undefined;

/** Queries without which a list is no question. */
const needed: Record<string, () => string> = {
  "/v1/reports/responses/cases": () => `?brandId=${api.brandId}&figure=received`,
  "/v1/serp/summary": () => `?brandId=${api.brandId}`,
  "/v1/exports/report.html": () => `?brandId=${api.brandId}`,
  "/v1/exports/report.pdf": () => `?brandId=${api.brandId}`,
};

/** Every view of a trend, and every file of one, is asked of one brand. */
const trendOf = () => `?brandId=${api.brandId}&from=2026-11-01T00:00:00Z&to=2026-11-20T00:00:00Z`;
const queryOf = (path: string) => (/^\/v1\/(?:exports\/)?trends\//.test(path) ? trendOf : needed[path]);

/** What a good call is answered where the installation has not what it asks for. */
const unready: Record<string, number> = {
  "GET /v1/exports/report.pdf": 503,
  "POST /v1/queue/{id}/suggestions": 409,
};

const prepare = async (route: DeclaredRoute): Promise<GoodCall> => {
  const made = goodCalls[name(route)] ?? questions[name(route)];
  if (made !== undefined) return made(api);
  const resource = route.path.split("/")[2] as string;
  const query = queryOf(route.path)?.() ?? "";
  return { url: route.path.replace("{id}", ids[resource] ?? "") + query };
};

const ask = async (route: DeclaredRoute, key: string | null) => {
  const { url, ...options } = await prepare(route);
  const called = await api.call(route.method, url, { key, ...options });
  return { status: called.status, detail: called.body?.detail, text: called.text };
};

/** What a key of another brand may do besides its own: things that belong to no brand, and lists, which are empty for it. */
const withoutBrand: Record<string, number> = {
  "GET /v1/people/{id}": 200,
  "GET /v1/alert-channels/{id}": 200,
  "GET /v1/sla-presets": 200,
  "GET /v1/source-kinds": 200,
  "POST /v1/people": 201,
  "POST /v1/brands": 201,
  // The body names a brand that is none to this key.
  "POST /v1/sources": 422,
  // 403: the thing is seen or named by nobody in particular, and serves all brands.
  "GET /v1/audit": 403,
  "PATCH /v1/people/{id}": 403,
  "DELETE /v1/people/{id}": 403,
  "POST /v1/departments": 403,
  "PATCH /v1/departments/{id}": 403,
  "DELETE /v1/departments/{id}": 403,
  "POST /v1/keys": 403,
  "DELETE /v1/authors/{sourceKind}/{authorId}": 403,
  "POST /v1/alert-channels": 403,
  "PATCH /v1/alert-channels/{id}": 403,
  "DELETE /v1/alert-channels/{id}": 403,
  "POST /v1/alert-channels/{id}/test": 403,
  "POST /v1/alert-channels/{id}/rotate-secret": 403,
};

/** Answers to a foreign key that hold one answer for each object: none of them may have gone. */
const inParts: Record<string, (text: string) => boolean> = {
  "POST /v1/queue/bulk": text =>
    JSON.parse(text).items.every((item: { status: number }) => item.status === 404),
  "POST /v1/mentions": text =>
    JSON.parse(text).results.every((result: { status: string }) => result.status === "rejected"),
};

const allowed = (route: DeclaredRoute): readonly Role[] => route.roles ?? [];
/** The stream has no end; its own tests hold it. */
const finite = () => declaredRoutes(api.app).filter(route => route.path !== "/v1/stream");
const isList = ({ method, path }: DeclaredRoute) =>
  method === "GET" && !path.includes("{") && queryOf(path) === undefined;

/** What a key of another brand is to be told by a route. */
const foreignStatus = (route: DeclaredRoute): number =>
  withoutBrand[name(route)] ?? (isList(route) || inParts[name(route)] ? 200 : 404);

/** What an answer to a foreign key gives away: objects of the own brand, or a part that went. */
function givenAway(route: DeclaredRoute, text: string): string[] {
  const wholly = inParts[name(route)];
  if (wholly) return wholly(text) ? [] : [text];
  if (withoutBrand[name(route)] !== undefined) return [];
  const shared = new Set(["people", "alert-channels"]);
  return Object.entries(ids)
    .filter(([resource, id]) => !shared.has(resource) && text.includes(id))
    .map(([resource]) => resource);
}

describe("the matrix of every route and every key", () => {
  test("has a good call of every writing route", () => {
    const writing = finite().filter(isWrite).map(name);
    expect(Object.keys(goodCalls).toSorted()).toEqual(writing.toSorted());
  });

  test("lets nobody in without a good key, or with a role that the document does not name", async () => {
    for (const route of finite().filter(one => one.roles !== null)) {
      const { url, ...options } = await prepare(route);
      const others = roles.filter(role => !allowed(route).includes(role));
      const keys: [string, string | null, number][] = [
        ["none", null, 401],
        ["expired", api.expiredKey, 401],
        ...others.map((role): [string, string, number] => [role, api.keys[role], 403]),
      ];
      for (const [who, key, expected] of keys) {
        const { status } = await api.call(route.method, url, { key, ...options });
        expect([name(route), who, status]).toEqual([name(route), who, expected]);
      }
    }
  }, 240_000);

  test("lets in every role that the document names", async () => {
    for (const route of finite()) {
      for (const role of allowed(route)) {
        const { status, detail } = await ask(route, api.keys[role]);
        const good = status < 300 || status === (unready[name(route)] ?? 0);
        expect([name(route), role, good, good ? "" : detail]).toEqual([name(route), role, true, ""]);
      }
    }
  }, 240_000);

  test("shows and changes nothing of a brand to a key of another one: 404", async () => {
    for (const route of finite()) {
      for (const role of allowed(route)) {
        const { status, text } = await ask(route, api.foreign[role]);
        expect([name(route), role, status]).toEqual([name(route), role, foreignStatus(route)]);
        const gone = status < 300 ? givenAway(route, text) : [];
        expect([name(route), role, gone]).toEqual([name(route), role, []]);
      }
    }
  }, 240_000);
});
