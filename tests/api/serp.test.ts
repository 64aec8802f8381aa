import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inTransaction } from "#store/db.ts";
import { insertLook } from "#store/serp-look.ts";
import { type Api, openApi } from "./app.ts";
import { makeSearchSource } from "./serp-desk.ts";

let api: Api;
let sourceId: string;
let queryId: string;
beforeAll(async () => {
  api = await openApi();
  sourceId = await makeSearchSource(api, api.brandId);
  const body = { brandId: api.brandId, sourceId, query: "волна отзывы", region: "213" };
  const made = await api.call("POST", "/v1/serp/queries", { body });
  if (made.status !== 201) throw new Error(made.text);
  queryId = made.body.id;
});
afterAll(() => api.close());

/** A look of a run of its own, as a page stores it. */
async function look(takenAt: string, urls: string[], outcome: "ok" | "blocked" = "ok"): Promise<void> {
  await inTransaction(api.world.db, async tx => {
    const at = new Date(takenAt);
    const runId = crypto.randomUUID();
    await tx
      .insertInto("run")
      .values({ id: runId, source_id: sourceId, trigger: "schedule", started_at: at, ended_at: at, outcome })
      .execute();
    if (outcome !== "ok") return;
    await insertLook(
      tx,
      {
        query: { id: queryId, brand_id: api.brandId },
        runId,
        identity: { sourceKind: "yandex-search", site: "yandex.ru" },
        depth: 20,
        foundCount: null,
        results: urls.map((url, index) => ({ externalId: url, url, title: url, position: index + 1 })),
      },
      at,
    );
  });
}

describe("search results", () => {
  it("are told look by look, newest first, and summed up against the beginning of the range", async () => {
    await look("2026-11-10T06:00:00Z", ["https://a.example/", "https://b.example/"]);
    await look("2026-11-12T06:00:00Z", ["https://b.example/", "https://c.example/"]);
    await look("2026-11-13T06:00:00Z", [], "blocked");
    const first = await api.call("GET", `/v1/serp/queries/${queryId}/snapshots?limit=1`);
    expect(first.body.items).toMatchObject([
      {
        takenAt: "2026-11-12T06:00:00.000Z",
        comparedWith: "2026-11-10T06:00:00.000Z",
        entries: [{ position: 2 }],
        exits: [{ position: 1 }],
        moves: [{ from: 2, to: 1 }],
        results: [
          { url: "https://b.example/", position: 1, previousPosition: 2, standing: "neutral", tone: null },
          { url: "https://c.example/", position: 2, previousPosition: null },
        ],
      },
    ]);
    const cursor = encodeURIComponent(first.body.nextCursor);
    const rest = await api.call("GET", `/v1/serp/queries/${queryId}/snapshots?cursor=${cursor}`);
    expect(rest.body.items).toMatchObject([{ takenAt: "2026-11-10T06:00:00.000Z", comparedWith: null }]);
    expect(rest.body.nextCursor).toBeNull();

    const { results } = first.body.items[0];
    const hostile = { body: { standing: "hostile" }, key: api.keys.manager };
    expect((await api.call("PATCH", `/v1/serp/pages/${results[1].pageId}`, hostile)).status).toBe(200);
    const asked = `brandId=${api.brandId}&from=2026-11-10T00:00:00Z&to=2026-11-14T00:00:00Z&history=true`;
    const { body } = await api.call("GET", `/v1/serp/summary?${asked}`);
    expect(body.queries).toMatchObject([
      {
        query: { id: queryId, lookedAt: "2026-11-12T06:00:00.000Z" },
        latest: {
          top10: { seen: 2, hostile: 1, negativeShare: 0.5 },
          hostileEntries: [results[1].pageId],
          // The second of two places weighs 19 of 39.
          weightedTone: -0.487,
        },
        baseline: { takenAt: "2026-11-10T06:00:00.000Z", top10: { seen: 2, hostile: 0 } },
        coverage: 0.667,
      },
    ]);
    expect(body.queries[0].history).toMatchObject([
      { places: [{ position: 2 }, { position: 1 }] },
      { pageId: results[1].pageId, places: [{ takenAt: "2026-11-12T06:00:00.000Z", position: 2 }] },
    ]);
    expect(body.totals).toMatchObject({ queryCount: 1, lookedAtCount: 1, top10: { hostile: 1 } });
  });

  it("of a range without a look are unknown, not empty", async () => {
    const asked = `brandId=${api.brandId}&from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z`;
    const { body } = await api.call("GET", `/v1/serp/summary?${asked}`);
    expect(body.queries).toMatchObject([{ latest: null, baseline: null, coverage: null }]);
    expect(body.totals).toMatchObject({
      lookedAtCount: 0,
      weightedTone: null,
      top10: { negativeShare: null },
    });
  });

  it("are seen by the keys of their brand alone", async () => {
    const key = api.foreign.admin;
    expect((await api.call("GET", "/v1/serp/queries", { key })).body.items).toEqual([]);
    const { body } = await api.call("GET", `/v1/serp/queries/${queryId}/snapshots`);
    for (const [method, path, given] of [
      ["GET", `/v1/serp/queries/${queryId}/snapshots`],
      ["GET", `/v1/serp/summary?brandId=${api.brandId}`],
      ["DELETE", `/v1/serp/queries/${queryId}`],
      ["PATCH", `/v1/serp/pages/${body.items[0].results[0].pageId}`, { standing: "ours" }],
    ] as const)
      expect((await api.call(method, path, { key, body: given })).status).toBe(404);
  });

  it("are tracked once, and no more after DELETE", async () => {
    const body = { brandId: api.brandId, sourceId, query: "волна кофе", region: "213" };
    const made = await api.call("POST", "/v1/serp/queries", { body });
    expect(made.status).toBe(201);
    expect((await api.call("POST", "/v1/serp/queries", { body })).status).toBe(409);
    expect((await api.call("DELETE", `/v1/serp/queries/${made.body.id}`)).status).toBe(204);
    expect((await api.call("DELETE", `/v1/serp/queries/${made.body.id}`)).status).toBe(404);
    const wrong = await api.call("POST", "/v1/serp/queries", { body: { ...body, region: "1" } });
    expect(wrong).toMatchObject({ status: 422 });
    expect(wrong.text).toContain("the source looks at 213");
  });
});
