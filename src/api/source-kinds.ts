import { z } from "zod";
import { textKinds } from "#domain/item.ts";
import { type AnySourceKind, families, type Via } from "#sources/define.ts";
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
  canReply: kind.canReply,
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
