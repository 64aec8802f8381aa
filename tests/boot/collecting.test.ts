import { getPriority } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createLog } from "#boot/log.ts";
import { collectingNiceness, openRuntime, type Runtime } from "#boot/runtime.ts";
import { startWork, type Working } from "#boot/work.ts";
import { readEnv } from "#config/env.ts";
import { newId } from "#store/id.ts";

const lines: string[] = [];
let runtime: Runtime;
let working: Working;

beforeAll(async () => {
  runtime = await openRuntime({
    env: readEnv({ MOLVA_DATA_DIR: join(inject("runDir"), "collecting") }),
    log: createLog("warn", line => lines.push(line)),
    maxConnections: 4,
    collecting: 1,
    statementTimeoutMs: 5_000,
    name: "collecting",
  });
  working = await startWork(runtime, ["collector"]);
});
afterAll(async () => {
  await working.stop(5_000);
  await runtime.close();
});

/** How nice the server's processes are that work for our pools; each begins with the first statement of its own. */
async function niceness(): Promise<number[]> {
  const { rows } = await sql<{ pid: number }>`
    select pid from pg_stat_activity where application_name = 'molva-collecting'`.execute(runtime.deps.db);
  return rows.map(({ pid }) => getPriority(pid));
}

test("a run on the embedded server works through connections that give way to all others", async () => {
  expect(await niceness()).toEqual([0]);
  await runtime.deps.enqueue.collect({ sourceId: newId(), runId: newId() });
  await expect.poll(niceness, { timeout: 10_000 }).toContain(collectingNiceness);
  expect((await niceness()).toSorted((a, b) => a - b)).toEqual([0, collectingNiceness]);
  expect(lines).toEqual([]);
});
