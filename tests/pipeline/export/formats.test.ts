import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { readSheet } from "read-excel-file/node";
import { describe, expect, it } from "vitest";
import { defused } from "#domain/export/defuse.ts";
import { openLocalTime } from "#domain/export/local-time.ts";
import { sheetLimits } from "#domain/export/sheet-xml.ts";
import type { Cell, Table } from "#domain/export/table.ts";
import { csvOf } from "#pipeline/export/csv.ts";
import { xlsxOf } from "#pipeline/export/xlsx.ts";
import { describeShared, readSharedJson } from "#tests/shared.ts";
import { unzip } from "./unzip.ts";

const time = openLocalTime("Europe/Moscow");
const table = (columns: string[], ...rows: Cell[][]): Table => ({
  name: "Mentions",
  columns,
  rows: Readable.from([rows]) as AsyncIterable<Cell[][]>,
});
const csv = (of: Table, delimiter: "," | ";" = ",", bom = false) =>
  text(Readable.from(csvOf(of, { delimiter, bom }, time)));
const xlsx = (of: Table) => buffer(Readable.from(xlsxOf(of, time)));
const sheetXml = async (of: Table) =>
  unzip(await xlsx(of))
    .get("xl/worksheets/sheet1.xml")
    ?.toString() ?? "";

/** What a spreadsheet runs when a cell begins with it. */
const runs = (cell: string) => /^[=+\-@＝＋－＠\t\r\n]/.test(cell) && !/^-$|^-\d+([.,]\d+)?$/.test(cell);
const recovered = (cell: string) => cell.replace(/^'/, "");

const hostile = [
  "=1+1",
  "+1",
  " =1+1",
  "\t=1",
  "@SUM(A1)",
  "＝1+1",
  "\uFEFF=1+1",
  "-2+3+cmd|' /C calc'!A0",
  "'=1",
];
const peaceful = ["Отлично! 5+", "-", "—", "2=2", "a@b.ru", "-5", "1,5", "строка\nвторая", '"кавычки"'];

describe("a text on its way into a spreadsheet", () => {
  it.each(hostile)("%j is defused", given => {
    expect(defused(given)).toBe(`'${given}`);
  });

  it.each(peaceful)("%j stays as it is", given => {
    expect(defused(given)).toBe(given);
  });

  it("is had back exactly by taking one apostrophe off, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), given => {
        expect(recovered(defused(given))).toBe(given);
        expect(runs(defused(given))).toBe(false);
      }),
    );
  });
});

describe("CSV", () => {
  it("gives every text back, by either delimiter, and begins with a mark when asked to", async () => {
    const rows = [...hostile, ...peaceful, "a;b,c", 'he said "no"\r\nand left'].map(given => [given]);
    for (const delimiter of [",", ";"] as const) {
      const written = await csv(table(["text"], ...rows), delimiter, true);
      expect(written.startsWith("\uFEFF")).toBe(true);
      const read = parse(written, { delimiter, bom: true }) as string[][];
      expect(read.slice(1).map(([cell]) => recovered(cell ?? ""))).toEqual(rows.flat());
    }
  });

  it("writes numbers and times as the reader's spreadsheet expects them", async () => {
    const row = [4.5, true, null, new Date("2026-11-20T09:14:03.000Z")];
    expect(await csv(table(["a", "b", "c", "d"], row))).toBe(
      '"a","b","c","d"\r\n4.5,"true",,"2026-11-20 12:14:03"\r\n',
    );
    expect(await csv(table(["a"], [4.5]), ";")).toBe('"a"\r\n4,5\r\n');
  });
});

describe("XLSX", () => {
  it("is read back by a reader of its kind, with no formula in its XML", async () => {
    const rows = [...hostile, ...peaceful].map((given, index) => [given, index]);
    const archive = await xlsx(table(["text", "n"], ...rows));
    const [head, ...read] = await readSheet(archive, { trim: false });
    expect(head).toEqual(["text", "n"]);
    expect(read.map(([cell]) => cell)).toEqual(rows.map(([cell]) => cell));
    expect(read.map(([, n]) => n)).toEqual(rows.map(([, n]) => n));
    for (const [path, xml] of unzip(archive))
      expect([path, /<f[\s>/]/.test(xml.toString())]).toEqual([path, false]);
  });

  it("keeps a cell within what a cell may hold, without tearing a pair", async () => {
    const xml = await sheetXml(table(["a"], ["😀".repeat(20_000)]));
    const inside = /<t xml:space="preserve">([^<]*)<\/t><\/is><\/c><\/row><\/sheetData>/.exec(xml)?.[1] ?? "";
    expect(inside.length).toBeLessThanOrEqual(sheetLimits.cellLength);
    expect(inside.isWellFormed()).toBe(true);
    expect(inside.endsWith("…")).toBe(true);
  });

  it("holds nothing that XML refuses, whatever the text", async () => {
    const cells = fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(cells, async given => {
        const xml = await sheetXml(table(["a"], given));
        const inside = xml.replace(/^<\?xml[^>]*>\n/, "");
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 refuses
        expect(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/.test(inside)).toBe(false);
        expect(inside.isWellFormed()).toBe(true);
        expect(inside.replace(/<[^<>]*>/g, "")).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
      }),
      { numRuns: 30 },
    );
  });

  it("goes on in another sheet when one is full", async () => {
    const full = sheetLimits.rows + 1;
    async function* rows() {
      for (let left = full; left > 0; left -= 50_000)
        yield Array.from({ length: Math.min(left, 50_000) }, () => []);
    }
    const files = unzip(await xlsx({ name: "Mentions", columns: ["a"], rows: rows() }));
    const count = (path: string) => files.get(path)?.toString().split("<row ").length ?? 0;
    // Each has a head and what stands before it.
    expect(count("xl/worksheets/sheet1.xml") - 1).toBe(sheetLimits.rows);
    expect(count("xl/worksheets/sheet2.xml") - 1).toBe(3);
    expect(files.get("xl/workbook.xml")?.toString()).toContain('name="Mentions 2"');
  });
});

describeShared("formulas of the suite", "suites/csv", () => {
  const suite = readSharedJson<{
    dangerous: string[];
    mustStayReadable: string[];
  }>("suites/csv/formula-injection.json");
  const all = [...suite.dangerous, ...suite.mustStayReadable];

  it("no dangerous text reaches CSV as a formula, and every text can be had back", async () => {
    const read = parse(await csv(table(["text"], ...all.map(given => [given])))) as string[][];
    const cells = read.slice(1).map(([cell]) => cell ?? "");
    expect(cells.map(recovered)).toEqual(all);
    expect(cells.filter(runs)).toEqual([]);
  });

  it("no text makes a formula cell in XLSX, and every text is shown as it is", async () => {
    const archive = await xlsx(table(["text"], ...all.map(given => [given])));
    expect(unzip(archive).get("xl/worksheets/sheet1.xml")?.toString()).not.toMatch(/<f[\s>/]/);
    const read = await readSheet(archive, { trim: false });
    expect(read.slice(1).map(([cell]) => cell)).toEqual(all.map(given => given.replace(/\r\n?/g, "\n")));
  });
});
