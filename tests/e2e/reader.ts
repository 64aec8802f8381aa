import { onTestFinished } from "vitest";
import { buildApp } from "#api/app.ts";
import { createNet } from "#net/client.ts";
import { collect } from "#pipeline/collect.ts";
import { createParsePool } from "#pipeline/parse-pool.ts";
import { openApi } from "#tests/api/app.ts";
import { clientOf, type List } from "./client.ts";
import { type Serve, startFileSite } from "./files.ts";

/** A source as `POST /v1/sources` takes it, without its brands. */
interface SourceBody {
  kind: string;
  settings: object;
  credentials?: object;
}

interface Mention {
  externalId: string;
  kind: string;
  publishedAt: string | null;
}

interface Run {
  outcome: string | null;
  error: string | null;
}

interface Reading {
  run: Run;
  /** All mentions that the API lists. */
  mentions: Mention[];
}

export interface Reader {
  url: string;
  /** Makes a source, runs it once and reads back what the API has. */
  read(source: SourceBody): Promise<Reading>;
}

/** What fetches and parses; made once for many readers, because threads take a second to start. */
export interface Hands {
  net: ReturnType<typeof createNet>;
  parsePool: ReturnType<typeof createParsePool>;
  close(): Promise<void>;
}

export function openHands(): Hands {
  const net = createNet({ allow: ["127.0.0.1"], userAgent: "Molva/0.1", contact: "https://molva.example" });
  const parsePool = createParsePool();
  return {
    net,
    parsePool,
    close: async () => {
      await parsePool.close();
      await net.close();
    },
  };
}

/** The real way of a text over a site of recorded replies: source by API, fetched, parsed, stored, listed by API. */
export async function openReader({ net, parsePool }: Hands, serve: Serve): Promise<Reader> {
  const site = await startFileSite(serve);
  const api = await openApi("2026-11-20T12:00:00Z");
  const app = await buildApp({ ...api.deps, checkAddress: () => {} });
  onTestFinished(async () => {
    await app.close();
    await api.close();
    await site.stop();
  });
  const client = clientOf(await app.listen({ host: "127.0.0.1", port: 0 }), api.keys.admin);
  const { id: brandId } = await client.post<{ id: string }>("/v1/brands", {
    name: "Everything",
    query: "source:recorded",
    timezone: "Europe/Moscow",
  });
  // Each look at this clock is two seconds later: quotas of a kind are kept without being sat out.
  const startMs = Date.parse("2026-11-20T12:00:00Z");
  let looks = 0;
  const clock = () => new Date(startMs + 2_000 * ++looks);

  return {
    url: site.url,
    read: async source => {
      const body = { ...source, title: "recorded", brandIds: [brandId], enabled: true };
      const { id: sourceId } = await client.post<{ id: string }>("/v1/sources", body);
      const { runId } = await client.post<{ runId: string }>(`/v1/sources/${sourceId}/run`);
      await collect(
        { ...api.deps, clock, net, parsePool },
        { sourceId, runId, attempt: 1, final: true, signal: AbortSignal.timeout(60_000) },
      );
      const { items } = await client.get<List<Run>>(`/v1/runs?sourceId=${sourceId}`);
      return { run: items[0] as Run, mentions: await client.all<Mention>("/v1/mentions?limit=500") };
    },
  };
}
