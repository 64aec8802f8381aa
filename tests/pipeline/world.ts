import type { Deps } from "#pipeline/deps.ts";
import { scoreHere } from "#pipeline/score.ts";
import { createMatchers } from "#pipeline/watch.ts";
import { type Db, openDb } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { type FreshDatabase, freshDatabase } from "#tests/database.ts";
import { shippedScorer } from "#tests/scorer.ts";

/** A migrated database with the program's own tools around it and a clock that only the test moves. */
export interface World {
  deps: Deps;
  db: Db;
  database: FreshDatabase;
  /** What was asked of the queue. */
  asked: { collect: { sourceId: string; runId: string }[]; notify: number; publish: number };
  setNow(iso: string): void;
  makeBrand(
    columns?: Partial<{
      name: string;
      query: string;
      timezone: string;
      competitorOf: string;
      officialAccounts: object[];
    }>,
  ): Promise<string>;
  makeSource(
    brandIds: readonly string[],
    columns?: Partial<{ kind: string; settings: object; actFrom: string; title: string }>,
  ): Promise<string>;
  close(): Promise<void>;
}

/** An id without a digit: a name with one may look like somebody's phone to the checks of answers. */
const wordOf = (id: string): string => id.replace(/\d/g, digit => "ghijklmnop"[Number(digit)] as string);

export async function openWorld(startIso = "2026-11-20T12:00:00Z"): Promise<World> {
  const database = await freshDatabase();
  const db = openDb({
    url: database.appUrl,
    maxConnections: 10,
    statementTimeoutMs: 30_000,
    applicationName: "test",
    onLostConnection: () => {},
  });
  let now = new Date(startIso);
  const asked: World["asked"] = { collect: [], notify: 0, publish: 0 };
  const deps: Deps = {
    db,
    clock: () => now,
    random: () => 0.5,
    scorer: shippedScorer(),
    scoreAll: inputs => scoreHere(deps.scorer)(inputs),
    matchers: createMatchers(),
    secrets: { seal: text => Buffer.from(text), open: sealed => sealed.toString() },
    log: { info() {}, warn() {}, error() {} },
    enqueue: {
      collect: async job => asked.collect.push(job) > 0,
      notify: async () => void asked.notify++,
      publish: async () => void asked.publish++,
    },
  };
  return {
    deps,
    db,
    database,
    asked,
    setNow: iso => {
      now = new Date(iso);
    },
    makeBrand: async (columns = {}) => {
      const id = newId();
      await db
        .insertInto("brand")
        .values({
          id,
          name: columns.name ?? `Brand ${wordOf(id)}`,
          query: columns.query ?? "Волна",
          competitor_of: columns.competitorOf ?? null,
          official_accounts: JSON.stringify(columns.officialAccounts ?? []),
          timezone: columns.timezone ?? "Europe/Moscow",
          language: "ru",
          business_hours: null,
          sla: JSON.stringify({ hours: 24, urgentHours: 4 }),
          created_at: now,
          updated_at: now,
        })
        .execute();
      return id;
    },
    makeSource: async (brandIds, columns = {}) => {
      const id = newId();
      await db
        .insertInto("source")
        .values({
          id,
          kind: columns.kind ?? "push",
          title: columns.title ?? "source",
          settings: JSON.stringify(columns.settings ?? { match: "query" }),
          schedule: JSON.stringify({ every: "15m" }),
          enabled: true,
          hosts: [],
          act_from: new Date(columns.actFrom ?? "2026-01-01T00:00:00Z"),
          created_at: now,
          updated_at: now,
        })
        .execute();
      await db
        .insertInto("source_brand")
        .values(brandIds.map(brand_id => ({ source_id: id, brand_id })))
        .execute();
      return id;
    },
    close: async () => {
      await db.destroy();
      await database.drop();
    },
  };
}
