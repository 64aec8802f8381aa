import { parse } from "csv-parse/sync";
import { readSheet } from "read-excel-file/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { flatTable } from "#domain/export/flatten.ts";
import { type Api, openApi } from "./app.ts";
import { angry, happy, pushRows, row } from "./desk.ts";
import { declaredRoutes } from "./routes.ts";

let api: Api;
beforeAll(async () => {
  api = await openApi();
  const source = await api.world.makeSource([api.brandId]);
  const publishedAt = "2026-11-17T21:30:00.000Z";
  await pushRows(api, [
    row(source, { externalId: "1", text: angry, publishedAt, author: { id: "a", name: "=1+1" } }),
    row(source, {
      externalId: "2",
      text: happy,
      publishedAt,
      rating: null,
      author: { id: "b", name: "Анна" },
    }),
  ]);
});
afterAll(() => api.close());

const range = () => `brandId=${api.brandId}&from=2026-11-16T21:00:00Z&to=2026-11-19T21:00:00Z`;
const csv = async (path: string) =>
  parse((await api.call("GET", path)).text, { columns: true }) as Record<string, string>[];

describe("views of trends as files", () => {
  it("have the figures of the view, in the zone that it is asked in", async () => {
    const asked = `${range()}&timezone=Europe/Moscow`;
    const { body } = await api.call("GET", `/v1/trends/sentiment?${asked}`);
    const rows = await csv(`/v1/exports/trends/sentiment.csv?${asked}`);
    expect(rows.map(one => Number(one["total"]))).toEqual(
      body.series.map((one: { total: number }) => one.total),
    );
    expect(rows.map(one => one["start"])).toEqual([
      "2026-11-17 00:00:00",
      "2026-11-18 00:00:00",
      "2026-11-19 00:00:00",
    ]);
    const lines = await api.call("GET", `/v1/exports/trends/sentiment.jsonl?${asked}`);
    expect(JSON.parse(lines.text.split("\n")[1] ?? "")).toMatchObject({
      start: "2026-11-18T00:00:00.000+03:00",
      total: 2,
      netSentiment: 0,
    });
  });

  it("exist for every view and in every form", async () => {
    const paths = declaredRoutes(api.app).map(({ path }) => path);
    const views = paths.filter(path => path.startsWith("/v1/trends/"));
    expect(views.length).toBeGreaterThanOrEqual(8);
    for (const view of views) {
      for (const form of ["csv", "xlsx", "jsonl"]) {
        const path = view.replace("/v1/", "/v1/exports/");
        const { status, text } = await api.call("GET", `${path}.${form}?${range()}`);
        expect([path, form, status, status === 200 ? "" : text]).toEqual([path, form, 200, ""]);
      }
    }
  });

  it("keep names of people from being run", async () => {
    const rows = await csv(`/v1/exports/trends/authors.csv?${range()}`);
    expect(rows.map(one => one["name"])).toContain("'=1+1");
    const { rawPayload } = await api.app.inject({
      url: `/v1/exports/trends/authors.xlsx?${range()}`,
      headers: { authorization: `Bearer ${api.keys.admin}` },
    });
    expect((await readSheet(rawPayload)).flat()).toContain("=1+1");
  });
});

describe("a flat table", () => {
  it("has a column for each part of a part, and no column for the whole", () => {
    const rows = [
      { a: 1, share: null },
      { a: 2, share: { low: 0.1, high: 0.2 }, words: ["x", "y"] },
    ];
    expect(flatTable(rows)).toEqual({
      columns: ["a", "share.low", "share.high", "words"],
      rows: [
        [1, null, null, null],
        [2, 0.1, 0.2, "x; y"],
      ],
    });
  });
});
