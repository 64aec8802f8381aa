import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, openClient, startProgram } from "./program.ts";
import { type Figure, load } from "./stage.ts";

const rounds = 40;
const patienceMs = 30_000;

interface Site {
  url: string;
  /** When the last answer of the feed had left, and when each complaint came back as an alert. */
  readMs: number;
  toldMs: number[];
  complaints: number;
  close(): void;
}

/** A feed whose newest entry is a complaint, and the place that alerts are sent to. */
async function openSite(): Promise<Site> {
  const server: Server = createServer((request, response) => {
    request.resume();
    if (request.method === "POST") {
      site.toldMs.push(performance.now());
      response.writeHead(204).end();
    } else if (request.url === "/feed.xml") {
      response.writeHead(200, { "content-type": "application/rss+xml" });
      response.end(feedOf(site.complaints), () => {
        site.readMs = performance.now();
      });
    } else response.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1");
  await new Promise(resolve => server.once("listening", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const site: Site = { url, readMs: 0, toldMs: [], complaints: 0, close: () => server.close() };
  return site;
}

const feedOf = (count: number): string => {
  const items = Array.from(
    { length: count },
    (_, n) => `<item><guid isPermaLink="false">c-${n}</guid><title>Жалоба ${n}</title>
      <description>Ужасная Волна, хамят и обманывают, деньги не вернули, заказ ${n}. Никому не рекомендую!</description>
      <pubDate>${new Date().toUTCString()}</pubDate></item>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Жалобы</title>${items.join("")}</channel></rss>`;
};

/** From the answer of a source being there to the alert at the webhook: the whole program on its embedded defaults. */
export async function benchAlert(): Promise<Figure[]> {
  const dir = mkdtempSync(join(tmpdir(), "molva-bench-"));
  chmodSync(dir, 0o755);
  const site = await openSite();
  const program = await startProgram("start", { MOLVA_DATA_DIR: dir, MOLVA_EGRESS_ALLOW: "127.0.0.1" });
  const client = openClient(program.url, 1);
  try {
    const sourceId = await setUp(client, site.url);
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) times.push(await oneRound(client, site, sourceId));
    const p95 = times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] as number;
    const name = "time to alert: a source's answer read to the webhook received, p95";
    return [{ name, unit: "s", result: p95 / 1000, target: 2, more: false, note: load() }];
  } finally {
    client.close();
    await program.stop();
    site.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function setUp(client: Client, url: string): Promise<string> {
  const make = async (path: string, body: object): Promise<string> => {
    const { status, text } = await client.ask("POST", path, body);
    if (status !== 201) throw new Error(`${path}: ${status} ${text}`);
    return JSON.parse(text).id;
  };
  const brandId = await make("/v1/brands", { name: "Волна", query: "Волна" });
  const channelId = await make("/v1/alert-channels", {
    kind: "webhook",
    name: "bench",
    settings: { url: `${url}/hook` },
  });
  await make("/v1/alert-rules", {
    brandId,
    kind: "negative-mention",
    name: "bench",
    channelIds: [channelId],
  });
  return make("/v1/sources", {
    kind: "rss-feed",
    title: "bench",
    brandIds: [brandId],
    settings: { url: `${url}/feed.xml` },
    schedule: { every: "1d" },
  });
}

/** One more complaint in the feed, and the time that it takes from being read to being told, in ms. */
async function oneRound(client: Client, site: Site, sourceId: string): Promise<number> {
  const before = site.toldMs.length;
  site.complaints++;
  const started = performance.now();
  let asked = false;
  while (site.toldMs.length === before) {
    if (performance.now() - started > patienceMs) throw new Error("no alert came");
    if (!asked) asked = (await client.ask("POST", `/v1/sources/${sourceId}/run`, {})).status === 202;
    await sleep(asked ? 5 : 50);
  }
  return (site.toldMs[before] as number) - site.readMs;
}
