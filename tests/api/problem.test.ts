import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toProblem } from "#api/problem.ts";
import { inTransaction } from "#store/db.ts";
import { type Api, openApi } from "./app.ts";

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

test("a question that takes too long is told to ask for less, not that Molva is broken", async () => {
  const error = await inTransaction(api.world.db, async tx => {
    await sql`set local statement_timeout = 20`.execute(tx);
    await sql`select pg_sleep(5)`.execute(tx);
  }).catch((thrown: unknown) => thrown);
  const { status, type, message } = toProblem(error);
  expect([status, type]).toEqual([503, "unavailable"]);
  expect(message).toContain("ask for a shorter range");
});

test.each([
  ["GET /v1/queue?limit=abc", {}, "limit", 'limit is "abc"; expected a number'],
  ["GET /v1/queue?limit=0", {}, "limit", 'limit is "0"; expected at least 1'],
  ["GET /v1/queue?limit=1&limit=2", {}, "limit", 'limit is ["1","2"]; expected a number'],
  ["GET /v1/queue?lmit=5", {}, "lmit", 'There is no query parameter "lmit"; did you mean "limit"?'],
  ["GET /v1/trends/sentiment", {}, "brandId", "brandId is missing; expected a text"],
  [
    "GET /v1/queue?status=open,clamed",
    {},
    "status",
    'status is "clamed"; expected one of open, claimed, snoozed, awaiting-approval, awaiting-publication, awaiting-author, ended; did you mean "claimed"?',
  ],
  ["GET /v1/queue/first", {}, "id", 'id is "first"; expected an id (a UUID)'],
  ["POST /v1/queue/claim", [], "", "The body is []; expected an object"],
  ["POST /v1/queue/claim", { limit: "9" }, "limit", 'limit is "9"; expected a number'],
  ["POST /v1/people", { name: "" }, "name", "name has 0 characters; expected at least 1 character"],
  [
    "POST /v1/brands/preview",
    { query: "чай", texts: ["чай"], words: 1 },
    "words",
    'There is no field "words"; expected query, texts, brandId',
  ],
  [
    "POST /v1/sources",
    { kind: "rss-feed", brandIds: ["0192f0aa-0000-7000-8000-000000000000"], settings: {} },
    "settings.url",
    expect.stringMatching(/^settings.url is missing; expected a/),
  ],
  [
    "POST /v1/sources",
    { kind: "rss-feed", brandIds: [], settings: {}, schedule: { cron: "0 * * * *" } },
    "schedule.timezone",
    "schedule.timezone is missing; expected a text",
  ],
  [
    "POST /v1/sources",
    { kind: "rss-feed", brandIds: [], settings: {}, schedule: { cron: "0 * * * *", tz: "UTC" } },
    "schedule.tz",
    'There is no field "schedule.tz"; expected cron, timezone',
  ],
  [
    "POST /v1/sources",
    { kind: "rss-feed", brandIds: [], settings: {}, schedule: { cron: "0 * * * *", timezon: "UTC" } },
    "schedule.timezone",
    "schedule.timezone is missing; expected a text",
  ],
  [
    "POST /v1/sources",
    { kind: "rss-feed", brandIds: [], settings: {}, schedule: { every: "5m", timezone: "UTC" } },
    "schedule.timezone",
    'There is no field "schedule.timezone"; expected every',
  ],
])("a refused %s says what was given and what is expected: %j", async (route, body, path, message) => {
  const [method, url] = route.split(" ") as ["GET" | "POST", string];
  const { body: problem } = await api.call(method, url, method === "GET" ? {} : { body });
  expect(problem.errors).toContainEqual({ path, message });
  expect(problem.detail).toContain(problem.errors[0].message);
});

test("settings of a source, and of a channel, are refused with every field that is wrong", async () => {
  const refused = async (path: string, body: object) => {
    const { status, body: problem } = await api.call("POST", path, { body });
    expect([
      status,
      problem.errors.every((one: { message: string }) => problem.detail.includes(one.message)),
    ]).toEqual([422, true]);
    return problem.errors;
  };
  const feed = { url: "nowhere", kind: "song", lnguage: "ru" };
  const source = { kind: "rss-feed", brandIds: [api.brandId], settings: feed };
  expect(await refused("/v1/sources", source)).toEqual([
    { path: "settings.url", message: expect.stringMatching(/^settings\.url is a text; expected an address/) },
    { path: "settings.kind", message: expect.stringMatching(/^settings\.kind is a text; expected one of/) },
    { path: "settings.lnguage", message: expect.stringMatching(/^There is no field "settings\.lnguage"; /) },
  ]);
  const settings = { botToken: "top-secret", chatId: "duty", topicId: 0 };
  const channel = { kind: "telegram", name: "x", settings };
  const errors = await refused("/v1/alert-channels", channel);
  expect(errors.map((one: { path: string }) => one.path)).toEqual([
    "settings.botToken",
    "settings.chatId",
    "settings.topicId",
  ]);
  expect(JSON.stringify(errors)).not.toContain("top-secret");
  const rule = { brandId: api.brandId, kind: "negative-mention", name: "x", channelIds: [] };
  const scores = { maxScore: "low", maxRatng: 2 };
  expect(await refused("/v1/alert-rules", { ...rule, settings: scores })).toMatchObject([
    { path: "settings.maxScore" },
    { message: 'There is no field "settings.maxRatng"; did you mean "maxRating"?' },
  ]);
});

test.each([
  ["top-secret", "a text"],
  [7_700_123, "a number"],
  [true, "true or false"],
  [["top-secret", "7700123"], "a list"],
  [[], "a list"],
])("a refused secret is not said again, whatever it is: %j", async (secret, said) => {
  const source = { kind: "wildberries-seller", brandIds: [api.brandId], settings: {} };
  const channel = { kind: "telegram", name: "x", settings: { chatId: -100 } };
  for (const [path, body, field, type] of [
    ["/v1/sources", { ...source, credentials: { token: [secret] } }, "credentials.token", "a list"],
    ["/v1/sources", { ...source, credentials: { token: { key: secret } } }, "credentials.token", "an object"],
    ["/v1/sources", { ...source, credentials: secret }, "credentials", said],
    ["/v1/sources", { ...source, settings: secret }, "settings", said],
    ["/v1/alert-channels", { ...channel, settings: { botToken: secret } }, "settings.botToken", said],
    ["/v1/alert-channels", { ...channel, settings: secret }, "settings", said],
  ] as const) {
    const { status, text, body: problem } = await api.call("POST", path, { body });
    expect(status).toBe(422);
    expect(text).not.toMatch(/top-secret|7700123/);
    const message = expect.stringContaining(`${field} is ${type}; expected`);
    expect(problem.errors).toContainEqual({ path: field, message });
  }
});

test("a body that is too large or no JSON is told how to be sent", async () => {
  const large = await api.call("POST", "/v1/queue/claim", { body: JSON.stringify("я".repeat(3 << 20)) });
  expect([large.status, large.body.detail]).toEqual([
    413,
    expect.stringMatching(/larger than .*5 MiB.*send less/),
  ]);
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const form = await api.call("POST", "/v1/queue/claim", { body: "limit=1", headers });
  expect([form.status, form.body.detail]).toEqual([
    415,
    expect.stringContaining("Content-Type: application/json"),
  ]);
});
