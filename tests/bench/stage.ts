import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { type Embedded, startEmbedded } from "#boot/embedded/postgres.ts";
import type { IngestTools } from "#pipeline/ingest/judge-page.ts";
import { scoreHere } from "#pipeline/score.ts";
import { createMatchers } from "#pipeline/watch.ts";
import { migrateQueue } from "#queue/migrate.ts";
import { type Db, openDb } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { migrate } from "#store/migrate.ts";
import { shippedScorer } from "#tests/scorer.ts";

/** One line of the report. `target` null: measured for comparison only. */
export interface Figure {
  name: string;
  unit: string;
  result: number;
  target: number | null;
  /** Whether more is better. */
  more: boolean;
  note?: string;
}

/** A migrated embedded database with the settings that `npm start` uses, fsync on, in a temporary folder. */
export interface Stage {
  server: Embedded;
  db: Db;
  tools: IngestTools;
  close(): Promise<void>;
}

/** What a bench works with on a server that runs already. */
export function onServer(url: string, maxConnections = 12, niceness?: number): Pick<Stage, "db" | "tools"> {
  const db = openDb({
    url,
    maxConnections,
    ...(niceness === undefined ? {} : { niceness }),
    statementTimeoutMs: 600_000,
    applicationName: "bench",
    onLostConnection: () => {},
  });
  const scorer = shippedScorer();
  return { db, tools: { scorer, scoreAll: scoreHere(scorer), matchers: createMatchers() } };
}

export async function openStage(maxConnections = 12): Promise<Stage> {
  const dir = mkdtempSync(join(tmpdir(), "molva-bench-"));
  chmodSync(dir, 0o755);
  const server = await startEmbedded({ dataDir: dir, log: () => {} });
  await migrate(server);
  await migrateQueue(server);
  const { db, tools } = onServer(server.appUrl, maxConnections);
  return {
    server,
    db,
    tools,
    close: async () => {
      await db.destroy();
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const since = new Date("2020-01-01T00:00:00Z");

export async function makeBrand(db: Db, query: string): Promise<string> {
  const id = newId();
  await db
    .insertInto("brand")
    .values({
      id,
      name: `${query} ${id}`,
      query,
      official_accounts: "[]",
      timezone: "Europe/Moscow",
      language: "ru",
      sla: JSON.stringify({ hours: 24, urgentHours: 4 }),
      created_at: since,
      updated_at: since,
    })
    .execute();
  return id;
}

export async function makeSource(db: Db, brandId: string, kind: string, settings: object): Promise<string> {
  const id = newId();
  await db
    .insertInto("source")
    .values({
      id,
      kind,
      title: kind,
      settings: JSON.stringify(settings),
      schedule: JSON.stringify({ every: "15m" }),
      enabled: true,
      hosts: [],
      act_from: since,
      created_at: since,
      updated_at: since,
    })
    .execute();
  await db.insertInto("source_brand").values({ source_id: id, brand_id: brandId }).execute();
  return id;
}

/** A rule without bounds on a channel that gathers. */
export async function makeRule(db: Db, brandId: string): Promise<void> {
  const channelId = newId();
  const times = { created_at: since, updated_at: since };
  await db
    .insertInto("alert_channel")
    .values({
      id: channelId,
      kind: "slack",
      name: "bench",
      settings: "{}",
      secrets: Buffer.from("-"),
      ...times,
    })
    .execute();
  await db
    .insertInto("alert_rule")
    .values({
      id: newId(),
      brand_id: brandId,
      kind: "negative-mention",
      name: "negative",
      settings: "{}",
      channel_ids: [channelId],
      enabled: true,
      ...times,
    })
    .execute();
}

/** The value below which a share of the samples lies. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5);

/** Load of the machine over the last minute, beside a figure that it spoils. */
export const load = (): string => `load ${(loadavg()[0] as number).toFixed(1)}`;
