import { z } from "zod";
import { type LocalTime, openLocalTime } from "#domain/export/local-time.ts";
import type { Table } from "#domain/export/table.ts";
import { type CsvDialect, csvOf } from "#pipeline/export/csv.ts";
import { xlsxOf } from "#pipeline/export/xlsx.ts";
import { flag, timezone } from "./shape.ts";

const zoneOption = {
  timezone: timezone.default("UTC").describe("IANA name of the zone that times are written in"),
};

/** How a CSV is written; Excel in Russian wants `delimiter=;` and `bom=true`. */
const csvOptions = {
  ...zoneOption,
  delimiter: z.enum([",", ";", "\t"]).default(",").describe("with `;` numbers have a decimal comma"),
  bom: flag.default(false).describe("begins with a byte order mark, by which Excel knows UTF-8"),
};

/** A table's way out: its media type, its own options, and its bytes. */
export const tableFormats = {
  csv: {
    type: "text/csv; charset=utf-8",
    options: csvOptions,
    write: (table: Table, time: LocalTime, asked: { timezone: string } & Partial<CsvDialect>) =>
      csvOf(table, { delimiter: asked.delimiter ?? ",", bom: asked.bom ?? false }, time),
  },
  xlsx: {
    type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    options: zoneOption,
    write: (table: Table, time: LocalTime) => xlsxOf(table, time),
  },
} as const;

export const jsonlType = "application/jsonl; charset=utf-8";
export const jsonlOptions = zoneOption;

/** Rows of an answer as lines of JSON, times in the zone with its offset. */
export async function* jsonlOf(
  batches: AsyncIterable<readonly object[]>,
  timezoneName: string,
): AsyncGenerator<string> {
  const time = openLocalTime(timezoneName);
  function inZone(this: Record<string, unknown>, key: string, value: unknown): unknown {
    const raw = this[key];
    return raw instanceof Date && timezoneName !== "UTC" ? time.full(raw) : value;
  }
  for await (const batch of batches) yield batch.map(one => `${JSON.stringify(one, inZone)}\n`).join("");
}

/** The answer of a route that gives a file. */
export const fileBody = z.unknown().meta({ type: "string", format: "binary" });

/** The header that has a browser keep the file under a name with its day. */
export const attachment = (name: string, now: Date): string =>
  `attachment; filename="${name.replace(".", `-${now.toISOString().slice(0, 10)}.`)}"`;
