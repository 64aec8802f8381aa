import { z } from "zod";
import { nextWallTime, wallMs, weekdayOf } from "#domain/wall-times.ts";
import { openZone, type Zone } from "#domain/zone.ts";

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as "09:00"');
const weekday = z.number().int().min(1).max(7);

const quietHours = z.strictObject({
  days: z.array(weekday).min(1).describe("ISO weekdays on which it begins, 1 is Monday"),
  from: time,
  to: time.describe("not after from: on the next day"),
});

const digestSchema = z.strictObject({
  every: z.enum(["daily", "weekly"]),
  at: time.optional().describe("09:00 when absent"),
  weekday: weekday.optional().describe("of a weekly digest; 1, Monday, when absent"),
});

const escalation = z.strictObject({
  afterMinutes: z.number().int().min(1).max(10_080).describe("since the step before"),
  channelIds: z.array(z.uuid()).min(1).max(20),
});

/**
 * When messages of a rule may leave, in the zone of its brand. It never decides whether the rule looks, and
 * what is held leaves later.
 */
export const ruleTimingSchema = z.strictObject({
  quietHours: z.array(quietHours).max(20).optional().describe("messages wait until these hours end"),
  digest: digestSchema.optional().describe("one message a day or week instead of one for each alert"),
  groupSeconds: z
    .number()
    .int()
    .min(0)
    .max(86_400)
    .optional()
    .describe("messages to one chat are at least so far apart; what fires meanwhile joins the next"),
  escalation: z
    .array(escalation)
    .max(5)
    .optional()
    .describe("who is told next, step by step, while nobody acknowledges"),
});
export type RuleTiming = z.infer<typeof ruleTimingSchema>;

export interface Hold {
  /** Nothing leaves before this instant. */
  until: Date;
  by: "quiet-hours" | "digest";
}

/** When messages of a rule may leave, and the zone of its brand. */
export interface TimedRule {
  timing: RuleTiming;
  timezone: string;
}

interface Leaving {
  now: Date;
  /** When the message began to gather its digest; null where it waits for none. */
  gatheredSince: Date | null;
}

/**
 * What holds a message of these rules back at `now`, and until when; null when it may leave. It leaves with the
 * first of them that lets it go, so that no rule's alert waits for another rule.
 */
export function holdOf(rules: readonly TimedRule[], leaving: Leaving): Hold | null {
  let first: Hold | null = null;
  for (const rule of rules) {
    const hold = holdOfRule(rule, leaving);
    if (hold === null) return null;
    if (first === null || hold.until < first.until) first = hold;
  }
  return first;
}

/** Each turn moves forward to the end of a window; a week that is quiet throughout has to end somewhere. */
const mostTurns = 16;

function holdOfRule({ timing, timezone }: TimedRule, { now, gatheredSince }: Leaving): Hold | null {
  const zone = openZone(timezone);
  const start = now.getTime();
  const digestEnd = gatheredSince === null ? start : digestAt(timing, zone, gatheredSince.getTime());
  let at = Math.max(start, digestEnd);
  let by: Hold["by"] | null = at > start ? "digest" : null;
  for (let turn = 0; turn < mostTurns; turn++) {
    const end = quietUntil(timing, zone, at);
    if (end <= at) break;
    [at, by] = [end, "quiet-hours"];
  }
  return by === null ? null : { until: new Date(at), by };
}

/** The first time of the digest after an instant. */
function digestAt({ digest }: RuleTiming, zone: Zone, from: number): number {
  if (digest === undefined) return from;
  const { every, at = "09:00", weekday = 1 } = digest;
  return nextWallTime({ every, weekday, at }, zone, from);
}

/** The end of the quiet hours that an instant lies in, else the instant. */
function quietUntil({ quietHours: windows = [] }: RuleTiming, zone: Zone, at: number): number {
  const today = zone.dayAt(at);
  let until = at;
  for (const { days, from, to } of windows) {
    for (const day of [today - 1, today]) {
      if (!days.includes(weekdayOf(day))) continue;
      const start = zone.instant(day, wallMs(from));
      const end = zone.instant(to > from ? day : day + 1, wallMs(to));
      if (start <= at && at < end) until = Math.max(until, end);
    }
  }
  return until;
}
