import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { feedPage } from "./pages.ts";
import { write } from "./texts.ts";

/** A feed whose answers wait for the test. */
export interface HeldFeed {
  url: string;
  /** When each request came (performance.now). */
  askedAtMs: number[];
  /** Answers what waits and all that comes. */
  release(): void;
  stop(): Promise<void>;
}

export async function startHeldFeed(): Promise<HeldFeed> {
  const askedAtMs: number[] = [];
  const waiting: ServerResponse[] = [];
  let isFree = false;
  const texts = [write("feed", 1, new Date("2026-10-01T12:00:00Z"))];
  const answer = (response: ServerResponse) => void response.end(feedPage(texts, "http://127.0.0.1"));
  const server = createServer((_request, response) => {
    askedAtMs.push(performance.now());
    if (isFree) answer(response);
    else waiting.push(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed.xml`,
    askedAtMs,
    release: () => {
      isFree = true;
      for (const response of waiting.splice(0)) answer(response);
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
