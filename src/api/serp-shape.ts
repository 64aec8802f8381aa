import { z } from "zod";
import { standings } from "#domain/serp.ts";
import type { JudgedLook } from "#pipeline/serp/look.ts";
import type { SerpQueryView } from "#store/serp-query.ts";
import { id, instant } from "./shape.ts";
import { health } from "./source-shape.ts";

export const serpQuerySchema = z
  .object({
    id,
    brandId: id,
    sourceId: id,
    query: z.string(),
    region: z.string().describe("the engine's id of a region, such as 213"),
    device: z.string(),
    health: health.describe(
      "of the source: anything but ok means that looks are missing, not that pages went",
    ),
    lookedAt: instant.nullable().describe("the last look that was answered"),
    nextRunAt: instant.nullable(),
    createdAt: instant,
  })
  .meta({ id: "SerpQuery" });

export const serpQueryBody = (row: SerpQueryView): z.input<typeof serpQuerySchema> => ({
  id: row.id,
  brandId: row.brand_id,
  sourceId: row.source_id,
  query: row.query,
  region: row.region,
  device: row.device,
  health: row.health,
  lookedAt: row.lookedAt,
  nextRunAt: row.nextRunAt,
  createdAt: row.created_at,
});

export const standingSchema = z
  .enum(standings)
  .describe(
    "`ours`: the brand's own (an official account of the source's kind that is a host or the beginning of an address) or said so by hand; `hostile`: negative in tone or said so; else `neutral`",
  );

const share = z.number().nullable();

export const serpFiguresSchema = z
  .object({
    seen: z.int().describe("results within these places; fewer than ten when fewer were found"),
    ours: z.int(),
    neutral: z.int(),
    hostile: z.int(),
    oursShare: share.describe("ours / seen; null when nothing was seen"),
    negativeShare: share.describe("hostile / seen; null when nothing was seen"),
  })
  .meta({ id: "SerpFigures" });

const resultSchema = z
  .object({
    pageId: id,
    url: z.string(),
    title: z.string().nullable(),
    position: z.int(),
    previousPosition: z.int().nullable().describe("in the look before; null when it was not there"),
    standing: standingSchema,
    byHand: z.boolean(),
    tone: z
      .enum(["positive", "neutral", "negative"])
      .nullable()
      .describe("of the result's text toward the brand when it was seen; null when it does not speak of it"),
    score: z.number().nullable(),
  })
  .meta({ id: "SerpResult" });

const places = z.array(z.object({ pageId: id, position: z.int() }));

export const weightedToneSchema = z
  .number()
  .nullable()
  .describe("Σ tone · w(position) / Σ w(position), w linear 20…1 over the first twenty places; −1 to 1");

export const serpLookSchema = z
  .object({
    id,
    takenAt: instant,
    depth: z.int().describe("how many first places were asked for"),
    foundCount: z.int().nullable().describe("the engine's estimate of all it knows"),
    top10: serpFiguresSchema,
    top20: serpFiguresSchema,
    weightedTone: weightedToneSchema,
    comparedWith: instant
      .nullable()
      .describe("the look that movement is told against; null for the first one"),
    entries: places.describe("pages that came, within the depth of both looks"),
    exits: places.describe("pages that went, with the place they had"),
    moves: z.array(z.object({ pageId: id, from: z.int(), to: z.int() })),
    hostileEntries: z.array(id).describe("hostile pages among the entries"),
    results: z.array(resultSchema),
  })
  .meta({ id: "SerpSnapshot" });

export const serpLookBody = (look: JudgedLook): z.input<typeof serpLookSchema> => ({
  id: look.id,
  takenAt: look.takenAt,
  depth: look.depth,
  foundCount: look.foundCount,
  top10: look.top10,
  top20: look.top20,
  weightedTone: look.weightedTone,
  comparedWith: look.comparedWith,
  ...look.movement,
  hostileEntries: look.hostileEntries.map(({ pageId }) => pageId),
  results: look.results.map(result => ({
    pageId: result.pageId,
    url: result.url,
    title: result.title,
    position: result.position,
    previousPosition: result.previousPosition,
    standing: result.standing,
    byHand: result.verdict !== null,
    tone: result.tone,
    score: result.score,
  })),
});

export const figuresBody = (look: JudgedLook | undefined) =>
  look === undefined
    ? null
    : { takenAt: look.takenAt, top10: look.top10, top20: look.top20, weightedTone: look.weightedTone };
