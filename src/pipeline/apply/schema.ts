import { z } from "zod";
import { channelKinds } from "#channels/registry.ts";
import { type RuleKind, ruleKinds, ruleSettings } from "#domain/alerts/kinds.ts";
import { ruleTimingSchema } from "#domain/alerts/timing.ts";
import { businessHoursSchema } from "#domain/calendar.ts";
import { deskSchema } from "#domain/desk.ts";
import { slaInputSchema } from "#domain/sla-settings.ts";
import { sourceKinds } from "#sources/registry.ts";

const name = z.string().trim().min(1).max(200);
const enabled = z.boolean().optional();

function isTimezone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }) !== null && !/^[+-]/.test(zone);
  } catch {
    return false;
  }
}
const timezone = z.string().max(60).refine(isTimezone, 'expected an IANA time zone such as "Europe/Moscow"');

const brand = z.strictObject({
  name: name.describe("what the brand is known by; another name is another brand"),
  query: z.string().min(1).max(1_000).describe("which texts are about the brand: see docs/query-language.md"),
  competitorOf: name.optional().describe("name of your own brand that this one competes with"),
  officialAccounts: z
    .array(z.strictObject({ sourceKind: z.string().max(60), account: z.string().min(1).max(500) }))
    .max(100)
    .optional()
    .describe("accounts that answer for the brand"),
  timezone: timezone.optional().describe("the brand's days and working hours are in it; UTC by default"),
  language: z.enum(["ru", "en"]).optional().describe("of alerts"),
  businessHours: businessHoursSchema.optional(),
  sla: slaInputSchema.optional().describe("how long answering may take, in full or by a preset"),
  desk: deskSchema.optional().describe("how answers are worked on"),
});

const schedule = z.union([
  z.strictObject({ every: z.string().max(20).describe("such as 90s, 15m, 6h, 1d") }),
  z.strictObject({ cron: z.string().max(200), timezone }),
]);

const sourceOf = (kind: (typeof sourceKinds)[number]) =>
  z.strictObject({
    title: name.describe("what the source is known by; another title is another source"),
    kind: z.literal(kind.id).describe(kind.title.en),
    brands: z.array(name).min(1).max(100).describe("names of the brands that it serves"),
    settings: kind.settings.prefault({} as never),
    ...(kind.credentials === undefined ? {} : { credentials: kind.credentials }),
    schedule: schedule.optional().describe(`how often it is asked; every ${kind.every} by default`),
    enabled,
  });

const channelOf = (kind: (typeof channelKinds)[number]) =>
  z.strictObject({
    name: name.describe("what the channel is known by"),
    kind: z.literal(kind.id),
    settings: settingsOf(kind),
    fullText: z.boolean().optional().describe("whether messages carry the words of mentions"),
    enabled,
  });

/** Secrets that are ours to make may be left out. */
function settingsOf(kind: (typeof channelKinds)[number]) {
  const schema = kind.settings as z.ZodObject;
  const issued = Object.keys(kind.issues ?? {});
  if (issued.length === 0) return schema;
  const chosen: Record<string, true> = Object.fromEntries(issued.map(field => [field, true]));
  return schema.partial(chosen as never);
}

/** A file names the next channels, as it names the first. */
const timingOfFile = ruleTimingSchema.extend({
  escalation: z
    .array(
      z.strictObject({
        afterMinutes: z.number().int().min(1).max(10_080),
        channels: z.array(name).min(1).max(20),
      }),
    )
    .max(5)
    .optional(),
});

const ruleOf = (kind: RuleKind) =>
  z.strictObject({
    name: name.describe("what the rule is known by within its brand"),
    brand: name.describe("name of the brand"),
    kind: z.literal(kind),
    settings: (ruleSettings[kind] as z.ZodObject).prefault({}),
    channels: z.array(name).max(20).describe("names of channels that are told"),
    timing: timingOfFile.optional().describe("when messages may leave"),
    enabled,
  });

const variants = <Value, Schema>(values: readonly Value[], make: (value: Value) => Schema) =>
  values.map(make) as [Schema, ...Schema[]];
const list = <Item extends z.ZodType>(item: Item) => z.array(item).max(1_000).default([]);

/** The file that `apply` takes. What is left out stays as it is, or as the program would have it. */
export const configSchema = z.strictObject({
  brands: list(brand),
  sources: list(z.discriminatedUnion("kind", variants(sourceKinds, sourceOf) as never)) as z.ZodType<
    SourceConfig[]
  >,
  channels: list(z.discriminatedUnion("kind", variants(channelKinds, channelOf) as never)) as z.ZodType<
    ChannelConfig[]
  >,
  rules: list(z.discriminatedUnion("kind", variants(ruleKinds, ruleOf) as never)) as z.ZodType<RuleConfig[]>,
});

export type Config = z.output<typeof configSchema>;
export type BrandConfig = Config["brands"][number];

export interface SourceConfig {
  title: string;
  kind: string;
  brands: string[];
  settings: Record<string, unknown>;
  credentials?: unknown;
  schedule?: z.output<typeof schedule>;
  enabled?: boolean;
}
export interface ChannelConfig {
  name: string;
  kind: string;
  settings: Record<string, unknown>;
  fullText?: boolean;
  enabled?: boolean;
}
export interface RuleConfig {
  name: string;
  brand: string;
  kind: RuleKind;
  settings: Record<string, unknown>;
  channels: string[];
  timing?: z.output<typeof timingOfFile>;
  enabled?: boolean;
}

/** JSON Schema of the file, for editors. */
export const configJsonSchema = (): object => ({
  $id: "https://molva.invalid/molva.schema.json",
  title: "Molva configuration",
  ...z.toJSONSchema(configSchema, { io: "input", unrepresentable: "any" }),
});
