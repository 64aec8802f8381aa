import { monitorEventLoopDelay } from "node:perf_hooks";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createNet, type Net, type NetReply } from "#net/client.ts";
import { createParsePool, type ParsePool } from "#pipeline/parse-pool.ts";
import { describeShared, readShared, readSharedJson } from "#tests/shared.ts";
import { startListener, startSite } from "./listener.ts";

type Manifest = Record<string, { contentEncoding?: string; note?: string }>;

/** How each bomb ends: too large or too deep to read on, or broken on the way. */
const endings: Record<string, "too-much" | "transport-broken-reply"> = {
  "100MiB-spaces.gz": "too-much",
  "100MiB-spaces.br": "too-much",
  "100MiB-spaces.deflate": "too-much",
  "256MiB-double.gz.gz": "too-much",
  "chain-100-gzip.bin": "too-much",
  "nested-100k-div.html.gz": "too-much",
  "one-500k-attrs.html.gz": "too-much",
  "unclosed-comment-20MiB.html.gz": "too-much",
  "xml-billion-laughs.xml": "too-much",
  "xml-quadratic.xml": "too-much",
  "xml-external-entity.xml": "too-much",
  "xml-parameter-entity.xml": "too-much",
  "xml-utf16-doctype.xml": "too-much",
  "xml-deep-100k.xml.gz": "too-much",
  "json-deep-100k.json": "too-much",
  "truncated.gz": "transport-broken-reply",
  "wrong-coding.bin": "transport-broken-reply",
};

const longestStallMs = 50;
const longestMs = 5000;

describeShared("bombs", "suites/bombs/manifest.json", () => {
  const manifest = readSharedJson<Manifest>("suites/bombs/manifest.json");
  let net: Net;
  let pool: ParsePool;
  let site: Awaited<ReturnType<typeof startSite>>;
  let listener: Awaited<ReturnType<typeof startListener>>;

  beforeAll(async () => {
    listener = await startListener();
    const bodies = new Map(Object.keys(manifest).map(name => [`/${name}`, bodyOf(name, listener.port)]));
    site = await startSite((request, response) => {
      const name = request.url ?? "";
      const coding = manifest[name.slice(1)]?.contentEncoding;
      response.writeHead(200, coding === undefined ? {} : { "content-encoding": coding });
      response.end(bodies.get(name) ?? "<p>ordinary</p>");
    });
    const pace = { startMs: 0, minMs: 0, maxMs: 0, maxWaitMs: 1000 };
    net = createNet({
      allow: ["127.0.0.1"],
      userAgent: "Molva/0",
      contact: "https://molva.test/",
      paceOf: () => pace,
    });
    pool = createParsePool({ entry: new URL("../pipeline/sample-parse-thread.ts", import.meta.url) });
    await read("ordinary.html");
  });
  afterAll(async () => {
    await Promise.all([net.close(), pool.close(), site.stop(), listener.stop()]);
  });

  async function read(name: string): Promise<unknown> {
    const reply = await net.fetch({ url: `${site.url}/${name}` });
    return pool.parse(taskFrom(reply, name));
  }

  /** The outcome of one reading, how long it took and the longest time the main loop stood still. */
  async function measured(name: string): Promise<{ code: unknown; tookMs: number; stallMs: number }> {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const startedAt = performance.now();
    const failure = await read(name).then(
      () => ({ code: "read" }),
      (error: { code: unknown }) => error,
    );
    const tookMs = performance.now() - startedAt;
    await new Promise(resolve => setTimeout(resolve, 5));
    delay.disable();
    return { code: failure.code, tookMs, stallMs: delay.max / 1e6 };
  }

  it.each(Object.keys(manifest))("%s neither stops the main loop nor lasts", async name => {
    let best = await measured(name);
    expect(best.code).toBe(endings[name]);
    expect(best.tookMs).toBeLessThan(longestMs);
    // Another process may hold the processor for a while; what the bomb itself causes happens every time.
    for (let again = 0; again < 3 && best.stallMs > longestStallMs; again += 1) best = await measured(name);
    expect(best.stallMs).toBeLessThan(longestStallMs);
    expect(listener.seen.connections).toBe(0);
  });
});

function bodyOf(name: string, port: number): Buffer {
  const bytes = readShared(`suites/bombs/${name}`);
  return name.endsWith("-entity.xml")
    ? Buffer.from(bytes.toString().replaceAll("{PORT}", String(port)))
    : bytes;
}

function taskFrom(reply: NetReply, name: string): Parameters<ParsePool["parse"]>[0] {
  const kindId = /\.(html|xml|json)/.exec(name)?.[1] ?? "plain";
  const { body: bytes, headers, status, url } = reply;
  const ask = { settings: {}, cursor: null, progress: null, now: new Date(0), since: null };
  return { kindId, bytes, headers, status, url, request: { url }, ask };
}
