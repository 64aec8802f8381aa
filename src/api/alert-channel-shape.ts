import { z } from "zod";
import { unheardChannels } from "#pipeline/bots.ts";
import { secretNames } from "#pipeline/channel-settings.ts";
import type { Db } from "#store/db.ts";
import type { ChannelRow } from "#store/delivery.ts";
import type { ApiDeps } from "./define.ts";
import { id, instant } from "./shape.ts";

/** Settings of a channel, whatever its kind. */
export const settings = z.record(z.string().max(100), z.unknown());

/** A channel and what ails it. */
export const channelSchema = z
  .object({
    id,
    kind: z.string(),
    name: z.string(),
    settings: settings.describe("without the secrets"),
    secretsSet: z
      .array(z.string())
      .describe("names of the secret settings that it has; the secrets are never shown"),
    fullText: z.boolean(),
    enabled: z.boolean(),
    brokenSince: instant
      .nullable()
      .describe("nothing is sent until new settings, enabled: true or a good test mends it"),
    brokenWhy: z.string().nullable(),
    failingSince: instant
      .nullable()
      .describe("since when attempts have failed in a row; null: the last was answered"),
    pausedUntil: instant
      .nullable()
      .describe(
        "after many failures in a row one message tries the channel at this time; what waits leaves when it answers",
      ),
    buttonsProblem: z
      .string()
      .nullable()
      .describe(
        "why pressed buttons of a Telegram bot are not heard now, and what to do; null: they are, there are none, or nobody listens yet",
      ),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "AlertChannel" });

/** The same with what was made for the caller. */
export const madeSchema = channelSchema
  .extend({ issued: z.record(z.string(), z.string()).describe("secrets made for you, shown this once") })
  .meta({ id: "NewAlertChannel" });

type Body = z.input<typeof channelSchema>;

/** Reads what is known of the buttons of these channels, and answers how each of them is shown. */
export async function channelBodies(
  { secrets }: ApiDeps,
  db: Db,
  rows: readonly ChannelRow[],
): Promise<(row: ChannelRow) => Body> {
  const unheard = await unheardChannels(db, secrets, rows);
  return row => ({
    id: row.id,
    kind: row.kind,
    name: row.name,
    settings: row.settings,
    secretsSet: secretNames(row, secrets),
    fullText: row.full_text,
    enabled: row.enabled,
    brokenSince: row.broken_since,
    brokenWhy: row.broken_why,
    failingSince: row.failing_since,
    pausedUntil: row.paused_until,
    buttonsProblem: unheard.get(row.id) ?? null,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  });
}

/** One channel as it is shown. */
export const channelBody = async (deps: ApiDeps, db: Db, row: ChannelRow): Promise<Body> =>
  (await channelBodies(deps, db, [row]))(row);
