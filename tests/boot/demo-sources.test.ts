import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDemoWeb } from "#boot/demo.ts";
import { readKept, writeKept } from "#boot/demo-kept.ts";
import { resumeDemoSources, stopDemoSources } from "#boot/demo-sources.ts";
import { freePort } from "#boot/embedded/server.ts";
import { createLog } from "#boot/log.ts";
import { readEnv } from "#config/env.ts";
import { demoSources } from "#demo/brand.ts";
import { changeSource, createSource, switchSource } from "#pipeline/sources.ts";
import { inTransaction } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { insertRun } from "#store/run.ts";
import { openWorld, type World } from "#tests/pipeline/world.ts";

const dir = mkdtempSync(join(tmpdir(), "molva-demo-"));
const path = join(dir, "demo.json");
const env = readEnv({ MOLVA_DATA_DIR: dir });
const lines: string[] = [];
let kept: { epoch: string; port: number };
let world: World;
let deps: World["deps"];
let tools: Parameters<typeof createSource>[1];
let demoIds: string[];
let otherId: string;

beforeAll(async () => {
  world = await openWorld();
  // Of four digits, so that another port begins with it.
  let port = 4012;
  while ((await freePort(port)) !== port) port++;
  kept = { epoch: "2026-11-20T12:00:00.000Z", port };
  deps = { ...world.deps, log: createLog("warn", line => lines.push(line)) };
  const brandId = await world.makeBrand();
  tools = { secrets: deps.secrets, checkAddress: () => {}, maySee: () => true };
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
const all = () => [...demoIds, otherId].toSorted();
const allBut = (...ids: string[]) => all().filter(id => !ids.includes(id));
const change = (id: string, changes: Parameters<typeof changeSource>[3]) =>
  inTransaction(world.db, tx => changeSource(tx, tools, id, changes, deps.clock()));
let minute = 0;
const later = () => world.setNow(`2026-11-20T13:${String(++minute).padStart(2, "0")}:00Z`);

describe("sources of the demo", () => {
  it("are left alone in a folder where it never ran", async () => {
    await stopDemoSources(env, { deps });
    expect(await enabledIds()).toEqual(all());
    expect(readKept(env)).toBeNull();
  });

  it("are left alone while it runs, whoever else starts", async () => {
    writeKept(env, kept);
    const running = createServer().listen(kept.port, "127.0.0.1");
    await stopDemoSources(env, { deps });
    await new Promise(resolve => running.close(resolve));
    expect(await enabledIds()).toEqual(all());
    expect(readKept(env)).toEqual(kept);
    expect(lines).toEqual([]);
  });

  it("are switched off where its pages are not served, which is said once, and asked no more", async () => {
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
    const runs = await world.db.selectFrom("run").selectAll().where("source_id", "=", first).execute();
    expect(runs).toMatchObject([{ outcome: "partial" }]);
    const told = await world.db.selectFrom("change").select(["event", "subject_id"]).execute();
    expect(told).toEqual([{ event: "run.finished", subject_id: runs[0]?.id }]);
    const counted = await world.db.selectFrom("coverage_day").select(["run_count", "ok_count"]).execute();
    expect(counted).toEqual([{ run_count: 1, ok_count: 0 }]);
  });

  it("are switched on again with it, but for those that a person had switched off", async () => {
    const [, second] = demoIds as [string, string];
    await resumeDemoSources(env, { deps });
    expect(await enabledIds()).toEqual(allBut(second));
    expect(readKept(env)).toEqual(kept);
    expect(lines).toHaveLength(1);
    await change(second, { enabled: true });
  });

  it("stay as a person has left them since", async () => {
    const [aside, renamed, elsewhere] = demoIds as [string, string, string];
    const { settings } = await world.db
      .selectFrom("source")
      .select("settings")
      .where("id", "=", elsewhere)
      .executeTakeFirstOrThrow();
    await stopDemoSources(env, { deps });
    later();
    await change(aside, { enabled: true });
    await change(aside, { enabled: false });
    await change(renamed, { title: "Форум, архив" });
    await change(elsewhere, { settings: { ...(settings as object), url: "https://news.example/rss.xml" } });
    await resumeDemoSources(env, { deps });
    expect(await enabledIds()).toEqual(allBut(aside, renamed, elsewhere));
    expect(readKept(env)).toEqual(kept);
    await change(elsewhere, { settings });
    for (const id of [aside, renamed, elsewhere]) await change(id, { enabled: true });
  });

  it("of another database wait for it", async () => {
    await stopDemoSources(env, { deps });
    const foreign = { [newId()]: deps.clock().toISOString() };
    writeKept(env, { ...kept, stopped: { ...readKept(env)?.stopped, ...foreign } });
    await resumeDemoSources(env, { deps });
    expect(await enabledIds()).toEqual(all());
    expect(readKept(env)).toEqual({ ...kept, stopped: foreign });
  });

  it.each(["", "{", '{"port":"x"}'])("are left alone when the demo's file is broken: %j", async text => {
    writeFileSync(path, text);
    lines.length = 0;
    await stopDemoSources(env, { deps });
    expect(await enabledIds()).toEqual(all());
    expect(lines).toEqual([expect.stringContaining(path)]);
    await expect(openDemoWeb(env)).rejects.toThrow(
      `${path}, which says on which port and from which day on the demo serves its pages, cannot be read: put`,
    );
    expect(existsSync(`${path}.new`)).toBe(false);
  });
});
