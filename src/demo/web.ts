import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "./pages/markup.ts";
import { pageAt } from "./routes.ts";
import { type World, worldOf } from "./world.ts";

export interface DemoWeb {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  baseUrl: string;
  stop: () => Promise<void>;
}

interface Options {
  now: () => Date;
  /** The first start of this data folder: texts are dated from it, so a restart shows the same ones. Default: now. */
  epoch?: Date;
  /** Default: any free port. Addresses in documents carry it, so a caller that keeps data keeps the port too. */
  port?: number;
}

const host = "127.0.0.1";

/** Serves the demo's forum, news, channels and app reviews on loopback until `stop`. */
export async function startDemoWeb({ now, epoch = now(), port = 0 }: Options): Promise<DemoWeb> {
  const world = worldOf(epoch);
  let baseUrl = "";
  const server = createServer((request, response) =>
    answer(request, response, { world, baseUrl, now: now() }),
  );
  await listen(server, port);
  baseUrl = `http://${host}:${(server.address() as AddressInfo).port}`;
  return { baseUrl, stop: () => close(server) };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

interface Moment {
  world: World;
  baseUrl: string;
  now: Date;
}

function answer(request: IncomingMessage, response: ServerResponse, { world, baseUrl, now }: Moment): void {
  const { method = "GET", url: path = "/" } = request;
  if (method !== "GET" && method !== "HEAD") {
    response.writeHead(405, { allow: "GET, HEAD" }).end();
    return;
  }
  const page = URL.canParse(path, baseUrl) ? pageAt(world, new URL(path, baseUrl), baseUrl, now) : null;
  if (page === null) {
    response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("Not found\n");
    return;
  }
  sendPage(request, response, page);
}

function sendPage(request: IncomingMessage, response: ServerResponse, page: Page): void {
  const body = Buffer.from(page.body);
  const headers = {
    etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`,
    "cache-control": "no-cache",
    ...(page.changedAt && { "last-modified": page.changedAt.toUTCString() }),
  };
  if (isUnchanged(request, headers.etag, page.changedAt)) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, "content-type": page.type, "content-length": body.length });
  response.end(request.method === "HEAD" ? undefined : body);
}

/** RFC 9110, 13.2.2: If-None-Match decides where it is given; dates are only asked without it. */
function isUnchanged({ headers }: IncomingMessage, etag: string, changedAt: Date | null): boolean {
  const known = headers["if-none-match"];
  if (known !== undefined) {
    return known === "*" || known.split(",").some(tag => tag.trim().replace(/^W\//, "") === etag);
  }
  const since = Date.parse(headers["if-modified-since"] ?? "");
  return changedAt !== null && Math.floor(changedAt.getTime() / 1000) * 1000 <= since;
}
