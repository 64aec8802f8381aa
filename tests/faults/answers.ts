import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

/** A message that a receiver read, and when by its clock. */
interface Got {
  row: string;
  path: string;
  headers: Record<string, string>;
  body: string;
  at: Date;
}

type Answer = (response: ServerResponse, request: IncomingMessage) => unknown;

const gigabyte = 1024 ** 3;
const piece = Buffer.alloc(1024 * 1024, "x");

/** Writes a gigabyte as fast as it is taken; answers how much was. */
async function flood(response: ServerResponse): Promise<number> {
  response.writeHead(200);
  let written = 0;
  const closed = once(response, "close");
  while (written < gigabyte && !response.destroyed) {
    written += piece.length;
    if (!response.write(piece)) await Promise.race([once(response, "drain"), closed]);
  }
  response.end();
  return written;
}

async function drip(response: ServerResponse): Promise<void> {
  response.writeHead(200);
  while (!response.destroyed) {
    response.write("x");
    await sleep(30);
  }
}

/** How receivers answer, by the row of the table. */
const answers = {
  "200": response => response.writeHead(200).end("thanks"),
  "204": response => response.writeHead(204).end(),
  "301": response => response.writeHead(301, { location: "/moved" }).end(),
  "400": response => response.writeHead(400).end("no"),
  "404": response => response.writeHead(404).end(),
  "410": response => response.writeHead(410).end(),
  "429": response => response.writeHead(429).end(),
  "429 with Retry-After": response => response.writeHead(429, { "retry-after": "600" }).end(),
  "500": response => response.writeHead(500).end(),
  hang: () => {},
  "slow drip": response => drip(response),
  "1 GB": response => flood(response),
} as const satisfies Record<string, Answer>;

export type Row = keyof typeof answers | "TLS expired";
export const rows = [...(Object.keys(answers) as (keyof typeof answers)[]), "TLS expired"] as const;

/** All receivers of the table on this machine. */
export interface Receivers {
  got: Got[];
  url: (row: Row) => string;
  /** Bytes of the gigabyte that were taken. */
  floodedBytes: number[];
  /** The certificate that has expired, to be trusted but for that. */
  expiredCertificate: string;
  close(): Promise<void>;
}

const file = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");

export async function startReceivers(clock: () => Date): Promise<Receivers> {
  const got: Got[] = [];
  const floodedBytes: number[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? "";
    const row = decodeURIComponent(path.slice(1));
    got.push({
      row,
      path,
      headers: request.headers as Record<string, string>,
      body: await text(request),
      at: clock(),
    });
    const taken = await (answers as Record<string, Answer>)[row]?.(response, request);
    if (typeof taken === "number") floodedBytes.push(taken);
  };
  const server = createServer(take);
  const expiredCertificate = file("expired.cert.pem");
  const tls = createTlsServer({ cert: expiredCertificate, key: file("expired.key.pem") }, take);
  tls.on("tlsClientError", () => {});
  for (const one of [server, tls]) {
    one.listen(0, "127.0.0.1");
    await once(one, "listening");
  }
  const portOf = (one: typeof server | typeof tls) => (one.address() as AddressInfo).port;
  return {
    got,
    floodedBytes,
    expiredCertificate,
    url: row =>
      row === "TLS expired"
        ? `https://127.0.0.1:${portOf(tls)}/${encodeURIComponent(row)}`
        : `http://127.0.0.1:${portOf(server)}/${encodeURIComponent(row)}`,
    close: async () => {
      for (const one of [server, tls]) {
        one.close();
        one.closeAllConnections();
      }
    },
  };
}
