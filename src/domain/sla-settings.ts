import { z } from "zod";
import { type BusinessHours, holidaysInputSchema, holidaysSchema } from "./calendar.ts";

const hours = z.number().positive().max(8_760);
export const slaClockSchema = z
  .enum(["business", "always"])
  .describe("business: the brand's business hours; always: it never stops");
const band = z.number().int().min(0).max(100);

/** A time to answer for some of the cases. */
const policySchema = z.strictObject({
  minPriority: band,
  maxPriority: band,
  sourceKinds: z.array(z.string().min(1).max(60)).min(1).max(50).nullable().describe("null: all"),
  hours: hours.describe("on the clock below"),
  clock: slaClockSchema,
});
const policyInputSchema = policySchema.extend({
  minPriority: band.default(0),
  maxPriority: band.default(100),
  sourceKinds: policySchema.shape.sourceKinds.default(null),
  clock: slaClockSchema.default("business"),
});

const presetNames = ["working-day", "working-day-urgent", "round-the-clock"] as const;

/** How long answering may take: the first policy that fits a case, else the ordinary or the urgent hours. */
export const slaSchema = z.strictObject({
  preset: z.enum(presetNames).nullable().describe("what it was made from; see GET /v1/sla-presets"),
  hours: hours.describe("to answer an ordinary case"),
  urgentHours: hours.describe("to answer an urgent one"),
  urgentFrom: band.describe("priority without its time factors from which a case is urgent"),
  clock: slaClockSchema,
  policies: z
    .array(policySchema)
    .max(50)
    .describe("times to answer for some cases; the first that fits wins"),
  holidays: holidaysSchema,
});
export type Sla = z.output<typeof slaSchema>;
/** As it may be stored: what is usual may be absent. */
export type StoredSla = Partial<Sla> & Pick<Sla, "hours" | "urgentHours">;

/** A stored time to answer in full; it was checked when it was given. */
export const slaOf = (stored: StoredSla): Sla => ({
  preset: null,
  urgentFrom: 70,
  clock: "business",
  policies: [],
  holidays: [],
  ...stored,
});

/** Ready times to answer, by their names; what is given beside a preset wins over it. */
export const slaPresets = {
  "working-day": { hours: 9, urgentHours: 9, clock: "business" },
  "working-day-urgent": { hours: 9, urgentHours: 4, clock: "business" },
  "round-the-clock": { hours: 24, urgentHours: 4, clock: "always" },
} as const satisfies Record<(typeof presetNames)[number], Partial<Sla>>;

/** Business hours of a brand that has none and takes a preset which counts them. */
export const presetBusinessHours: BusinessHours = [{ days: [1, 2, 3, 4, 5], from: "09:00", to: "18:00" }];

/** How people give the time to answer: in full, or by a preset with what differs from it. */
export const slaInputSchema = slaSchema
  .extend({
    policies: z
      .array(policyInputSchema)
      .max(50)
      .describe(slaSchema.shape.policies.description ?? ""),
    holidays: holidaysInputSchema,
  })
  .partial()
  .transform((given, context): Sla => {
    const defined: Partial<Sla> = Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    );
    const { hours, urgentHours, ...rest } = { ...(given.preset ? slaPresets[given.preset] : {}), ...defined };
    if (hours !== undefined && urgentHours !== undefined) return slaOf({ ...rest, hours, urgentHours });
    context.issues.push({
      code: "custom",
      input: given,
      message: "expected hours and urgentHours, or a preset",
    });
    return z.NEVER;
  });

/** The time to answer a case of one priority and source kind. */
export interface Target {
  targetMs: number;
  clock: z.infer<typeof slaClockSchema>;
}

const hourMs = 3_600_000;

/** `priority` is the one without its time factors: else waiting would make a case urgent and shorten its time. */
export function targetOf(sla: Sla, priority: number, sourceKind: string): Target {
  const policy = sla.policies.find(
    ({ minPriority, maxPriority, sourceKinds }) =>
      minPriority <= priority &&
      priority <= maxPriority &&
      (sourceKinds === null || sourceKinds.includes(sourceKind)),
  );
  if (policy) return { targetMs: Math.round(policy.hours * hourMs), clock: policy.clock };
  const allowed = priority >= sla.urgentFrom ? sla.urgentHours : sla.hours;
  return { targetMs: Math.round(allowed * hourMs), clock: sla.clock };
}
