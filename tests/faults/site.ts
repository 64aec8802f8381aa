import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { channelPage, feedPage, reviewPage } from "./pages.ts";
import { edit, type Place, places, type Written, write } from "./texts.ts";

/** A site of three places that grows and whose authors think again; what it ever showed, it still shows. */
export interface Site {
  url: string;
  texts: Readonly<Record<Place, readonly Written[]>>;
  /** Edited texts of the feed, in order: with the count of texts they make its ETag. */
  feedEdits: readonly Written[];
  grow(place: Place, count: number): void;
  edit(written: Written): void;
  stop(): Promise<void>;
}

const stepMs = 20 * 60_000;

/** Serves the site on loopback; its first text is a month old at `startedAt`. */
export async function startSite(startedAt: Date): Promise<Site> {
  const texts: Record<Place, Written[]> = { feed: [], reviews: [], channel: [] };
  const feedEdits: Written[] = [];
  const beganAt = Math.floor(startedAt.getTime() / 1000) * 1000 - 30 * 86_400_000;
  let events = 0;
  const nextAt = (): Date => new Date(beganAt + stepMs * ++events);
  const etag = () => `"${texts.feed.length}-${feedEdits.length}"`;

  const server = createServer((request, response) => answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const asked = new URL(request.url ?? "/", url);
    const page = Number(/^\/ru\/rss\/customerreviews\/page=(\d+)\//.exec(asked.pathname)?.[1] ?? 0);
    const before = asked.searchParams.get("before");
    if (asked.pathname === "/feed.xml") serveFeed(request, response);
    else if (page > 0)
      response.setHeader("content-type", "text/xml").end(reviewPage(texts.reviews, page, url));
    else if (asked.pathname.startsWith("/s/"))
      response
        .setHeader("content-type", "text/html; charset=utf-8")
        .end(channelPage(texts.channel, before === null ? null : Number(before), url));
    else response.writeHead(404).end();
  }

  function serveFeed(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader("etag", etag());
    if (request.headers["if-none-match"] === etag()) response.writeHead(304).end();
    else response.setHeader("content-type", "application/rss+xml").end(feedPage(texts.feed, url));
  }

  return {
    url,
    texts,
    feedEdits,
    grow: (place, count) => {
      for (let i = 0; i < count; i++) texts[place].push(write(place, texts[place].length + 1, nextAt()));
    },
    edit: written => {
      edit(written, nextAt());
      if (written.place === "feed") feedEdits.push(written);
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close").catch(() => {});
    },
  };
}

/** Everything the site shows. */
export const allTexts = (site: Site): Written[] => places.flatMap(place => [...site.texts[place]]);
