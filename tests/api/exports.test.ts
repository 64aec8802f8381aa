import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "csv-parse/sync";
import { readSheet } from "read-excel-file/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportGate } from "#api/export-gate.ts";
import { readMentions } from "#store/mention-export.ts";
import { type Api, openApi } from "./app.ts";
import { pushRows, row } from "./desk.ts";

let api: Api;
const texts = [
  "Волна: отличный кофе",
  '=HYPERLINK("https://evil.example","Волна")',
  'Волна; ужасно, "очень"\nплохо',
];
beforeAll(async () => {
  api = await openApi();
  const source = await api.world.makeSource([api.brandId]);
  await pushRows(
    api,
    texts.map((text, index) =>
      row(source, { externalId: `e-${index}`, text, publishedAt: `2026-11-1${index}T21:30:00.000Z` }),
    ),
  );
  const foreign = await api.world.makeSource([api.foreignBrandId]);
  await pushRows(api, [row(foreign, { externalId: "f", text: "Прибой хорош" })]);
});
afterAll(() => api.close());

const records = (csv: string, delimiter = ",") =>
  parse(csv, { columns: true, bom: true, delimiter }) as Record<string, string>[];

describe("mentions as files", () => {
  it("are the rows of the list, as CSV in the asked zone", async () => {
    const path = `/v1/exports/mentions.csv?brandId=${api.brandId}&timezone=Europe/Moscow&delimiter=;&bom=true`;
    const { headers, text } = await api.call("GET", path);
    expect(headers["content-type"]).toBe("text/csv; charset=utf-8");
    expect(headers["content-disposition"]).toBe('attachment; filename="mentions-2026-11-20.csv"');
    expect(text.startsWith("\uFEFF")).toBe(true);
    const rows = records(text, ";");
    expect(rows.map(one => one["text"])).toEqual([texts[2], `'${texts[1]}`, texts[0]]);
    expect(rows.map(one => one["publishedAt"])).toEqual([
      "2026-11-13 00:30:00",
      "2026-11-12 00:30:00",
      "2026-11-11 00:30:00",
    ]);
    expect(rows[2]).toMatchObject({ brand: "Волна", kind: "review", sourceKind: "push" });
  });

  it("are the bodies of the list, as lines of JSON", async () => {
    const list = await api.call("GET", `/v1/mentions?brandId=${api.brandId}`);
    const { text } = await api.call("GET", `/v1/exports/mentions.jsonl?brandId=${api.brandId}`);
    const lines = text
      .trimEnd()
      .split("\n")
      .map(line => JSON.parse(line));
    expect(lines).toEqual(list.body.items);
    const zoned = await api.call("GET", "/v1/exports/mentions.jsonl?timezone=Asia/Tokyo&q=отличный");
    expect(JSON.parse(zoned.text)).toMatchObject({ publishedAt: "2026-11-11T06:30:00.000+09:00" });
  });

  it("open as a workbook", async () => {
    const answer = await api.app.inject({
      url: "/v1/exports/mentions.xlsx?tone=negative",
      headers: { authorization: `Bearer ${api.keys.analyst}` },
    });
    const [head, ...rows] = await readSheet(answer.rawPayload);
    const column = (head ?? []).indexOf("text");
    expect(rows.map(one => one[column])).toContain(texts[2]);
    expect(head?.slice(0, 3)).toEqual(["id", "brand", "source"]);
  });

  it("take the filters of the list and keep to the key's brands", async () => {
    const of = async (query: string, key = api.keys.analyst) =>
      records((await api.call("GET", `/v1/exports/mentions.csv?${query}`, { key })).text).length;
    expect(await of("")).toBe(4);
    expect(await of("q=отличный")).toBe(1);
    expect(await of("from=2026-11-11T00:00:00Z&to=2026-11-12T00:00:00Z")).toBe(1);
    expect(await of("", api.foreign.analyst)).toBe(1);
    const foreign = await api.call("GET", `/v1/exports/mentions.csv?brandId=${api.brandId}`, {
      key: api.foreign.analyst,
    });
    expect(foreign.status).toBe(404);
    expect((await api.call("GET", "/v1/exports/mentions.csv?colour=red")).text).toContain("colour");
  });
});

describe("mentions read by a cursor", () => {
  const read = (batch: number) => readMentions(api.world.db, { brandIds: [api.brandId] }, batch);

  it("come in batches, each once and in order", async () => {
    const batches: string[][] = [];
    for await (const rows of read(2)) batches.push(rows.map(one => one.external_id));
    expect(batches).toEqual([["e-2", "e-1"], ["e-0"]]);
  });

  it("hold a connection no longer than they are read", async () => {
    // The pool of this test has ten.
    for (let stopped = 0; stopped < 12; stopped++) {
      for await (const rows of read(1)) {
        expect(rows).toHaveLength(1);
        break;
      }
    }
  });
});

describe("a way out", () => {
  const part = "x".repeat(70_000);

  it("reads no further than its reader takes, and lets go of what it holds when the reader leaves", async () => {
    let made = 0;
    let ended = false;
    async function* endless() {
      try {
        for (;;) {
          made++;
          yield part;
        }
      } finally {
        ended = true;
      }
    }
    const stream = exportGate({ most: 1, stuckMs: 60_000 }).open(endless);
    await new Promise(resolve => stream.once("readable", resolve));
    await sleep(20);
    expect(made).toBeLessThan(5);
    stream.destroy();
    await new Promise(resolve => stream.once("close", resolve));
    expect(ended).toBe(true);
  });

  it("lets in so many at once, and another when one has left", async () => {
    const gate = exportGate({ most: 1, stuckMs: 60_000 });
    async function* one() {
      yield part;
    }
    const first = gate.open(one);
    expect(() => gate.open(one)).toThrow("1 exports are under way");
    first.destroy();
    await new Promise(resolve => first.once("close", resolve));
    expect(() => gate.open(one).destroy()).not.toThrow();
  });

  it("is closed to a reader that takes nothing", async () => {
    async function* endless() {
      for (;;) yield part;
    }
    const stream = exportGate({ most: 1, stuckMs: 10 }).open(endless);
    stream.once("readable", () => {});
    await expect(new Promise((_, reject) => stream.once("error", reject))).rejects.toThrow("took nothing");
  });
});
