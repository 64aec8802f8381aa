import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Api, openApi } from "./app.ts";
import { angry, happy, pushRows, row } from "./desk.ts";

let api: Api;
let brandId: string;
let rivalId: string;
let sourceId: string;

beforeAll(async () => {
  api = await openApi();
  brandId = await api.world.makeBrand({ timezone: "UTC" });
  rivalId = await api.world.makeBrand({
    name: "Маяк",
    query: "Маяк",
    competitorOf: brandId,
    timezone: "Europe/Moscow",
  });
  sourceId = await api.world.makeSource([brandId, rivalId]);
  const long = `${angry} Заказ ждали сорок минут, кофе принесли холодным, администратор не вышел, деньги так и не вернули.`;
  const publishedAt = "2026-11-18T10:00:00Z";
  const { body } = await pushRows(api, [
    row(sourceId, { externalId: "a", publishedAt, text: long }),
    row(sourceId, { externalId: "copy", publishedAt: "2026-11-18T12:00:00Z", text: long }),
    row(sourceId, {
      externalId: "b",
      publishedAt: "2026-11-19T10:00:00Z",
      text: happy,
      rating: { value: 5, scale: 5 },
    }),
    row(sourceId, {
      externalId: "c",
      publishedAt,
      text: happy.replace("Волна", "Маяк"),
      author: { name: "Пётр", id: "u-6", reach: 10 },
    }),
    row(sourceId, { externalId: "old", publishedAt: "2026-11-15T10:00:00Z", text: happy, rating: null }),
  ]);
  expect(body.results).toMatchObject(Array(5).fill({ status: "created" }));
}, 120_000);
afterAll(() => api.close());

const days = "from=2026-11-18T00:00:00Z&to=2026-11-20T00:00:00Z";
const view = async (name: string, more = "", key = api.keys.analyst) =>
  (await api.call("GET", `/v1/trends/${name}?brandId=${brandId}&${days}${more}`, { key })).body;

describe("share of voice", () => {
  it("stands beside competitors, raw and with copies counted once, in each bucket", async () => {
    const { brands, totals, series, unseenCount } = await view("share-of-voice");
    expect(brands).toEqual([
      { id: brandId, name: expect.any(String), own: true },
      { id: rivalId, name: "Маяк", own: false },
    ]);
    expect(totals).toMatchObject([
      { brandId, raw: 3, unique: 2, rawShare: { share: 0.75 }, share: { share: 0.667 } },
      { brandId: rivalId, raw: 1, unique: 1, rawShare: { share: 0.25 }, share: { share: 0.333 } },
    ]);
    expect(series.map(({ voices }: { voices: { raw: number }[] }) => voices.map(voice => voice.raw))).toEqual(
      [
        [2, 1],
        [1, 0],
      ],
    );
    expect(unseenCount).toBe(0);
    expect((await view("share-of-voice", "&bucket=week")).totals[1].raw).toBe(1);
  });

  it("leaves out competitors that the key may not see, and says how many", async () => {
    const key = await api.makeKey("analyst", { brandIds: [brandId] });
    const body = await view("share-of-voice", "", key);
    expect([body.unseenCount, body.totals.length, body.totals[0].share.share]).toEqual([1, 1, 1]);
    expect(JSON.stringify(body)).not.toContain(rivalId);
  });
});

describe("other views of trends", () => {
  it("tell what moved net sentiment since the range before", async () => {
    const body = await view("aspects");
    expect(body.previousRange).toEqual({ from: "2026-11-16T00:00:00.000Z", to: "2026-11-18T00:00:00.000Z" });
    expect(body).toMatchObject({ netSentiment: -33.3, previousNetSentiment: null, movement: null });
    const wider = (
      await api.call(
        "GET",
        `/v1/trends/aspects?brandId=${brandId}&from=2026-11-17T00:00:00Z&to=2026-11-20T00:00:00Z`,
      )
    ).body;
    expect(wider).toMatchObject({ netSentiment: -33.3, previousNetSentiment: 100, movement: -133.33 });
    const points = wider.aspects.map((one: { contribution: { points: number } }) =>
      Math.round(one.contribution.points * 100),
    );
    expect(points.reduce((sum: number, one: number) => sum + one, 0)).toBe(-13_333);
  });

  it("count stars with the share of low ones and its interval", async () => {
    const { totals, series, sources } = await view("ratings");
    expect(totals).toMatchObject({ ratingCount: 3, meanRating: 2.333, stars: [2, 0, 0, 0, 1] });
    // Wilson's interval of two in three.
    expect(totals.lowShare).toEqual({ share: 0.667, low: 0.208, high: 0.939 });
    expect(series.map((one: { ratingCount: number }) => one.ratingCount)).toEqual([2, 1]);
    expect(sources).toMatchObject([{ sourceId, ratingCount: 3 }]);
  });

  it("name authors, their reach and who is new", async () => {
    const body = await view("authors");
    expect(body).toMatchObject({
      signedCount: 3,
      authorCount: 1,
      passion: 3,
      newCount: 0,
      returningCount: 1,
      reach: 1_200,
    });
    expect(body.lists.detractors).toMatchObject([
      { authorId: "u-5", name: "Анна", mentionCount: 3, negative: 2 },
    ]);
    expect(body.lists.promoters).toEqual([]);
  });

  it("of community read 400 days at once, and say what to ask instead of more", async () => {
    const ask = (from: string) =>
      api.call("GET", `/v1/trends/community?brandId=${brandId}&from=${from}&to=2026-11-18T00:00:00Z`);
    expect((await ask("2025-10-14T00:00:00Z")).status).toBe(200);
    const { status, body } = await ask("2025-10-13T23:59:59Z");
    expect(status).toBe(422);
    expect(body.detail).toBe(
      "From 2025-10-13T23:59:59.000Z to 2026-11-18T00:00:00.000Z are 401 days, at most 400 are read at once: take a shorter range, or ask for each year by itself",
    );
  });

  it("tell their limits, and refuse an empty range", async () => {
    expect((await view("latency")).sample).toEqual({ readCount: 3, limit: 50_000, since: null });
    expect((await view("topics")).sample).toMatchObject({ textCount: 2, complete: true });
    expect((await view("community")).activity.textCount).toBe(0);
    for (const name of [
      "share-of-voice",
      "aspects",
      "ratings",
      "authors",
      "latency",
      "topics",
      "community",
    ]) {
      const url = `/v1/trends/${name}?brandId=${brandId}&from=2026-11-18T00:00:00Z&to=2026-11-18T00:00:00Z`;
      expect([name, (await api.call("GET", url)).status]).toEqual([name, 422]);
    }
  });
});
