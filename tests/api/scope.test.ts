import { afterAll, beforeAll, expect, test } from "vitest";
import { roles } from "#store/tables.ts";
import { type Api, openApi } from "./app.ts";
import { openCase } from "./desk.ts";
import { type DeclaredRoute, declaredRoutes } from "./routes.ts";

let api: Api;
/** Ids of objects of the own brand, by the resource in the path. */
let ids: Record<string, string>;

beforeAll(async () => {
  api = await openApi();
  const source = await api.world.makeSource([api.brandId]);
  const { mentionId, caseId } = await openCase(api, source, "r-1");
  const run = await api.world.db.selectFrom("run").select("id").executeTakeFirstOrThrow();
  ids = {
    brands: api.brandId,
    sources: source,
    runs: run.id,
    mentions: mentionId,
    queue: caseId,
    keys: api.keys.analyst.split("_")[1] as string,
  };
});
afterAll(() => api.close());

const resourceOf = (route: DeclaredRoute) => route.path.split("/")[2] as string;
const named = (route: DeclaredRoute) => (route.roles ?? []).filter(role => roles.includes(role));

test("a key limited to other brands reaches no object of this one by its id", async () => {
  const routes = declaredRoutes(api.app).filter(
    route => route.path.includes("/{id}") && resourceOf(route) in ids,
  );
  expect(routes.length).toBeGreaterThan(10);
  for (const route of routes) {
    const url = route.path.replace("{id}", ids[resourceOf(route)] as string);
    for (const role of named(route)) {
      const called = await api.call(route.method, url, {
        key: api.foreign[role],
        headers: { "if-match": '"1"' },
        ...route.body,
      });
      // 422: the body was refused before the object was looked for.
      expect([route.method, route.path, role, called.status]).toEqual([
        route.method,
        route.path,
        role,
        expect.toSatisfy((status: number) => status === 404 || (status === 422 && "body" in route.body)),
      ]);
      expect(called.text).not.toContain("Волна");
    }
  }
});

test("no list shows a limited key anything of another brand", async () => {
  const lists = declaredRoutes(api.app).filter(
    route =>
      route.method === "GET" &&
      !route.path.includes("{") &&
      route.roles !== null &&
      route.path !== "/v1/stream",
  );
  expect(lists.length).toBeGreaterThan(5);
  for (const route of lists) {
    for (const role of named(route)) {
      const { text } = await api.call("GET", route.path, { key: api.foreign[role] });
      for (const id of Object.values(ids))
        expect([route.path, role, text]).not.toEqual([route.path, role, expect.stringContaining(id)]);
    }
  }
});

test("naming a foreign brand in a filter finds nothing", async () => {
  for (const path of ["/v1/sources", "/v1/mentions", "/v1/queue"]) {
    const { status, text } = await api.call("GET", `${path}?brandId=${api.brandId}`, {
      key: api.foreign.manager,
    });
    expect([path, status === 404 || /"items":\[\]/.test(text)]).toEqual([path, true]);
  }
});
