import { Cron } from "croner";
import type { z } from "zod";
import { readAs } from "#domain/complaint.ts";
import { durationMs } from "#domain/duration.ts";
import { InputError } from "#domain/errors.ts";
import type { AnySourceKind } from "#sources/define.ts";
import type { Schedule } from "#store/tables.ts";

const leastEveryMs = 1_000;
const mostEveryMs = 366 * 86_400_000;

/** Settings or credentials read by the kind's own schema; an InputError names every wrong field by its path. */
export const readByKind = (schema: z.ZodType, value: unknown, name: "settings" | "credentials"): unknown =>
  readAs(schema, value, { name, advice: "GET /v1/source-kinds has the schema" });

/** The kind's credentials, checked; null for kinds that take none. */
export function readCredentials(kind: AnySourceKind, given: unknown): unknown {
  if (kind.credentials !== undefined) return readByKind(kind.credentials, given, "credentials");
  if (given === undefined || given === null) return null;
  throw new InputError(`${kind.id} takes no credentials; leave the field out`, "credentials");
}

/** Refuses a schedule that cannot be: a wrong duration or cron expression, an unknown zone, or no run ever. */
export function checkSchedule(schedule: Schedule, now: Date): void {
  if ("every" in schedule) checkEvery(schedule.every);
  else checkCron(schedule, now);
}

function checkEvery(every: string): void {
  const everyMs = readDuration(every);
  if (everyMs < leastEveryMs || everyMs > mostEveryMs)
    throw new InputError(`schedule.every is "${every}"; expected from 1s to 366d`, "schedule.every");
}

function readDuration(text: string): number {
  try {
    return durationMs(text);
  } catch (error) {
    throw new InputError(`schedule.every: ${(error as Error).message}`, "schedule.every");
  }
}

function checkCron({ cron, timezone }: { cron: string; timezone: string }, now: Date): void {
  if (nextOf(cron, timezone, now) === null)
    throw new InputError(
      `schedule.cron is "${cron}", which never comes; expected a time to come`,
      "schedule.cron",
    );
}

/** When a source of this schedule is due next, counted from now. */
export const dueNext = (schedule: Schedule, now: Date): Date | null =>
  "every" in schedule
    ? new Date(now.getTime() + durationMs(schedule.every))
    : nextOf(schedule.cron, schedule.timezone, now);

function nextOf(cron: string, timezone: string, now: Date): Date | null {
  try {
    return new Cron(cron, { timezone }).nextRun(now);
  } catch (error) {
    const expected = 'expected minute, hour, day, month and weekday, such as "0 */2 * * *"';
    throw new InputError(
      `schedule.cron is "${cron}" (${(error as Error).message}); ${expected}`,
      "schedule.cron",
    );
  }
}

/**
 * Asks the egress guard about every address in the settings and about the hosts that the kind will ask; an
 * InputError names the field.
 */
export function checkAddresses(
  kind: AnySourceKind,
  settings: unknown,
  checkAddress: (url: string) => void,
): void {
  const given = addressesIn(settings, "settings");
  const named = new Set(given.map(({ url }) => new URL(url).hostname));
  const others = hostsOf(kind, settings)
    .filter(host => !named.has(host))
    .map(host => ({ url: `https://${host}/`, path: "settings" }));
  for (const { url, path } of [...given, ...others]) {
    try {
      checkAddress(url);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(`${path}: ${error.message}`, path);
    }
  }
}

/** Names of the hosts that a source of this kind asks. */
export const hostsOf = (kind: AnySourceKind, settings: unknown): string[] => [
  ...new Set(kind.hosts(settings as never)),
];

function addressesIn(value: unknown, path: string): { url: string; path: string }[] {
  if (typeof value === "string")
    return /^https?:\/\//i.test(value) && URL.canParse(value) ? [{ url: value, path }] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => addressesIn(inner, `${path}.${name}`));
}
