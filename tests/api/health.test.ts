import { afterAll, beforeAll, expect, test } from "vitest";
import { type Api, openApi } from "./app.ts";

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

test("a process is alive and ready without a key", async () => {
  expect((await api.call("GET", "/healthz", { key: null })).body).toEqual({ status: "ok" });
  expect((await api.call("GET", "/readyz", { key: null })).status).toBe(200);
});

test("readiness names what is not ready, and liveness stays", async () => {
  api.queue.ready = false;
  const queue = await api.call("GET", "/readyz", { key: null });
  expect(queue.status).toBe(503);
  expect(queue.headers["retry-after"]).toBe("5");
  expect(queue.body.errors).toEqual([{ path: "queue", message: "queue does not answer" }]);
  api.queue.ready = true;
  api.deps.draining = () => true;
  const stopping = await api.call("GET", "/readyz", { key: null });
  expect([stopping.status, stopping.body.errors[0].path]).toEqual([503, "process"]);
  expect((await api.call("GET", "/healthz", { key: null })).status).toBe(200);
  api.deps.draining = () => false;
  expect((await api.call("GET", "/readyz", { key: null })).status).toBe(200);
});

test("metrics come as text for Prometheus", async () => {
  const { headers, text } = await api.call("GET", "/metrics", { key: null });
  expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(text).toContain("\nmolva_up 1\n");
});

test("one address without a valid key gets 600 requests a minute, and keys of others are not touched by it", async () => {
  const limited = await openApi();
  const strange = (n: number) => `molva_abcdefgh_${String(n).padStart(43, "0")}`;
  await limited.call("GET", "/v1/brands");
  for (let n = 0; n < 599; n++) await limited.call("GET", "/v1/brands", { key: strange(n) });
  const over = await limited.call("GET", "/v1/brands", { key: strange(600) });
  expect(over.status).toBe(429);
  expect(over.headers["content-type"]).toBe("application/problem+json");
  expect(Number(over.headers["retry-after"])).toBeGreaterThan(0);
  const fine = await limited.call("GET", "/v1/brands");
  expect(fine.status).toBe(200);
  expect(Number(fine.headers["ratelimit-remaining"])).toBeGreaterThan(100_000);
  await limited.close();
});
