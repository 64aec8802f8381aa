import { mkdirSync } from "node:fs";
import type { Env } from "#config/env.ts";
import { demoBrand, demoCompetitor, demoRule, demoSources } from "#demo/brand.ts";
import { type DemoWeb, startDemoWeb } from "#demo/web.ts";
import { MolvaError } from "#domain/errors.ts";
import { readKept, writeKept } from "./demo-kept.ts";

/** Serves the demo's pages, dated and addressed as at the first start of this data folder. */
export async function openDemoWeb(env: Env): Promise<DemoWeb> {
  mkdirSync(env.MOLVA_DATA_DIR, { recursive: true });
  const kept = readKept(env);
  const epoch = kept === null ? new Date() : new Date(kept.epoch);
  const port = kept?.port ?? 0;
  const web = await startDemoWeb({ now: () => new Date(), epoch, port }).catch(error => {
    throw error.code === "EADDRINUSE" ? folderInUse(env.MOLVA_DATA_DIR, port) : error;
  });
  writeKept(env, { ...kept, epoch: epoch.toISOString(), port: Number(new URL(web.baseUrl).port) });
  return web;
}

const folderInUse = (dataDir: string, port: number): MolvaError =>
  new MolvaError(
    "data-folder-in-use",
    `the data folder ${dataDir} is in use: its demo pages belong on port ${port}, where a program listens already; stop that one, or set MOLVA_DATA_DIR to another folder`,
    { retry: "never" },
  );

interface Made {
  id: string;
  name?: string;
  title?: string;
}

/** Makes what the demo's brand lacks, through the API; a start that was cut short is completed by the next. Returns the brand's id. */
export async function makeDemoBrand(apiUrl: string, key: string, webUrl: string): Promise<string> {
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
  const ensure = async (path: string, wanted: { name?: string; title?: string }): Promise<string> => {
    const { items } = await call<{ items: Made[] }>("GET", `${path}?limit=500`);
    const found = items.find(item => (wanted.name ? item.name === wanted.name : item.title === wanted.title));
    return (found ?? (await call<Made>("POST", path, wanted))).id;
  };
  const brandId = await ensure("/v1/brands", demoBrand);
  const competitorId = await ensure("/v1/brands", demoCompetitor(brandId));
  await ensure("/v1/alert-rules", demoRule(brandId, []));
  for (const source of demoSources(webUrl, brandId, competitorId)) await ensure("/v1/sources", source);
  return brandId;
}
