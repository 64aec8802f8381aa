import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { roles } from "#store/tables.ts";
import { type Api, openApi } from "./app.ts";
import { type DeclaredRoute, declaredRoutes } from "./routes.ts";

let api: Api;
let routes: DeclaredRoute[];

beforeAll(async () => {
  api = await openApi();
  routes = declaredRoutes(api.app);
});
afterAll(() => api.close());

/** Public routes are known by having no security in the document. */
const guarded = () => routes.filter(route => route.roles !== null);

describe("who may call what", () => {
  test("the document says of every route who may call it", () => {
    expect(routes.length).toBeGreaterThan(20);
    const open = routes.filter(route => route.roles === null).map(route => `${route.method} ${route.path}`);
    // What Slack calls is signed instead.
    const signed = "POST /v1/callbacks/slack";
    expect(open.toSorted()).toEqual(["GET /healthz", "GET /metrics", "GET /readyz", signed]);
  });

  test("no key, a malformed one, an unknown one and an expired one get 401 everywhere", async () => {
    const bad = [
      null,
      "molva_",
      "molva_abcdefgh_0123456789012345678901234567890123456789abc",
      api.expiredKey,
    ];
    for (const route of guarded()) {
      for (const key of bad) {
        const { status, headers } = await api.call(route.method, route.url, { key, ...route.body });
        expect([route.method, route.path, status]).toEqual([route.method, route.path, 401]);
        expect(headers["www-authenticate"]).toContain("Bearer");
      }
    }
  });

  test("a role that the document does not name gets 403, a named one never 401 or 403", async () => {
    for (const route of guarded().filter(each => each.path !== "/v1/stream")) {
      for (const role of roles) {
        const { status } = await api.call(route.method, route.url, { key: api.keys[role], ...route.body });
        const named = route.roles?.includes(role) ?? false;
        const seen = { route: `${route.method} ${route.path}`, role, refused: status === 403 };
        expect(seen).toEqual({ route: `${route.method} ${route.path}`, role, refused: !named });
        expect(status).not.toBe(401);
      }
    }
  });

  test("an object that does not exist is a 404, or the request is refused before it is looked for", async () => {
    for (const route of guarded().filter(each => each.path.includes("{"))) {
      const { status, body } = await api.call(route.method, route.url, { ...route.body });
      expect([404, 422, 428, 400, 412], `${route.method} ${route.path}: ${JSON.stringify(body)}`).toContain(
        status,
      );
    }
  });
});

describe("every refusal is a problem", () => {
  const isProblem = (called: { status: number; headers: Record<string, unknown>; body: unknown }) => {
    expect(called.headers["content-type"]).toBe("application/problem+json");
    expect(called.body).toMatchObject({
      type: expect.stringMatching(/^urn:molva:problem:[a-z-]+$/),
      title: expect.any(String),
      status: called.status,
      detail: expect.any(String),
      instance: expect.stringMatching(/^urn:molva:request:/),
    });
    expect(JSON.stringify(called.body)).not.toMatch(/\bat .+\.ts:\d|select |insert /i);
  };

  test("an unknown path is 404, an unknown method 405 with Allow", async () => {
    const nothing = await api.call("GET", "/v1/nothing");
    expect(nothing.status).toBe(404);
    isProblem(nothing);
    const put = await api.call("PUT", "/v1/brands");
    expect(put.status).toBe(405);
    expect(put.headers["allow"]).toBe("GET, HEAD, POST");
    isProblem(put);
  });

  test("malformed JSON is 400, another media type 415, over 5 MiB 413", async () => {
    const post = (body: string, type = "application/json") =>
      api.call("POST", "/v1/brands", { body, headers: { "content-type": type } });
    for (const [status, called] of [
      [400, await post("{")],
      [422, await post("")],
      [415, await post("a=b", "application/x-www-form-urlencoded")],
      [415, await post("<a/>", "application/xml")],
      [413, await post(`{"name":"${"x".repeat(5 * 1024 * 1024)}"}`)],
    ] as const) {
      expect(called.status).toBe(status);
      isProblem(called);
    }
  });

  test("unknown fields are named, in a body and in a query", async () => {
    const body = await api.call("POST", "/v1/people", { body: { name: "Вера", nmae: "x" } });
    expect(body.status).toBe(422);
    expect(JSON.stringify(body.body)).toContain("nmae");
    isProblem(body);
    const query = await api.call("GET", "/v1/runs?sorce=1");
    expect(query.status).toBe(400);
    expect(JSON.stringify(query.body)).toContain("sorce");
    isProblem(query);
  });

  test("a cursor of another list, an id that is none and a broken address are 400", async () => {
    for (const path of ["/v1/brands?cursor=abc", "/v1/runs/1", "/v1/sources/%00", "/v1/%zz"]) {
      const called = await api.call("GET", path);
      expect([path, called.status]).toEqual([path, 400]);
      isProblem(called);
    }
  });
});

describe("the document", () => {
  test("is OpenAPI 3.1 and lists every route with an answer and a problem", async () => {
    const { body } = await api.call("GET", "/openapi.json", { key: null });
    expect(body.openapi).toBe("3.1.0");
    for (const route of routes) {
      const { responses } = body.paths[route.path][route.method.toLowerCase()];
      expect(Object.keys(responses)).toContain("default");
      expect(Object.keys(responses).some(status => status.startsWith("2"))).toBe(true);
    }
  });

  test("instants are date-time texts with milliseconds", async () => {
    const { body } = await api.call("GET", "/openapi.json");
    expect(body.components.schemas.Source.properties.createdAt).toEqual({
      type: "string",
      format: "date-time",
    });
    const brand = await api.call("GET", `/v1/brands/${api.brandId}`);
    expect(brand.body.createdAt).toBe("2026-11-20T12:00:00.000Z");
  });
});
