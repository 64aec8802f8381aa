import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rescore } from "#pipeline/rescore.ts";
import type { ScoreAll } from "#pipeline/score.ts";
import type { Scorer } from "#tone/define.ts";
import { type Api, openApi } from "./app.ts";
import { happy, pushRows, row } from "./desk.ts";

let api: Api;
let brandId: string;

beforeAll(async () => {
  api = await openApi();
  brandId = await api.world.makeBrand({ timezone: "Europe/Moscow" });
  const sourceId = await api.world.makeSource([brandId]);
  const pushed = await pushRows(api, [
    row(sourceId, { externalId: "a", publishedAt: "2026-11-18T20:59:00Z" }),
    row(sourceId, { externalId: "b", publishedAt: "2026-11-18T21:00:00Z", rating: null }),
    row(sourceId, {
      externalId: "c",
      publishedAt: "2026-11-18T21:30:00Z",
      text: happy,
      rating: { value: 5, scale: 5 },
      kind: "post",
    }),
    row(sourceId, { externalId: "d", publishedAt: "2026-11-10T00:00:00Z" }),
  ]);
  expect(pushed.body.results).toMatchObject(Array(4).fill({ status: "created" }));
});
afterAll(() => api.close());

const trend = (query: string, key = api.keys.analyst) =>
  api.call("GET", `/v1/trends/sentiment?brandId=${brandId}&${query}`, { key });
const days = "from=2026-11-16T21:00:00Z&to=2026-11-20T21:00:00Z";

describe("the sentiment trend", () => {
  it("has every day of the brand's zone, empty ones with zeros and nulls", async () => {
    const { status, body } = await trend(`${days}&bucket=day`);
    expect(status).toBe(200);
    expect([body.bucket, body.timezone, body.previous, body.groups]).toEqual([
      "day",
      "Europe/Moscow",
      null,
      null,
    ]);
    expect(body.series.map((one: { start: string; total: number }) => [one.start, one.total])).toEqual([
      ["2026-11-16T21:00:00.000Z", 0],
      ["2026-11-17T21:00:00.000Z", 1],
      ["2026-11-18T21:00:00.000Z", 2],
      ["2026-11-19T21:00:00.000Z", 0],
    ]);
    expect(body.series[0]).toEqual({
      start: "2026-11-16T21:00:00.000Z",
      end: "2026-11-17T21:00:00.000Z",
      total: 0,
      positive: 0,
      neutral: 0,
      negative: 0,
      netSentiment: null,
      netSentimentPolar: null,
      brandHealth: null,
      meanScore: null,
      meanRating: null,
      coverage: null,
    });
    expect(body.series[2]).toMatchObject({
      positive: 1,
      negative: 1,
      netSentiment: 0,
      netSentimentPolar: 0,
      brandHealth: 0.5,
      meanRating: 5,
    });
    expect(body.totals).toMatchObject({
      total: 3,
      positive: 1,
      negative: 2,
      netSentiment: -33.3,
      meanRating: 3,
    });
  });

  it("moves with the zone asked for", async () => {
    const { body } = await trend(`${days}&bucket=day&timezone=UTC`);
    expect(body.series.map((one: { total: number }) => one.total)).toEqual([0, 0, 3, 0, 0]);
    const hours = (
      await trend("from=2026-11-18T20:00:00Z&to=2026-11-18T22:00:00Z&bucket=hour&timezone=Asia/Kathmandu")
    ).body;
    expect(hours.series.map((one: { start: string; total: number }) => [one.start, one.total])).toEqual(
      [
        ["2026-11-18T19:15:00.000Z", 0],
        ["2026-11-18T20:15:00.000Z", 1],
        ["2026-11-18T21:15:00.000Z", 1],
      ].map(([start, total], n) => (n === 1 ? [start, 2] : [start, total])),
    );
  });

  it("is 30 days long unless it is told otherwise, and compares with as many before", async () => {
    const { body } = await trend("compare=previous");
    expect(body.series).toHaveLength(31);
    expect(body.totals.total).toBe(4);
    expect(body.previous.series).toHaveLength(31);
    expect(body.previous.series.at(-1).end).toBe(body.series[0].start);
    const week = (
      await trend("from=2026-11-16T21:00:00Z&to=2026-11-20T21:00:00Z&bucket=week&compare=previous")
    ).body;
    expect([week.totals.total, week.previous.totals.total]).toEqual([3, 1]);
  });

  it("splits by kind with every bucket in each part", async () => {
    const { body } = await trend(`${days}&groupBy=kind`);
    expect(
      body.groups.map((group: { key: string; totals: { total: number }; series: object[] }) => [
        group.key,
        group.totals.total,
        group.series.length,
      ]),
    ).toEqual([
      ["post", 1, 4],
      ["review", 2, 4],
    ]);
    expect((await trend(`${days}&groupBy=language`)).body.groups).toMatchObject([
      { key: "ru", totals: { total: 3 } },
    ]);
  });

  it("splits by source and by aspect, by the tone toward the aspect", async () => {
    const { groups, totals } = (await trend(`${days}&groupBy=source`)).body;
    expect(groups).toMatchObject([{ totals: { ...totals, coverage: null } }]);
    const aspects = (await trend(`${days}&groupBy=aspect`)).body.groups;
    expect(aspects.length).toBeGreaterThan(0);
    for (const { series, totals: sum } of aspects) {
      expect(series).toHaveLength(4);
      expect(sum.positive + sum.neutral + sum.negative).toBe(sum.total);
      expect([sum.meanScore, sum.meanRating]).toEqual([null, null]);
    }
    const refused = await trend(`${days}&groupBy=aspect&scored=current`);
    expect(refused.status).toBe(422);
    expect(refused.body.detail).toContain("sourceKind, kind or language");
  });

  it("has the brand's annotations on its axis", async () => {
    const mark = (body: object) =>
      api.call("POST", "/v1/annotations", { body: { brandId, kind: "campaign", ...body } });
    const inside = await mark({
      title: " Чёрная пятница ",
      at: "2026-11-10T00:00:00Z",
      until: "2026-11-17T00:00:00Z",
    });
    expect([inside.status, inside.body.title]).toEqual([201, "Чёрная пятница"]);
    await mark({ title: "Раньше", at: "2026-11-10T00:00:00Z" });
    await mark({ title: "Позже", at: "2026-11-20T21:00:00Z" });
    expect((await trend(days)).body.annotations).toEqual([inside.body]);
    expect(
      (await mark({ title: "x", at: "2026-11-10T00:00:00Z", until: "2026-11-09T00:00:00Z" })).status,
    ).toBe(422);
    const url = `/v1/annotations/${inside.body.id}`;
    expect((await api.call("PATCH", url, { body: { until: null } })).body.until).toBeNull();
    expect((await trend(days)).body.annotations).toEqual([]);
    const list = (await api.call("GET", `/v1/annotations?brandId=${brandId}&to=2026-11-20T00:00:00Z`)).body;
    expect(list.items.map((one: { title: string }) => one.title)).toEqual(["Чёрная пятница", "Раньше"]);
    expect((await api.call("PATCH", url, { body: {}, key: api.foreign.manager })).status).toBe(404);
    expect((await api.call("DELETE", url)).status).toBe(204);
    expect((await api.call("DELETE", url)).status).toBe(404);
  });

  it("moves with a correction in the same moment", async () => {
    const { items } = (await api.call("GET", `/v1/mentions?brandId=${brandId}&tone=positive`)).body;
    const correct = (body: object) => api.call("PATCH", `/v1/mentions/${items[0].id}`, { body });
    const totals = async () => (await trend(days)).body.totals;
    await correct({ tone: "negative" });
    expect(await totals()).toMatchObject({ total: 3, positive: 0, negative: 3 });
    await correct({ tone: null, matched: false });
    expect(await totals()).toMatchObject({ total: 2, positive: 0, negative: 2 });
    await correct({ matched: null });
    expect(await totals()).toMatchObject({ total: 3, positive: 1, negative: 2 });
  });

  it("refuses what nobody can draw, saying what to do", async () => {
    const long = await trend("from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z&bucket=hour");
    expect([long.status, long.body.detail]).toEqual([422, expect.stringContaining("longer bucket")]);
    expect((await trend("from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z")).status).toBe(422);
    expect((await trend("from=0001-01-01T00:00:00Z")).status).toBe(422);
    expect((await trend("bucket=year")).status).toBe(400);
    expect((await trend("timezone=Mars/Olympus")).status).toBe(400);
    expect((await trend("groupBy=weather")).status).toBe(400);
    expect((await api.call("GET", "/v1/trends/sentiment")).status).toBe(400);
    expect((await trend("", api.foreign.analyst)).status).toBe(404);
    expect((await trend("", api.keys.ingest)).status).toBe(403);
  });

  it("answers for a year of hours and for the edge of time", async () => {
    const { status, body } = await trend(
      "from=2025-11-20T00:00:00Z&to=2026-11-20T00:00:00Z&bucket=hour&timezone=Europe/Berlin",
    );
    expect([status, body.series.length]).toEqual([200, 8_760]);
    expect((await trend("from=9999-12-01T00:00:00Z&to=9999-12-31T23:59:59Z")).status).toBe(200);
  });
});

describe("a trend after a rescoring", () => {
  it("is shown as scored then, or as the newest model scores; a mention shows both", async () => {
    const { scorer } = api.world.deps;
    const mild: Scorer = { ...scorer, modelVersion: "mild-2" };
    const scoreAll: ScoreAll = async inputs =>
      inputs.map(input => ({ ...scorer.score(input), label: "neutral", score: 0.1, modelVersion: "mild-2" }));
    const then = (await trend(`${days}&groupBy=kind&compare=previous`)).body;
    await rescore({ ...api.world.deps, scorer: mild, scoreAll }, { brandId, since: null });
    expect((await trend(`${days}&groupBy=kind&compare=previous&scored=then`)).body).toEqual(then);
    const { body: now } = await trend(`${days}&groupBy=kind&compare=previous&scored=current`);
    expect(now.totals).toMatchObject({ total: 3, positive: 0, neutral: 3, negative: 0, meanScore: 0.1 });
    expect(now.totals.meanRating).toBe(then.totals.meanRating);
    const groups = now.groups.map((group: { key: string; totals: { neutral: number } }) => [
      group.key,
      group.totals.neutral,
    ]);
    expect(groups).toEqual([
      ["post", 1],
      ["review", 2],
    ]);
    const [mention] = (await api.call("GET", `/v1/mentions?brandId=${brandId}&tone=negative`)).body.items;
    expect((await api.call("GET", `/v1/mentions/${mention.id}`)).body).toMatchObject({
      tone: "negative",
      modelVersion: scorer.modelVersion,
      rescored: { tone: "neutral", score: 0.1, modelVersion: "mild-2", scoredAt: expect.any(String) },
    });
    expect((await trend(`${days}&scored=later`)).status).toBe(400);
  });
});
