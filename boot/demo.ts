import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Env } from "#config/env.ts";
import { demoBrand, demoCompetitor, demoRule, demoSources } from "#demo/brand.ts";
import { type DemoWeb, startDemoWeb } from "#demo/web.ts";

interface Kept {
  /** The first start of this folder: what the pages say is dated from it. */
  epoch: string;
  /** Addresses of documents carry the port, so it stays the same. */
  port: number;
}

/** Serves the demo's pages, dated and addressed as at the first start of this data folder. */
export async function openDemoWeb(env: Env): Promise<DemoWeb> {
  mkdirSync(env.MOLVA_DATA_DIR, { recursive: true });
  const path = join(env.MOLVA_DATA_DIR, "demo.json");
  const kept = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Kept) : null;
  const epoch = kept === null ? new Date() : new Date(kept.epoch);
  const web = await startDemoWeb({ now: () => new Date(), epoch, port: kept?.port ?? 0 });
  const now: Kept = { epoch: epoch.toISOString(), port: Number(new URL(web.baseUrl).port) };
  writeFileSync(path, JSON.stringify(now));
  return web;
}

interface Made {
  id: string;
  name: string;
}

/** Makes the demo's brand, sources and rule through the API, once for a data folder. Returns the brand's id. */
export async function makeDemoBrand(apiUrl: string, key: string, baseUrl: string): Promise<string> {
  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const reply = await fetch(`${apiUrl}${path}`, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!reply.ok) throw new Error(`demo: ${method} ${path} answered ${reply.status}: ${await reply.text()}`);
    return (await reply.json()) as T;
  };
  const { items } = await call<{ items: Made[] }>("GET", "/v1/brands");
  const existing = items.find(brand => brand.name === demoBrand.name);
  if (existing) return existing.id;
  const brand = await call<Made>("POST", "/v1/brands", demoBrand);
  const competitor = await call<Made>("POST", "/v1/brands", demoCompetitor(brand.id));
  await call("POST", "/v1/alert-rules", demoRule(brand.id, []));
  for (const source of demoSources(baseUrl, brand.id, competitor.id))
    await call("POST", "/v1/sources", source);
  return brand.id;
}
