import { afterAll, beforeAll, expect, test } from "vitest";
import { describeShared, readSharedJson } from "#tests/shared.ts";
import { type Api, type Called, openApi } from "./app.ts";

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const feed = "https://news.example.org/feed.xml";

/** Every place of group-wide routes where a client's text goes into storage or a question. */
const places: ((text: string) => Promise<Called>)[] = [
  text => api.call("POST", "/v1/people", { body: { name: text } }),
  text => api.call("POST", "/v1/brands", { body: { name: text, query: "волна" } }),
  text => api.call("POST", "/v1/brands", { body: { name: "x", query: text } }),
  text => api.call("POST", "/v1/brands/preview", { body: { query: "волна", texts: [text] } }),
  text => api.call("POST", "/v1/keys", { body: { name: text, role: "analyst" } }),
  text =>
    api.call("POST", "/v1/sources", {
      body: {
        kind: "rss-feed",
        title: text,
        brandIds: [api.brandId],
        settings: { url: feed },
        enabled: false,
      },
    }),
  text =>
    api.call("POST", "/v1/sources", {
      body: {
        kind: "rss-feed",
        brandIds: [api.brandId],
        settings: { url: `${feed}?${text}` },
        enabled: false,
      },
    }),
  text =>
    api.call("POST", "/v1/sources", {
      body: {
        kind: "wildberries-seller",
        brandIds: [api.brandId],
        settings: { token: "basic" },
        credentials: { token: text },
        enabled: false,
      },
    }),
  text =>
    api.call("POST", "/v1/people", {
      body: { name: "x" },
      headers: { "idempotency-key": encodeURIComponent(text.toWellFormed()) },
    }),
  text => api.call("GET", `/v1/runs?cursor=${encodeURIComponent(text.toWellFormed())}`),
  text => api.call("GET", `/v1/audit?object=${encodeURIComponent(text.toWellFormed())}`),
  text => api.call("GET", `/v1/sources?kind=${encodeURIComponent(text.toWellFormed())}`),
  text => api.call("GET", `/v1/brands/${encodeURIComponent(text.toWellFormed())}`),
];

async function neverBreaks(text: string): Promise<void> {
  for (const [index, place] of places.entries()) {
    const { status, text: answer } = await place(text);
    expect([index, text.slice(0, 60), status < 500, answer.slice(0, 200)]).toEqual([
      index,
      text.slice(0, 60),
      true,
      expect.any(String),
    ]);
  }
}

test("NUL, halves of surrogate pairs, controls, marks and very long texts are stored or refused, never a 500", async () => {
  const texts = [
    "a\u0000b",
    "\u0000",
    "\ud800",
    "x\udc00y",
    "\u202eabc",
    "\ufeffabc",
    "👩‍👩‍👧‍👦",
    "e\u0301".repeat(100),
    "'; drop table brand; --",
    "<script>alert(1)</script>",
    "${7*7}{{7*7}}",
    "__proto__",
    "x".repeat(100_000),
    "(".repeat(900),
  ];
  for (const text of texts) await neverBreaks(text);
});

test("field names that mean something to JavaScript are unknown fields like any other", async () => {
  for (const body of [
    '{"name":"x","__proto__":{"admin":true}}',
    '{"name":"x","constructor":{"prototype":{}}}',
  ]) {
    const { status } = await api.call("POST", "/v1/people", { body });
    expect([400, 422]).toContain(status);
  }
});

test("deeply nested JSON is refused without harm", async () => {
  const body = `{"kind":"push","brandIds":["${api.brandId}"],"settings":${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}}`;
  expect((await api.call("POST", "/v1/sources", { body })).status).toBeLessThan(500);
  expect((await api.call("GET", "/healthz")).status).toBe(200);
});

describeShared("the big list of naughty strings", "suites/blns/blns.json", () => {
  test("none of them breaks a route", async () => {
    // Each text at one place, by turns: all places see all sorts of texts.
    for (const [index, text] of readSharedJson<string[]>("suites/blns/blns.json").entries()) {
      for (const place of [index % places.length, (index * 7 + 3) % places.length]) {
        const { status } = await (places[place] as (typeof places)[number])(text);
        expect([place, text, status < 500]).toEqual([place, text, true]);
      }
    }
  });
});
