import { z } from "zod";
import { openLocalTime } from "#domain/export/local-time.ts";
import { mentionTable } from "#pipeline/export/mention-table.ts";
import { type ExportedMention, readMentions } from "#store/mention-export.ts";
import { type Caller, everyReader, type Route, readRoute } from "./define.ts";
import { type ExportGate, exportGate } from "./export-gate.ts";
import { reportExportRoutes } from "./export-report.ts";
import { attachment, fileBody, jsonlOf, jsonlOptions, jsonlType, tableFormats } from "./export-shape.ts";
import { trendExportRoutes } from "./export-trends.ts";
import { mentionFilters } from "./mention-query.ts";
import { mentionBody } from "./mention-shape.ts";
import { scopedBrands } from "./scope.ts";

/** Mentions read from the cursor at once. */
const batch = 500;

const filters = z.strictObject(mentionFilters);
type Filters = z.output<typeof filters>;

/** Mentions as files; each file has the rows of the list with the same filters. */
export function exportRoutes(gate: ExportGate = exportGate({ most: 3, stuckMs: 60_000 })): readonly Route[] {
  const mentionsOf = (db: Parameters<typeof readMentions>[0], caller: Caller, asked: Filters) => {
    const brandIds = scopedBrands(caller, asked.brandId);
    return () => readMentions(db, { ...asked, brandIds }, batch);
  };
  const tables = Object.entries(tableFormats).map(([extension, format]) =>
    readRoute({
      url: `/v1/exports/mentions.${extension}`,
      tag: "exports",
      summary: `Mentions as ${extension.toUpperCase()}, any number, newest first: the filters of the list`,
      allow: everyReader,
      produces: format.type,
      query: z.strictObject({ ...mentionFilters, ...format.options }),
      reply: fileBody,
      read: async (_deps, { db, query, caller, now, reply }) => {
        const mentions = mentionsOf(db, caller, query);
        const time = openLocalTime(query.timezone);
        const stream = gate.open(() => format.write(mentionTable(mentions()), time, query));
        reply.header("content-disposition", attachment(`mentions.${extension}`, now));
        return { body: stream };
      },
    }),
  );
  const lines = readRoute({
    url: "/v1/exports/mentions.jsonl",
    tag: "exports",
    summary: "Mentions as lines of JSON, any number, newest first: the filters and the shape of the list",
    allow: everyReader,
    produces: jsonlType,
    query: z.strictObject({ ...mentionFilters, ...jsonlOptions }),
    reply: fileBody,
    read: async (_deps, { db, query, caller, now, reply }) => {
      const mentions = mentionsOf(db, caller, query);
      const stream = gate.open(() => jsonlOf(bodiesOf(mentions()), query.timezone));
      reply.header("content-disposition", attachment("mentions.jsonl", now));
      return { body: stream };
    },
  });
  return [...tables, lines, ...trendExportRoutes(gate), ...reportExportRoutes];
}

async function* bodiesOf(batches: AsyncIterable<readonly ExportedMention[]>) {
  for await (const rows of batches) yield rows.map(mentionBody);
}
