import { z } from "zod";
import { readTopics } from "#pipeline/trends/topics.ts";
import { type authorLists, readAuthors } from "#store/trend-authors.ts";
import { latencySteps, readLatency } from "#store/trend-latency.ts";
import { everyReader, type Route, readRoute } from "./define.ts";
import { toneSchema } from "./mention-shape.ts";
import { id, instant } from "./shape.ts";
import { spanOf, spanQuery } from "./trend-question.ts";
import { tones } from "./trend-shape.ts";

/** Single mentions that one answer reads. */
const mentionLimit = 50_000;

const sample = z
  .object({
    readCount: z.int(),
    limit: z.int(),
    since: instant
      .nullable()
      .describe("null: the whole range was read; else only its newest mentions, since then"),
  })
  .meta({ id: "TrendSample" });

const step = z.object({
  count: z.int(),
  p50Ms: z.int().nullable().describe("half took no longer"),
  p95Ms: z.int().nullable(),
});

const latencyRoute = readRoute({
  url: "/v1/trends/latency",
  tag: "trends",
  summary: "How long mentions took from their publication to the message about them, by source",
  allow: everyReader,
  query: z.strictObject(spanQuery),
  reply: z.object({
    sample,
    ledger: z
      .array(
        z.object({
          sourceId: id.nullable().describe("null: all sources"),
          mentionCount: z
            .int()
            .describe(
              "dated by their source and young enough to act on; history that a new source brings is left out",
            ),
          steps: z.object(
            Object.fromEntries(Object.keys(latencySteps).map(name => [name, step])) as Record<
              keyof typeof latencySteps,
              typeof step
            >,
          ),
        }),
      )
      .describe("all sources first, then the one with the most mentions"),
  }),
  read: async (_deps, { db, query, caller, now }) => {
    const span = await spanOf(db, caller, query, now);
    const { rows, ...view } = await readLatency(db, { ...span, limit: mentionLimit });
    return { body: { ...view, ledger: rows } };
  },
});

const author = z
  .object({
    authorId: z.string().nullable().describe("at the site; null where people have no ids"),
    sourceKind: z.string(),
    name: z.string().nullable(),
    url: z.string().nullable(),
    reach: z.int().nullable(),
    mentionCount: z.int(),
    ...tones,
    lastAt: instant,
    isNew: z.boolean(),
  })
  .meta({ id: "TrendAuthor" });

const listWords: Record<keyof typeof authorLists, string> = {
  leaders: "the widest reach",
  active: "the most mentions",
  newcomers: "new, the most mentions",
  promoters: "who praise more than they blame, by the difference",
  detractors: "who blame more than they praise, by the difference",
};

const authorsRoute = readRoute({
  url: "/v1/trends/authors",
  tag: "trends",
  summary:
    "Who writes of the brand: how many, how far they are heard, who is new, who praises and who blames",
  allow: everyReader,
  query: z.strictObject({
    ...spanQuery,
    top: z.coerce.number().int().min(1).max(100).default(10).describe("authors in each list"),
  }),
  reply: z.object({
    sample,
    signedCount: z.int().describe("mentions read that have an author"),
    authorCount: z.int(),
    passion: z.number().nullable().describe("signed mentions / authors, two decimals"),
    newCount: z.int().describe("authors who had not written of the brand before the range"),
    returningCount: z.int(),
    promoterCount: z.int(),
    detractorCount: z.int(),
    reach: z.int().describe("sum over the authors whose reach is known"),
    reachCount: z.int().describe("authors whose reach is known"),
    lists: z.object(
      Object.fromEntries(
        Object.entries(listWords).map(([name, words]) => [name, z.array(author).describe(words)]),
      ) as Record<keyof typeof authorLists, z.ZodArray<typeof author>>,
    ),
  }),
  read: async (_deps, { db, query: { top, ...query }, caller, now }) => {
    const span = await spanOf(db, caller, query, now);
    const view = await readAuthors(db, { ...span, limit: mentionLimit }, top);
    const passion =
      view.authorCount === 0 ? null : Math.round((100 * view.signedCount) / view.authorCount) / 100;
    return { body: { ...view, passion } };
  },
});

const textSample = z.object({
  from: instant,
  to: instant,
  textCount: z.int(),
  limit: z.int(),
  complete: z
    .boolean()
    .describe(
      "true: all were read; false: there were more than the limit, and of each 24th of the time the newest were read, an equal part of the limit at most, so they may be fewer than it",
    ),
});

const topicsRoute = readRoute({
  url: "/v1/trends/topics",
  tag: "trends",
  summary: "What people have begun to talk about: phrases in more texts than the time before lets expect",
  allow: everyReader,
  query: z.strictObject({
    ...spanQuery,
    tone: toneSchema.optional().describe("of the mentions read"),
    top: z.coerce.number().int().min(1).max(100).default(20),
  }),
  reply: z.object({
    sample: textSample,
    baseline: textSample.describe("the four times as long time before; without texts in it nothing can rise"),
    topics: z
      .array(
        z.object({
          phrase: z
            .string()
            .describe("one to three words; all their inflections count, the commonest is shown"),
          count: z.int().describe("texts with it, copies left out"),
          expectedCount: z.number().describe("texts that would have it at the rate of the baseline"),
          score: z.number().describe("Dunning's G² (log-likelihood ratio)"),
          discoveryRate: z
            .number()
            .describe(
              "by Benjamini and Hochberg: of topics with such a rate or a lower one, that share is chance; at most 0.05",
            ),
          mentionIds: z.array(id).describe("three of the newest"),
        }),
      )
      .describe("the highest score first"),
  }),
  read: async (_deps, { db, query: { top, tone = null, ...query }, caller, now }) => {
    const span = await spanOf(db, caller, query, now);
    const { topics, ...view } = await readTopics(db, { ...span, tone }, top);
    return { body: { ...view, topics: topics.map(({ ids, ...topic }) => ({ ...topic, mentionIds: ids })) } };
  },
});

/** Views that read single mentions, within limits that the answer names. */
export const sampledTrendRoutes: readonly Route[] = [latencyRoute, authorsRoute, topicsRoute];
