import { afterAll, beforeAll, expect, test } from "vitest";
import { createMetrics } from "#boot/metrics.ts";
import { openWorld, type World } from "#tests/pipeline/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const idle = { waiting: 2, active: 1, delayed: 0, failed: 0, oldestWaitingMs: 1_500 };
const queue = { counts: async () => ({ tick: idle, collect: idle, notify: idle, publish: idle }) };

test("the database and the queue are counted, at most once in five seconds", async () => {
  const brandId = await world.makeBrand({ name: "Секретный бренд" });
  await world.makeSource([brandId]);
  const metrics = createMetrics({ deps: world.deps, queue: queue as never });
  const text = await metrics.text();
  expect(text).toContain('molva_sources{kind="push",health="new"} 1\n');
  expect(text).toContain("molva_case_most_overdue_seconds 0\n");
  expect(text).toContain('molva_queue_jobs{job="collect",state="waiting"} 2\n');
  expect(text).toContain('molva_queue_oldest_waiting_seconds{job="notify"} 1.5\n');
  expect(text).toMatch(/^molva_process_nodejs_eventloop_lag_seconds /m);
  expect(text).not.toContain("Секретный");
  await world.makeSource([brandId]);
  expect(await metrics.text()).toBe(text);
  world.setNow("2026-11-20T12:00:05Z");
  expect(await metrics.text()).toContain('molva_sources{kind="push",health="new"} 2\n');
});

test("what cannot be read is left out and the rest is told", async () => {
  const broken = { counts: async () => Promise.reject(new Error("down")) };
  const text = await createMetrics({ deps: world.deps, queue: broken as never }).text();
  expect(text).not.toMatch(/^molva_queue_jobs\{/m);
  expect(text).toContain('molva_sources{kind="push",health="new"} 2\n');
});
