import { z } from "zod";
import { flatTable } from "#domain/export/flatten.ts";
import { openLocalTime } from "#domain/export/local-time.ts";
import type { AnyRead, ApiDeps, Route } from "./define.ts";
import { everyReader, readRoute } from "./define.ts";
import type { ExportGate } from "./export-gate.ts";
import { attachment, fileBody, jsonlOf, jsonlOptions, jsonlType, tableFormats } from "./export-shape.ts";
import { trendViewRoutes } from "./trend-views.ts";

/** A new view is exported as soon as it is in `rowsOf`. */
const views = trendViewRoutes as readonly AnyRead[];

// biome-ignore lint/suspicious/noExplicitAny: answers of every view, whose shapes their own schemas hold
type Body = any;

/** Which rows of a view's answer make its file. */
const rowsOf: Record<string, (body: Body) => object[]> = {
  sentiment: ({ series, groups }) =>
    groups === null
      ? series
      : groups.flatMap(({ key, series: own }: Body) => own.map((row: object) => ({ group: key, ...row }))),
  "share-of-voice": ({ series, brands }) =>
    series.flatMap(({ start, end, voices }: Body) =>
      voices.map((voice: Body) => ({
        start,
        end,
        brand: brands.find((brand: Body) => brand.id === voice.brandId)?.name ?? null,
        ...voice,
      })),
    ),
  aspects: ({ aspects }) => aspects,
  ratings: ({ series }) => series,
  community: ({ cohorts, ...whole }) => [
    { part: "activity", ...whole },
    ...cohorts.flatMap(({ month, size, retention }: Body) =>
      retention.map((row: object) => ({ part: "cohort", month, size, ...row })),
    ),
  ],
  latency: ({ ledger }) => ledger,
  authors: ({ lists }) =>
    Object.entries(lists).flatMap(([list, rows]) => (rows as object[]).map(row => ({ list, ...row }))),
  topics: ({ topics }) => topics,
};

interface Asked {
  caller: unknown;
  now: Date;
  query: Record<string, unknown>;
}

/** Rows of a view, asked as its own route asks, and the zone that its times are written in. */
async function ask(view: AnyRead, name: string, deps: ApiDeps, input: Asked) {
  const own = Object.keys((view.query as z.ZodObject).shape);
  const query = Object.fromEntries(Object.entries(input.query).filter(([field]) => own.includes(field)));
  const { body } = await view.read(deps, { ...input, query } as never);
  const { timezone } = body as { timezone?: string };
  const rows = rowsOf[name]?.(body) ?? [];
  return { rows, timezone: timezone ?? (input.query["timezone"] as string | undefined) ?? "UTC" };
}

async function* oneBatch<Row>(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  yield rows;
}

/** Files of every view of a trend: the same figures as its answer, a row for each of its rows. */
export const trendExportRoutes = (gate: ExportGate): readonly Route[] =>
  views.flatMap(view => {
    const name = view.url.replace("/v1/trends/", "");
    const { shape } = view.query as z.ZodObject;
    const common = { tag: "exports", allow: everyReader, reply: fileBody };
    const tables = Object.entries(tableFormats).map(([extension, format]) =>
      readRoute({
        ...common,
        url: `/v1/exports/trends/${name}.${extension}`,
        summary: `The view ${name} as ${extension.toUpperCase()}: the questions of GET ${view.url}`,
        produces: format.type,
        query: z.strictObject({ ...format.options, ...shape }),
        read: async (deps, input) => {
          const { rows, timezone } = await ask(view, name, deps, input as Asked);
          const flat = flatTable(rows);
          const table = { name: name.slice(0, 31), columns: flat.columns, rows: oneBatch(flat.rows) };
          input.reply.header("content-disposition", attachment(`${name}.${extension}`, input.now));
          const options = { ...(input.query as object), timezone };
          return { body: gate.open(() => format.write(table, openLocalTime(timezone), options)) };
        },
      }),
    );
    const lines = readRoute({
      ...common,
      url: `/v1/exports/trends/${name}.jsonl`,
      summary: `The view ${name} as lines of JSON: the questions of GET ${view.url}`,
      produces: jsonlType,
      query: z.strictObject({ ...jsonlOptions, ...shape }),
      read: async (deps, input) => {
        const { rows, timezone } = await ask(view, name, deps, input as Asked);
        input.reply.header("content-disposition", attachment(`${name}.jsonl`, input.now));
        return { body: gate.open(() => jsonlOf(oneBatch(rows), timezone)) };
      },
    });
    return [...tables, lines];
  });
