import { z } from "zod";
import { serpFigures, weightedTone } from "#domain/serp.ts";
import { type JudgedLook, judgeLooks, type Owner } from "#pipeline/serp/look.ts";
import { findBrand } from "#store/brand.ts";
import type { Db } from "#store/db.ts";
import { type QueryRange, readPlaces, readRanges } from "#store/serp-look.ts";
import { listSerpQueries, type SerpQueryView } from "#store/serp-query.ts";
import { seesBrand } from "./auth.ts";
import { everyReader, readRoute } from "./define.ts";
import { notFound, ProblemError } from "./problem.ts";
import {
  figuresBody,
  serpFiguresSchema,
  serpLookBody,
  serpLookSchema,
  serpQueryBody,
  serpQuerySchema,
  weightedToneSchema,
} from "./serp-shape.ts";
import { flag, id, instant, instantIn } from "./shape.ts";

const dayMs = 86_400_000;
const defaultRangeMs = 30 * dayMs;
const mostQueries = 500;

const figures = {
  top10: serpFiguresSchema,
  top20: serpFiguresSchema,
  weightedTone: weightedToneSchema,
};

const summarySchema = z.object({
  from: instant,
  to: instant,
  queries: z.array(
    z.object({
      query: serpQuerySchema,
      latest: serpLookSchema
        .nullable()
        .describe("the last look before `to`, compared with the baseline; null: there was none yet"),
      baseline: z
        .object({ takenAt: instant, ...figures })
        .nullable()
        .describe("the last look at or before `from`, else the first one after it"),
      coverage: z
        .number()
        .nullable()
        .describe("share of the source's runs of the range that went well; null when there was none"),
      history: z
        .array(z.object({ pageId: id, places: z.array(z.object({ takenAt: instant, position: z.int() })) }))
        .optional()
        .describe("with history=true: where the pages of the latest look stood"),
    }),
  ),
  totals: z.object({ queryCount: z.int(), lookedAtCount: z.int(), ...figures }),
});

/** The brand's search results over a range: each query now and against the beginning, and all of them together. */
export const serpSummaryRoute = readRoute({
  url: "/v1/serp/summary",
  tag: "serp",
  summary: "A brand's search results: shares, weighted tone, control of the first ten, what came and went",
  allow: everyReader,
  query: z.strictObject({
    brandId: id,
    from: instantIn.optional().describe("30 days before `to` when absent"),
    to: instantIn.optional().describe("exclusive; now when absent"),
    history: flag.default(false),
  }),
  reply: summarySchema,
  read: async (_deps, { db, query: asked, caller, now }) => {
    const brand = seesBrand(caller, asked.brandId) ? await findBrand(db, asked.brandId) : undefined;
    if (!brand) throw notFound("brand", asked.brandId);
    const to = asked.to ?? now;
    const range = { from: asked.from ?? new Date(to.getTime() - defaultRangeMs), to };
    if (range.from >= to)
      throw new ProblemError(
        422,
        "invalid-request",
        `from is ${range.from.toISOString()} and to is ${to.toISOString()}; from must be before to`,
      );
    const queries = await listSerpQueries(db, [brand.id], { after: null, limit: mostQueries });
    return { body: await summarise(db, queries, brand.official_accounts, range, asked.history) };
  },
});

interface Range {
  from: Date;
  to: Date;
}

async function summarise(
  db: Db,
  queries: readonly SerpQueryView[],
  officialAccounts: Owner["officialAccounts"],
  range: Range,
  withHistory: boolean,
): Promise<z.input<typeof summarySchema>> {
  const ids = queries.map(query => query.id);
  const ranges = new Map((await readRanges(db, ids, range)).map(one => [one.queryId, one]));
  const kinds = new Map(queries.map(query => [query.id, query.sourceKind]));
  const ownerOf = (queryId: string): Owner => ({ sourceKind: kinds.get(queryId) ?? "", officialAccounts });
  const looks = await judgeLooks(db, [...ranges.values()].flatMap(pairsOf), ownerOf);
  const places = withHistory ? await placesOf(db, ids, [...looks.values()], range) : null;
  const latest = [...ranges.values()].flatMap(({ latestId }) => looks.get(latestId ?? "") ?? []);
  const results = latest.flatMap(look => look.results);
  return {
    ...range,
    queries: queries.map(query => {
      const found = ranges.get(query.id);
      const look = looks.get(found?.latestId ?? "");
      return {
        query: serpQueryBody(query),
        latest: look === undefined ? null : serpLookBody(look),
        baseline: figuresBody(looks.get(found?.baselineId ?? "")),
        coverage:
          found && found.runCount > 0 ? Math.round((1000 * found.okCount) / found.runCount) / 1000 : null,
        ...(places === null ? {} : { history: historyOf(look, places.get(query.id)) }),
      };
    }),
    totals: {
      queryCount: queries.length,
      lookedAtCount: latest.length,
      top10: serpFigures(results, 10),
      top20: serpFigures(results, 20),
      weightedTone: weightedTone(results),
    },
  };
}

/** The latest look against the baseline, and the baseline alone. */
function pairsOf({ queryId, latestId, baselineId }: QueryRange) {
  if (latestId === null) return [];
  const previousId = baselineId === latestId ? null : baselineId;
  const latest = { id: latestId, queryId, previousId };
  return previousId === null ? [latest] : [latest, { id: previousId, queryId, previousId: null }];
}

async function placesOf(db: Db, queryIds: readonly string[], looks: readonly JudgedLook[], range: Range) {
  const pageIds = [...new Set(looks.flatMap(look => look.results.map(({ pageId }) => pageId)))];
  return Map.groupBy(await readPlaces(db, queryIds, pageIds, range), place => place.queryId);
}

function historyOf(look: JudgedLook | undefined, places: Awaited<ReturnType<typeof readPlaces>> = []) {
  const byPage = Map.groupBy(places, place => place.pageId);
  return (look?.results ?? []).map(({ pageId }) => ({
    pageId,
    places: (byPage.get(pageId) ?? []).map(({ takenAt, position }) => ({ takenAt, position })),
  }));
}
