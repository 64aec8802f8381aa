import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sourceKinds } from "#sources/registry.ts";
import { type Api, openApi } from "./app.ts";

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const feed = { url: "https://news.example.org/feed.xml" };
const makeFeed = (more: object = {}) =>
  api.call("POST", "/v1/sources", {
    body: { kind: "rss-feed", brandIds: [api.brandId], settings: feed, ...more },
  });

describe("source kinds", () => {
  test("each is listed with schemas that its own example fits", async () => {
    const { body } = await api.call("GET", "/v1/source-kinds", { key: api.keys.analyst });
    expect(body.items.map((item: { id: string }) => item.id)).toEqual(sourceKinds.map(kind => kind.id));
    for (const item of body.items) {
      expect(item.settings.type).toBe("object");
      const known = Object.keys(item.settings.properties);
      for (const name of Object.keys(item.example.settings)) expect(known).toContain(name);
      expect(item.title.ru).toMatch(/\S/);
    }
    const push = body.items.find((item: { id: string }) => item.id === "push");
    expect([push.access, push.credentials]).toEqual(["push", null]);
    const seller = body.items.find((item: { id: string }) => item.id === "wildberries-seller");
    expect([seller.access, seller.credentials.required]).toEqual(["api", ["token"]]);
  });

  test("of each a source can be made from its example, and its stored settings are valid again", async () => {
    for (const { id, example, settings } of sourceKinds) {
      const made = await api.call("POST", "/v1/sources", {
        body: { kind: id, brandIds: [api.brandId], ...example },
      });
      expect([id, made.status, made.body.detail]).toEqual([id, 201, undefined]);
      expect(settings.parse(made.body.settings)).toEqual(made.body.settings);
    }
  });
});

describe("making a source", () => {
  test("an asked kind is due at once, with its own interval and two weeks to act on", async () => {
    const { status, body, headers } = await makeFeed();
    expect(status).toBe(201);
    expect(headers["location"]).toBe(`/v1/sources/${body.id}`);
    expect(body).toMatchObject({
      kind: "rss-feed",
      title: "RSS, Atom or JSON feed: news.example.org",
      brandIds: [api.brandId],
      settings: { url: feed.url, kind: "news" },
      hasCredentials: false,
      schedule: { every: "15m" },
      enabled: true,
      actFrom: "2026-11-06T12:00:00.000Z",
      health: "new",
      lastRun: null,
      nextRunAt: "2026-11-20T12:00:00.000Z",
    });
    const row = await api.world.db
      .selectFrom("source")
      .select("hosts")
      .where("id", "=", body.id)
      .executeTakeFirst();
    expect(row?.hosts).toEqual(["news.example.org"]);
  });

  test("a push source is never due", async () => {
    const { body } = await api.call("POST", "/v1/sources", {
      body: { kind: "push", brandIds: [api.brandId] },
    });
    expect([body.settings, body.nextRunAt]).toEqual([{ match: "query" }, null]);
    const run = await api.call("POST", `/v1/sources/${body.id}/run`);
    expect(run.status).toBe(422);
  });

  test("what does not fit is named by its path", async () => {
    const cases = [
      [{ kind: "rss-fed" }, "kind"],
      [{ settings: {} }, "settings.url"],
      [{ settings: { url: "ftp://x" } }, "settings.url"],
      [{ settings: { ...feed, colour: 1 } }, "settings.colour"],
      [{ settings: { url: "http://127.0.0.1:9/feed" } }, "settings.url"],
      [{ credentials: { token: "x" } }, "credentials"],
      [{ schedule: { every: "soon" } }, "schedule.every"],
      [{ schedule: { every: "500ms" } }, "schedule.every"],
      [{ schedule: { cron: "61 * * * *", timezone: "UTC" } }, "schedule.cron"],
      [{ schedule: { cron: "0 0 30 2 *", timezone: "UTC" } }, "schedule.cron"],
      [{ brandIds: ["00000000-0000-7000-8000-000000000000"] }, "brandIds.0"],
      [{ kind: "yandex-search", settings: { queries: ["волна"], regions: [213] } }, "credentials"],
    ] as const;
    for (const [fields, path] of cases) {
      const { status, body } = await makeFeed(fields);
      expect([path, status, body.errors?.[0]?.path]).toEqual([path, 422, path]);
    }
  });

  test("an archived brand, and one that the key may not see, are not there", async () => {
    const archived = await api.world.makeBrand();
    await api.call("DELETE", `/v1/brands/${archived}`);
    expect((await makeFeed({ brandIds: [archived] })).status).toBe(422);
    const { status } = await api.call("POST", "/v1/sources", {
      key: api.foreign.admin,
      body: { kind: "rss-feed", brandIds: [api.brandId], settings: feed },
    });
    expect(status).toBe(422);
  });
});

describe("credentials", () => {
  const canary = "canary-5f1e0c77";
  const kind = "wildberries-seller";
  const settings = { token: "personal" };

  test("are sealed at rest and stand in no answer and no log line", async () => {
    const body = { kind, brandIds: [api.brandId], settings, credentials: { token: canary } };
    const made = await api.call("POST", "/v1/sources", { body });
    expect(made.body.hasCredentials).toBe(true);
    const path = `/v1/sources/${made.body.id}`;
    const texts = [
      made.text,
      (await api.call("GET", path)).text,
      (await api.call("GET", "/v1/sources?limit=500")).text,
      (await api.call("PATCH", path, { body: { credentials: { token: `${canary}-2` } } })).text,
      (await api.call("PATCH", path, { body: { credentials: { tokn: canary } } })).text,
      (await api.call("POST", "/v1/sources", { body: { ...body, credentials: canary } })).text,
      (await api.call("POST", "/v1/sources", { body: `{"credentials":{"token":"${canary}"` })).text,
      (await api.call("GET", "/v1/audit?limit=500")).text,
      api.lines.join(""),
    ];
    for (const text of texts) expect(text).not.toContain(canary);
    const row = await api.world.db
      .selectFrom("source")
      .selectAll()
      .where("id", "=", made.body.id)
      .executeTakeFirstOrThrow();
    expect(row.credentials?.toString("latin1")).not.toContain(canary);
    expect(api.deps.secrets.open(row.credentials as Buffer)).toBe(`{"token":"${canary}-2"}`);
  });
});

describe("changing a source", () => {
  const cursorOf = async (id: string) => {
    const row = await api.world.db
      .selectFrom("source")
      .select(["cursor", "lease"])
      .where("id", "=", id)
      .executeTakeFirst();
    return row;
  };
  const remember = (id: string) =>
    api.world.db
      .updateTable("source")
      .set({
        cursor: JSON.stringify({ at: { lastId: 7 }, resume: { requests: [], progress: null } }),
        lease: "00000000-0000-7000-8000-000000000000",
        next_run_at: new Date("2026-11-20T12:15:00Z"),
      })
      .where("id", "=", id)
      .execute();

  test("settings of the same site keep what it remembers, without the run in the middle; another site begins anew", async () => {
    const { id } = (await makeFeed()).body;
    await remember(id);
    const same = await api.call("PATCH", `/v1/sources/${id}`, {
      body: { settings: { ...feed, kind: "post" } },
    });
    expect([same.body.settings.kind, same.body.nextRunAt]).toEqual(["post", "2026-11-20T12:00:00.000Z"]);
    expect(await cursorOf(id)).toEqual({ cursor: { at: { lastId: 7 }, resume: null }, lease: null });
    await remember(id);
    await api.call("PATCH", `/v1/sources/${id}`, {
      body: { settings: { url: "https://other.example/feed" } },
    });
    expect(await cursorOf(id)).toEqual({ cursor: null, lease: null });
  });

  test("a title leaves the rest alone; a schedule, a pause and its end move the next run", async () => {
    const { id } = (await makeFeed()).body;
    await remember(id);
    const patch = async (body: object) =>
      (await api.call("PATCH", `/v1/sources/${id}`, { body })).body.nextRunAt;
    expect(await patch({ title: "Новости" })).toBe("2026-11-20T12:15:00.000Z");
    expect(await patch({ schedule: { every: "2h" } })).toBe("2026-11-20T14:00:00.000Z");
    // 03:00 in Moscow is 00:00 in UTC.
    expect(await patch({ schedule: { cron: "0 3 * * *", timezone: "Europe/Moscow" } })).toBe(
      "2026-11-21T00:00:00.000Z",
    );
    expect(await patch({ enabled: false })).toBeNull();
    expect(await patch({ enabled: true })).toBe("2026-11-20T12:00:00.000Z");
    expect((await cursorOf(id))?.lease).not.toBeNull();
  });

  test("a newly served brand is matched against what is stored", async () => {
    const { id } = (await makeFeed()).body;
    const brand = await api.world.makeBrand();
    const { body } = await api.call("PATCH", `/v1/sources/${id}`, {
      body: { brandIds: [brand, api.brandId] },
    });
    expect(body.brandIds.toSorted()).toEqual([brand, api.brandId].toSorted());
    const tasks = await api.world.db.selectFrom("task").select("brand_id").execute();
    expect(tasks.map(task => task.brand_id)).toEqual([brand]);
  });

  test("an archived source is asked no more and takes no change", async () => {
    const { id } = (await makeFeed()).body;
    expect((await api.call("DELETE", `/v1/sources/${id}`)).status).toBe(204);
    expect((await api.call("PATCH", `/v1/sources/${id}`, { body: { title: "x" } })).status).toBe(404);
    expect((await api.call("POST", `/v1/sources/${id}/run`)).status).toBe(404);
    expect((await api.call("DELETE", `/v1/sources/${id}`)).status).toBe(404);
    const { body } = await api.call("GET", `/v1/sources/${id}`);
    expect([body.archivedAt, body.nextRunAt]).toEqual(["2026-11-20T12:00:00.000Z", null]);
    const list = await api.call("GET", "/v1/sources?limit=500");
    expect(list.text).not.toContain(id);
  });

  test("a source that also serves a foreign brand is seen, with the key's own brands, and not changed", async () => {
    const { id } = (await makeFeed({ brandIds: [api.brandId, api.foreignBrandId] })).body;
    const key = api.foreign.admin;
    const { body } = await api.call("GET", `/v1/sources/${id}`, { key });
    expect(body.brandIds).toEqual([api.foreignBrandId]);
    expect((await api.call("PATCH", `/v1/sources/${id}`, { key, body: { enabled: false } })).status).toBe(
      403,
    );
    expect((await api.call("DELETE", `/v1/sources/${id}`, { key })).status).toBe(403);
  });
});

describe("runs", () => {
  test("run now answers 202 with a run that can be read, and asks the queue; asked again it is the same run", async () => {
    const { id } = (await makeFeed()).body;
    api.world.asked.collect.length = 0;
    const first = await api.call("POST", `/v1/sources/${id}/run`, { key: api.keys.manager });
    expect(first.status).toBe(202);
    expect(api.world.asked.collect).toEqual([{ sourceId: id, runId: first.body.runId }]);
    const again = await api.call("POST", `/v1/sources/${id}/run`);
    expect(again.body.runId).toBe(first.body.runId);
    const { body } = await api.call("GET", `/v1/runs/${first.body.runId}`);
    expect(body).toMatchObject({
      sourceId: id,
      trigger: "manual",
      outcome: null,
      endedAt: null,
      durationMs: null,
    });
    const source = await api.call("GET", `/v1/sources/${id}`);
    expect(source.body.lastRun).toMatchObject({
      id: first.body.runId,
      startedAt: "2026-11-20T12:00:00.000Z",
    });
  });

  test("lists are the latest first, by source and outcome, and end", async () => {
    const { id } = (await makeFeed()).body;
    const insert = (minute: number, outcome: "ok" | "blocked") =>
      api.world.db
        .insertInto("run")
        .values({
          id: crypto.randomUUID(),
          source_id: id,
          trigger: "schedule",
          outcome,
          started_at: new Date(Date.UTC(2026, 10, 19, 10, minute)),
          ended_at: new Date(Date.UTC(2026, 10, 19, 10, minute, 1, 500)),
          error: outcome === "ok" ? null : "The site asks for a captcha",
        })
        .execute();
    for (const minute of [1, 2, 3, 4, 5]) await insert(minute, minute === 2 ? "blocked" : "ok");
    const seen: string[] = [];
    let cursor = "";
    do {
      const { body } = await api.call("GET", `/v1/runs?sourceId=${id}&limit=2${cursor}`);
      seen.push(...body.items.map((item: { startedAt: string }) => item.startedAt.slice(14, 16)));
      cursor = body.nextCursor === null ? "" : `&cursor=${body.nextCursor}`;
    } while (cursor !== "");
    expect(seen).toEqual(["05", "04", "03", "02", "01"]);
    const blocked = await api.call("GET", `/v1/runs?sourceId=${id}&outcome=blocked`);
    expect(blocked.body.items).toMatchObject([{ durationMs: 1500, error: "The site asks for a captcha" }]);
  });
});
