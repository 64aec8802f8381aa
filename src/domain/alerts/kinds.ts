import { z } from "zod";
import { InputError } from "#domain/errors.ts";
import { textKinds } from "#domain/item.ts";
import { parseQuery } from "#domain/query/parse.ts";

export const tones = ["positive", "neutral", "negative"] as const;
const names = z.array(z.string().min(1).max(60)).min(1).max(50);
const ids = z.array(z.uuid()).min(1).max(200);

/** Text of the query language; what does not parse is an issue that says where. */
const queryText = z
  .string()
  .min(1)
  .max(1_000)
  .superRefine((text, context) => {
    try {
      parseQuery(text);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      context.addIssue({ code: "custom", message: error.message });
    }
  });

/** Which texts a rule is about; an absent part lets everything through. */
const narrowed = {
  sourceIds: ids.optional().describe("of these sources alone"),
  sourceKinds: names.optional().describe("of sources of these kinds alone"),
  kinds: z.array(z.enum(textKinds)).min(1).optional().describe("reviews, posts, … alone"),
  aspects: names.optional().describe("about at least one of these aspects"),
  intents: names.optional().describe("with at least one of these intents, such as threat or safety"),
  minReach: z.number().int().min(0).optional().describe("authors with at least so many readers"),
};

const negativeMention = z.strictObject({
  tones: z.array(z.enum(tones)).min(1).optional().describe("negative alone when absent"),
  maxScore: z.number().min(-1).max(1).optional().describe("fires at this score or below"),
  maxRating: z.number().min(0).max(5).optional().describe("fires at this many stars of five or fewer"),
  ...narrowed,
  query: queryText.optional().describe("and the text matches this query"),
});

const keyword = z.strictObject({
  query: queryText.describe("fires for mentions whose text matches; see the query language"),
  tones: z.array(z.enum(tones)).min(1).optional(),
  ...narrowed,
});

const spike = z.strictObject({
  of: z.enum(["all", "negative"]).default("all").describe("which mentions are counted"),
  minCount: z.number().int().min(3).max(100_000).default(10).describe("fewer in a window are no spike"),
});

const ratingDrop = z.strictObject({
  minDrop: z.number().min(0.05).max(4).default(0.3).describe("stars of five that the mean has lost"),
  days: z
    .number()
    .int()
    .min(1)
    .max(30)
    .default(7)
    .describe("days looked at, against four times as many before"),
  minCount: z
    .number()
    .int()
    .min(3)
    .max(100_000)
    .default(10)
    .describe("fewer ratings in these days say nothing"),
  sourceIds: narrowed.sourceIds,
});

const sla = z.strictObject({
  on: z
    .array(z.enum(["near", "breached"]))
    .min(1)
    .default(["near", "breached"]),
  minPriority: z.number().int().min(0).max(100).optional(),
  sourceKinds: narrowed.sourceKinds,
});

const serpEntry = z.strictObject({
  top: z.number().int().min(1).max(100).default(10).describe("the first places that a page comes into"),
  of: z
    .enum(["hostile", "all"])
    .default("hostile")
    .describe("pages that harm the brand, or pages whatever they say"),
});

const clusterGrowth = z.strictObject({
  minCount: z
    .number()
    .int()
    .min(2)
    .max(10_000)
    .default(5)
    .describe("texts of one story, and again at each doubling"),
  hours: z.number().int().min(1).max(168).default(24).describe("within so many hours"),
  minSources: z.number().int().min(1).max(100).default(1).describe("on so many sources"),
});

const sourceHealth = z.strictObject({
  on: z
    .array(z.enum(["blocked", "layout-changed", "failing", "stale", "quota"]))
    .min(1)
    .default(["blocked", "layout-changed", "failing", "stale", "quota"]),
  sourceIds: narrowed.sourceIds,
});

const replyFailed = z.strictObject({
  on: z
    .array(z.enum(["refused", "removed", "unknown"]))
    .min(1)
    .default(["refused", "removed", "unknown"]),
});

/** Settings of every kind of rule; an absent bound holds for everything. */
export const ruleSettings = {
  "negative-mention": negativeMention,
  keyword,
  spike,
  "rating-drop": ratingDrop,
  sla,
  "serp-entry": serpEntry,
  "cluster-growth": clusterGrowth,
  "source-health": sourceHealth,
  "reply-failed": replyFailed,
} as const;

export type RuleKind = keyof typeof ruleSettings;
export type RuleSettings<Kind extends RuleKind> = z.output<(typeof ruleSettings)[Kind]>;
export const ruleKinds = Object.keys(ruleSettings) as [RuleKind, ...RuleKind[]];

/** Kinds that look at a stretch of time, by a due column; the others look with what happens. */
export const lookEveryMs: Readonly<Partial<Record<RuleKind, number>>> = {
  spike: 60_000,
  "rating-drop": 300_000,
  "cluster-growth": 300_000,
};

/** Settings as a rule of that kind reads them, with what was left out. */
export const settingsOf = <Kind extends RuleKind>(kind: Kind, settings: unknown): RuleSettings<Kind> =>
  ruleSettings[kind].parse(settings) as RuleSettings<Kind>;
