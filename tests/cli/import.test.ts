import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import writeXlsxFile from "write-excel-file/node";
import { openWorld, type World } from "#tests/pipeline/world.ts";
import { runCommand } from "./terminal.ts";

const dir = mkdtempSync(join(tmpdir(), "molva-import-"));
let world: World;
let brandId: string;
let name = 0;

beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  brandId = await world.makeBrand();
});
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await world.close();
});

const write = (extension: string, content: string | Uint8Array): string => {
  const path = join(dir, `file-${name++}.${extension}`);
  writeFileSync(path, content);
  return path;
};

const bring = async (path: string, ...args: string[]) => {
  const done = await runCommand(["import", path, "--brand", brandId, "--json", ...args], { world });
  return { ...done, counts: JSON.parse(done.out) };
};

const stored = (sourceId: string) =>
  world.db
    .selectFrom("document")
    .leftJoin("author", "author.id", "document.author_id")
    .select([
      "document.external_id",
      "document.kind",
      "document.text",
      "rating_value",
      "rating_scale",
      "published_at",
      "author.name",
    ])
    .where("source_id", "=", sourceId)
    .orderBy("document.external_id")
    .execute();

/** Windows-1251 of Russian letters and ASCII. */
const cp1251 = (text: string): Buffer =>
  Buffer.from(
    [...text].map(letter => {
      const code = letter.codePointAt(0) as number;
      if (letter === "Ё" || letter === "ё") return letter === "Ё" ? 0xa8 : 0xb8;
      return code < 128 ? code : code - 0x410 + 0xc0;
    }),
  );

describe("import of a table", () => {
  it("reads a Russian CSV of a spreadsheet: windows-1251, semicolons, dates without a zone", async () => {
    const text = [
      "ID;Дата;Автор;Оценка;Отзыв",
      'r-1;20.11.2026 09:14;Анна;1;"Ужасно; хамят\nи ""обманывают"" клиентов, очень плохое обслуживание"',
      "r-2;19.11.2026;Ёлкин;4,5;Хороший кофе и приятная музыка, зайдём ещё",
    ].join("\r\n");
    const { counts, exitCode } = await bring(write("csv", cp1251(text)));
    expect(counts).toMatchObject({ read: 2, created: 2, rejected: 0 });
    expect(await stored(counts.sourceId)).toEqual([
      {
        external_id: "r-1",
        kind: "review",
        text: 'Ужасно; хамят\nи "обманывают" клиентов, очень плохое обслуживание',
        rating_value: 1,
        rating_scale: 5,
        published_at: new Date("2026-11-20T06:14:00Z"),
        name: "Анна",
      },
      {
        external_id: "r-2",
        kind: "review",
        text: "Хороший кофе и приятная музыка, зайдём ещё",
        rating_value: 4.5,
        rating_scale: 5,
        published_at: new Date("2026-11-18T21:00:00Z"),
        name: "Ёлкин",
      },
    ]);
    expect(exitCode).toBe(0);
  });

  it("makes every row a mention, or with --match query those that name the brand", async () => {
    const path = write("csv", "text\nплохо\nкофейня Волна мне не понравилась\n");
    const mentions = () =>
      world.db.selectFrom("mention").select("id").where("brand_id", "=", brandId).execute();
    await bring(path, "--match", "query");
    expect(await mentions()).toHaveLength(1);
    await bring(write("csv", "text\nплохо\nкофейня Волна мне не понравилась\n"));
    expect(await mentions()).toHaveLength(3);
  });

  it("makes nothing twice when the same file comes again, with ids or without", async () => {
    const path = write("tsv", "\uFEFFtext\tid\nодин\t1\nдва\t\n");
    const first = (await bring(path)).counts;
    expect(first).toMatchObject({ created: 2 });
    expect((await bring(path)).counts).toEqual({ ...first, created: 0, unchanged: 2 });
  });

  it("writes rows that do not fit with number and reason, in a file that can be mended and imported", async () => {
    const rows = [
      "id,text,rating,date",
      "1,хорошо,11,",
      "2,,,",
      '3,"=cmd()",,вчерась',
      "4,нормально,5,2026-11-01",
      "5,много,5,2026-11-01,лишнее",
    ];
    const rejected = join(dir, "rejected.csv");
    const path = write("csv", rows.join("\n"));
    const { counts, err, exitCode } = await bring(path, "--rejected", rejected);
    expect(counts).toMatchObject({ read: 5, created: 1, rejected: 4 });
    expect({ err, exitCode }).toEqual({ err: "", exitCode: 0 });
    const lines = readFileSync(rejected, "utf8").split("\n");
    expect(lines[0]).toBe("\uFEFFrow,reason,id,text,rating,date");
    expect(lines[1]).toMatch(/^2,rating is 11 of 5; .*,1,хорошо,11,$/);
    expect(lines[2]).toMatch(/^3,no text and no rating,2,,,$/);
    expect(lines[3]).toMatch(/^4,"publishedAt is ""вчерась""; .*",3,'=cmd\(\),,вчерась$/);
    expect(lines[4]).toMatch(/^6,5 cells under 4 columns/);
    writeFileSync(rejected, "row,reason,id,text,rating,date\n2,x,1,хорошо,1,\n");
    expect((await bring(rejected)).counts).toMatchObject({ created: 1, rejected: 0 });
  });

  it("ends with 1 when no row could be read", async () => {
    expect(await bring(write("csv", "text,rating\n,x\nхорошо,5\n"))).toMatchObject({ exitCode: 0 });
    expect(await bring(write("csv", "text,rating\n"))).toMatchObject({ exitCode: 0 });
    expect(await bring(write("csv", "text,rating\n,x\n"))).toMatchObject({ exitCode: 1 });
  });

  it("takes columns by --map, and names what is near when there is none", async () => {
    const path = write("csv", "Что понравилось?;Когда\nВсё;2026-11-01\n");
    await expect(bring(path)).rejects.toThrow(/No column is the text \(Что понравилось\?, Когда\)/);
    await expect(bring(path, "--map", "txt=Когда")).rejects.toThrow(/no field "txt"; did you mean "text"\?/);
    await expect(bring(path, "--map", "text=Когдa")).rejects.toThrow(/did you mean "Когда"\?/);
    const { counts } = await bring(path, "--map", "text=Что понравилось?", "publishedAt=Когда");
    expect(await stored(counts.sourceId)).toMatchObject([
      { text: "Всё", published_at: new Date("2026-10-31T21:00:00Z") },
    ]);
  });

  it("reads the first sheet of an XLSX with its dates and numbers", async () => {
    const path = join(dir, "book.xlsx");
    await writeXlsxFile([
      ["Отзыв", "Оценка", "Дата"],
      ["Чудесно", 5, { value: new Date("2026-11-20T12:30:00Z"), type: Date, format: "yyyy-mm-dd hh:mm" }],
      [null, null, null],
      ["Так себе", null, null],
    ]).toFile(path);
    const { counts } = await bring(path, "--timezone", "Asia/Vladivostok");
    expect(counts).toMatchObject({ read: 2, created: 2 });
    const texts = await stored(counts.sourceId);
    expect(texts.find(({ text }) => text === "Чудесно")).toMatchObject({
      rating_value: 5,
      published_at: new Date("2026-11-20T02:30:00Z"),
    });
  });

  it("reads JSON lines in the shape that the API takes, and names the line that is none", async () => {
    const lines = [
      JSON.stringify({
        externalId: "a",
        text: "хорошо",
        kind: "post",
        author: { id: "u", name: "Борис", reach: 5 },
        rating: { value: 7, scale: 10 },
        publishedAt: "2026-11-01T00:00:00.000Z",
        engagement: { likes: 3 },
      }),
      "[1]",
      '{"text":"плохо","kind":"rumour"}',
    ];
    const rejected = join(dir, "rejected.jsonl");
    const { counts } = await bring(write("jsonl", lines.join("\n")), "--rejected", rejected);
    expect(counts).toMatchObject({ read: 3, created: 1, rejected: 2 });
    expect(await stored(counts.sourceId)).toMatchObject([
      { external_id: "a", kind: "post", name: "Борис", rating_value: 7, rating_scale: 10 },
    ]);
    const told = readFileSync(rejected, "utf8")
      .trimEnd()
      .split("\n")
      .map(line => JSON.parse(line));
    expect(told).toMatchObject([
      { row: 2, reason: "no JSON object" },
      { row: 3, reason: expect.stringMatching(/^kind: /) },
    ]);
  });

  it("keeps a stray quote in its text, and names a quote that never ends", async () => {
    const { counts } = await bring(write("csv", 'id,text\n1,"a"b\n2,нормально\n3,"открыта\n4,хорошо\n'));
    expect(counts).toMatchObject({ read: 3, created: 2, rejected: 1 });
    expect(await stored(counts.sourceId)).toMatchObject([{ text: '"a"b' }, { text: "нормально" }]);
  });
});

describe("progress", () => {
  it("is drawn on a terminal only, on the error output", async () => {
    const path = write("csv", "text\nхорошо\n");
    const args = ["import", path, "--brand", brandId];
    expect((await runCommand(args, { world })).err).toBe("");
    const onTerminal = await runCommand(args, { world, isTerminal: true });
    expect(onTerminal.err).toContain("1 rows");
    expect(onTerminal.out).toBe("1 rows: 0 new, 0 changed, 1 known, 0 rejected\n");
  });
});
