import { randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, isIP, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Resolve } from "./connect.ts";
import { type AllowList, mayAsk, mayConnect } from "./egress.ts";

/** A way out for a browser, on loopback: who does not know the password is turned away. */
export interface BrowserProxy {
  /** `http://127.0.0.1:port` */
  url: string;
  username: string;
  password: string;
  close(): Promise<void>;
}

export interface ProxyOptions {
  allow: AllowList;
  resolve: Resolve;
  /** Opens the socket to an address that the guard has let pass. */
  dial?: (address: string, port: number) => Socket;
}

const username = "molva";
const connectTimeoutMs = 10_000;
/** Connections of one page, and a little more. */
const mostConnections = 256;

/** The headers that speak to the proxy and not to the site. */
const ownHeaders = new Set(["proxy-authorization", "proxy-connection"]);

/**
 * Starts a proxy that resolves each name once, asks the egress guard about every address, and dials the very
 * address that passed: what the browser does by itself, redirects and second DNS answers included, passes here
 * or goes nowhere. A refusal is an empty 403, whatever the reason.
 */
export async function startBrowserProxy({
  allow,
  resolve,
  dial = dialNow,
}: ProxyOptions): Promise<BrowserProxy> {
  const password = randomBytes(24).toString("base64url");
  const isOurs = keyChecker(`Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`);
  const openTo = async (url: URL): Promise<Socket | null> => {
    const address = await passing(url, allow, resolve);
    if (address === null) return null;
    const socket = dial(address, Number(url.port || (url.protocol === "https:" ? 443 : 80)));
    socket.setTimeout(connectTimeoutMs, () => socket.destroy());
    await once(socket, "connect");
    socket.setTimeout(0);
    return socket;
  };
  const server = createServer((asked, answer) => {
    if (!isOurs(asked.headers["proxy-authorization"])) return challenge(answer);
    forward(asked, answer, openTo).catch(() => refuse(answer));
  });
  server.on("connect", (asked: IncomingMessage, client: Duplex, head: Buffer) => {
    client.on("error", () => client.destroy());
    if (!isOurs(asked.headers["proxy-authorization"])) client.end(challengeText);
    else tunnel(asked, client, head, openTo).catch(() => client.end(refusalText));
  });
  server.maxConnections = mostConnections;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, username, password, close: () => stop(server) };
}

const dialNow = (address: string, port: number): Socket => connect({ host: address, port });

/** The first address of a URL's host if the guard lets all of them pass, else null. */
async function passing(url: URL, allow: AllowList, resolve: Resolve): Promise<string | null> {
  if (!mayAsk(url, allow)) return null;
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  const addresses = isIP(host) === 0 ? await resolve(host) : [host];
  return addresses.every(address => mayConnect(address, host, port, allow)) ? (addresses[0] ?? null) : null;
}

type OpenTo = (url: URL) => Promise<Socket | null>;

async function forward(asked: IncomingMessage, answer: ServerResponse, openTo: OpenTo): Promise<void> {
  const url = URL.parse(asked.url ?? "");
  const socket = url?.protocol === "http:" ? await openTo(url) : null;
  if (url === null || socket === null) return refuse(answer);
  const headers = Object.fromEntries(Object.entries(asked.headers).filter(([name]) => !ownHeaders.has(name)));
  const outgoing = request({
    createConnection: () => socket,
    method: asked.method ?? "GET",
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, host: url.host, connection: "close" },
  });
  outgoing.on("response", reply => {
    answer.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(answer);
  });
  outgoing.on("error", () => (answer.headersSent ? answer.destroy() : refuse(answer)));
  answer.on("close", () => outgoing.destroy());
  asked.pipe(outgoing);
}

/** TLS and web sockets: bytes in both directions, to an address that passed. */
async function tunnel(asked: IncomingMessage, client: Duplex, head: Buffer, openTo: OpenTo): Promise<void> {
  const url = URL.parse(`https://${asked.url}`);
  const socket = url === null ? null : await openTo(url);
  if (socket === null) return void client.end(refusalText);
  socket.on("error", () => client.destroy());
  client.on("close", () => socket.destroy());
  client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
  socket.write(head);
  socket.pipe(client).pipe(socket);
}

const refusalText = "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
const challengeText =
  'HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm="molva"\r\ncontent-length: 0\r\n\r\n';

const refuse = (answer: ServerResponse): void => void answer.writeHead(403, { "content-length": 0 }).end();
const challenge = (answer: ServerResponse): void =>
  void answer.writeHead(407, { "proxy-authenticate": 'Basic realm="molva"', "content-length": 0 }).end();

function keyChecker(expected: string): (given: string | undefined) => boolean {
  const wanted = Buffer.from(expected);
  return given => {
    const bytes = Buffer.from(given ?? "");
    return bytes.length === wanted.length && timingSafeEqual(bytes, wanted);
  };
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise(resolve => {
    server.close(() => resolve());
  });
}
