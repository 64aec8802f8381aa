import { z } from "zod";
import { textKinds } from "#domain/item.ts";
import { type AnySourceKind, canReply, families, type Via } from "#sources/define.ts";
import { sourceKinds } from "#sources/registry.ts";
import { everyReader, type Route, readRoute } from "./define.ts";

/** How a kind is reached, in the words of the API. */
const accessOf = {
  api: "api",
  feed: "json",
  html: "html",
  browser: "browser",
  push: "push",
} as const satisfies Record<Via, string>;

const jsonSchema = z.record(z.string(), z.unknown());

const replySchema = z.object({
  kinds: z.array(z.enum(textKinds)).describe("what may be answered"),
  minLength: z.number().int().describe("characters"),
  maxLength: z.number().int(),
  edits: z
    .object({ count: z.number().int(), withinDays: z.number() })
    .nullable()
    .describe("how often and how long after sending a reply may be changed; null: never"),
});

const sourceKindSchema = z
  .object({
    id: z.string(),
    title: z.object({ en: z.string(), ru: z.string() }),
    homepage: z.string(),
    access: z.enum(["api", "json", "html", "browser", "push"]),
    family: z.enum(families),
    yields: z.array(z.enum(textKinds)),
    settings: jsonSchema.describe("JSON Schema (2020-12)"),
    credentials: jsonSchema.nullable().describe("JSON Schema (2020-12); null: it takes none"),
    example: z.object({ settings: z.unknown(), credentials: z.unknown().optional() }),
    canReply: z.boolean(),
    reply: replySchema.nullable().describe("null: people post the approved text themselves"),
    limits: z.array(z.string()),
    every: z.string().describe("default interval between runs"),
    staleAfter: z.string().describe("silence after which a source counts as stale"),
    enabledByDefault: z.boolean(),
    obeysRobots: z.boolean(),
  })
  .meta({ id: "SourceKind" });

/** What people must give, so defaults are optional. */
const schemaOf = (schema: z.ZodType) =>
  z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Record<string, unknown>;

const dayMs = 86_400_000;

function replyBody({ reply }: AnySourceKind): z.input<typeof replySchema> | null {
  if (reply === undefined) return null;
  const { kinds, edits, ...lengths } = reply.limits;
  return {
    ...lengths,
    kinds: [...kinds],
    edits: edits && { count: edits.count, withinDays: edits.withinMs / dayMs },
  };
}

const kindBody = (kind: AnySourceKind): z.input<typeof sourceKindSchema> => ({
  id: kind.id,
  title: kind.title,
  homepage: kind.homepage,
  access: accessOf[kind.via],
  family: kind.family,
  yields: [...kind.yields],
  settings: schemaOf(kind.settings),
  credentials: kind.credentials === undefined ? null : schemaOf(kind.credentials),
  example: kind.example,
  canReply: canReply(kind),
  reply: replyBody(kind),
  limits: [...kind.limits],
  every: kind.every,
  staleAfter: kind.staleAfter,
  enabledByDefault: kind.enabledByDefault,
  obeysRobots: kind.obeysRobots,
});

export const sourceKindRoutes: readonly Route[] = [
  readRoute({
    url: "/v1/source-kinds",
    tag: "sources",
    summary: "Every kind of source: how it is reached, what it yields, what its settings are",
    allow: everyReader,
    query: z.strictObject({}),
    reply: z.object({ items: z.array(sourceKindSchema), nextCursor: z.null() }),
    read: async () => ({ body: { items: sourceKinds.map(kindBody), nextCursor: null } }),
  }),
];
