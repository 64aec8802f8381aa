import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readKept, writeKept } from "#boot/demo.ts";
import { resumeDemoSources, stopDemoSources } from "#boot/demo-sources.ts";
import { createLog } from "#boot/log.ts";
import { readEnv } from "#config/env.ts";
import { demoSources } from "#demo/brand.ts";
import { createSource, switchSource } from "#pipeline/sources.ts";
import { inTransaction } from "#store/db.ts";
import { insertRun } from "#store/run.ts";
import { openWorld, type World } from "#tests/pipeline/world.ts";

const dir = mkdtempSync(join(tmpdir(), "molva-demo-"));
const env = readEnv({ MOLVA_DATA_DIR: dir });
const kept = { epoch: "2026-11-20T12:00:00.000Z", port: 4012 };
const lines: string[] = [];
let world: World;
let deps: World["deps"];
let demoIds: string[];
let otherId: string;

beforeAll(async () => {
  world = await openWorld();
  deps = { ...world.deps, log: createLog("warn", line => lines.push(line)) };
  const brandId = await world.makeBrand();
  const tools = { secrets: deps.secrets, checkAddress: () => {}, maySee: () => true };
  const make = (input: Parameters<typeof createSource>[2]) =>
    inTransaction(world.db, tx => createSource(tx, tools, input, deps.clock()));
  demoIds = [];
  for (const source of demoSources(`http://127.0.0.1:${kept.port}`, brandId, brandId))
    demoIds.push(await make({ ...source, brandIds: [brandId] }));
  const url = `http://127.0.0.1:${kept.port}0/rss.xml`;
  otherId = await make({ kind: "rss-feed", brandIds: [brandId], settings: { url } });
});
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await world.close();
});

const enabledIds = async () => {
  const rows = await world.db.selectFrom("source").selectAll().where("enabled", "=", true).execute();
  expect(rows.every(row => row.next_run_at !== null)).toBe(true);
  return rows.map(row => row.id).toSorted();
};

describe("sources of the demo", () => {
  it("are left alone in a folder where it never ran", async () => {
    await stopDemoSources(env, { deps });
    expect(await enabledIds()).toEqual([...demoIds, otherId].toSorted());
    expect(readKept(env)).toBeNull();
  });

  it("are switched off where its pages are not served, which is said once, and asked no more", async () => {
    writeKept(env, kept);
    const [first, second] = demoIds as [string, string];
    await inTransaction(world.db, async tx => {
      await switchSource(tx, second, false, deps.clock());
      await insertRun(tx, first, "schedule", deps.clock());
    });
    await stopDemoSources(env, { deps });
    await stopDemoSources(env, { deps });
    expect(await enabledIds()).toEqual([otherId]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("--demo");
    const runs = await world.db.selectFrom("run").select("outcome").where("source_id", "=", first).execute();
    expect(runs).toEqual([{ outcome: "partial" }]);
  });

  it("are switched on again with it, but for those that a person had switched off", async () => {
    const [, second] = demoIds as [string, string];
    await resumeDemoSources(env, { deps });
    expect(await enabledIds()).toEqual([...demoIds, otherId].filter(id => id !== second).toSorted());
    expect(readKept(env)).toEqual(kept);
    expect(lines).toHaveLength(1);
  });
});
