import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { createNet, type Net } from "#net/client.ts";
import { startSite } from "./listener.ts";

const pace = { startMs: 0, minMs: 0, maxMs: 0, maxWaitMs: 500 };
const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function site(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const started = await startSite(answer);
  stops.push(started.stop);
  return started.url;
}

function client(options: Partial<Parameters<typeof createNet>[0]> = {}): Net {
  const net = createNet({
    allow: ["127.0.0.1"],
    userAgent: "Molva/1.0",
    contact: "https://molva.test/bot",
    paceOf: () => pace,
    ...options,
  });
  stops.push(net.close);
  return net;
}

const bodyText = (reply: { body: Uint8Array }): string => new TextDecoder().decode(reply.body);

describe("fetching", () => {
  it("says who asks and where the owner of a site can complain", async () => {
    const url = await site((request, response) => response.end(request.headers["user-agent"]));
    const reply = await client().fetch({ url, headers: { "User-Agent": "Mozilla/5.0" } });
    expect(bodyText(reply)).toBe("Molva/1.0 (+https://molva.test/bot)");
  });

  it.each([404, 403, 429, 500, 503])("hands a %i over as a reply", async status => {
    const url = await site((_request, response) =>
      response.writeHead(status, { "retry-after": "7" }).end("no"),
    );
    const reply = await client().fetch({ url });
    expect([reply.status, reply.retryAfterMs, bodyText(reply)]).toEqual([status, 7000, "no"]);
  });

  it("asks conditionally and keeps what a 304 brings", async () => {
    const url = await site((request, response) => {
      if (request.headers["if-none-match"] === '"v1"')
        response.writeHead(304, { etag: '"v1"', "x-seen": "again" }).end();
      else response.writeHead(200, { etag: '"v1"', "x-page": "one" }).end("page");
    });
    const net = client();
    const first = await net.fetch({ url });
    const second = await net.fetch({ url, stored: first.stored });
    expect([second.status, second.notModified, second.body.byteLength]).toEqual([304, true, 0]);
    expect(second.stored?.headers).toMatchObject({ etag: '"v1"', "x-page": "one", "x-seen": "again" });
  });

  it("refuses a 304 that nobody asked for", async () => {
    const url = await site((_request, response) => response.writeHead(304).end());
    await expect(client().fetch({ url })).rejects.toMatchObject({ code: "transport-broken-reply" });
  });
});

describe("what is said in public", () => {
  it("goes to one address and no further, in its host's turn", async () => {
    const asked: string[] = [];
    const url = await site((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    const leaving = async () => void asked.push("leaving");
    const request = { url: `${url}/answer`, method: "PATCH", body: "{}", follows: false, leaving } as const;
    expect((await client().fetch(request)).status).toBe(307);
    expect(asked).toEqual(["leaving", "PATCH /answer"]);
  });

  it("does not leave when it may not", async () => {
    let askedCount = 0;
    const url = await site((_request, response) => {
      askedCount++;
      response.end();
    });
    const leaving = () => Promise.reject(new Error("taken over"));
    await expect(client().fetch({ url, method: "POST", leaving })).rejects.toThrow("taken over");
    expect(askedCount).toBe(0);
  });
});

describe("redirects", () => {
  it("are followed five times, the sixth is refused", async () => {
    const url = await site((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end("there");
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    });
    const reply = await client().fetch({ url: `${url}/5` });
    expect([bodyText(reply), reply.redirectCount, reply.url]).toEqual(["there", 5, `${url}/0`]);
    await expect(client().fetch({ url: `${url}/6` })).rejects.toMatchObject({ code: "transport-redirects" });
  });

  it("to an address that may not be asked are refused with the words of every refusal", async () => {
    const url = await site((_request, response) =>
      response.writeHead(302, { location: "http://10.0.0.1/" }).end(),
    );
    await expect(client().fetch({ url })).rejects.toMatchObject({ code: "egress-refused", retry: "never" });
  });

  it("take no secret to another origin, whatever its header is called", async () => {
    const seen: IncomingMessage["headers"][] = [];
    const other = await site((request, response) => {
      seen.push(request.headers);
      response.end();
    });
    const url = await site((request, response) => {
      seen.push(request.headers);
      response.writeHead(307, { location: other }).end();
    });
    const headers = { Authorization: "Bearer s", Cookie: "s=1", "Api-Key": "s", Accept: "text/html" };
    await client().fetch({ url, headers });
    expect(seen[0]).toMatchObject({ authorization: "Bearer s", cookie: "s=1", "api-key": "s" });
    expect(Object.keys(seen[1] ?? {}).toSorted()).toEqual(
      ["accept", "accept-encoding", "accept-language", "connection", "host", "user-agent"].toSorted(),
    );
  });

  it("turn a POST into a GET after 303 and repeat it after 307 on the same origin only", async () => {
    const elsewhere = await site((_request, response) => response.end());
    const url = await site((request, response) => {
      if (request.url === "/303") response.writeHead(303, { location: "/seen" }).end();
      else if (request.url === "/307") response.writeHead(307, { location: "/seen" }).end();
      else if (request.url === "/away") response.writeHead(307, { location: elsewhere }).end();
      else
        request
          .toArray()
          .then(chunks => response.end(`${request.method} ${Buffer.concat(chunks).toString()}`));
    });
    const post = { method: "POST", body: "secret" } as const;
    expect(bodyText(await client().fetch({ url: `${url}/303`, ...post }))).toBe("GET ");
    expect(bodyText(await client().fetch({ url: `${url}/307`, ...post }))).toBe("POST secret");
    await expect(client().fetch({ url: `${url}/away`, ...post })).rejects.toMatchObject({
      code: "transport-redirects",
    });
  });
});

describe("limits", () => {
  it("end a reply that drips", async () => {
    const url = await site((_request, response) => {
      const timer = setInterval(() => response.write("."), 20);
      response.on("close", () => clearInterval(timer));
    });
    await expect(client({ timeoutMs: 300 }).fetch({ url })).rejects.toMatchObject({
      code: "transport-timeout",
      retry: "backoff",
    });
  });

  it("end a server that is silent", async () => {
    const url = await site(() => undefined);
    await expect(client({ timeoutMs: 200 }).fetch({ url })).rejects.toMatchObject({
      code: "transport-timeout",
    });
  });

  it("count decoded bytes: the last one allowed passes, one more does not", async () => {
    const url = await site((request, response) => {
      response
        .writeHead(200, { "content-encoding": "gzip" })
        .end(gzipSync(Buffer.alloc(Number(request.url?.slice(1)))));
    });
    const net = client({ maxBodyBytes: 100_000 });
    expect((await net.fetch({ url: `${url}/100000` })).body.byteLength).toBe(100_000);
    await expect(net.fetch({ url: `${url}/100001` })).rejects.toMatchObject({
      code: "too-much",
      retry: "never",
    });
  });

  it("call a cut body and a wrong coding broken", async () => {
    const url = await site((request, response) => {
      const whole = gzipSync("text that is long enough to be cut");
      const body = request.url === "/cut" ? whole.subarray(0, 20) : Buffer.from("no gzip at all");
      response.writeHead(200, { "content-encoding": "gzip" }).end(body);
    });
    await expect(client().fetch({ url: `${url}/cut` })).rejects.toMatchObject({
      code: "transport-broken-reply",
    });
    await expect(client().fetch({ url: `${url}/wrong` })).rejects.toMatchObject({
      code: "transport-broken-reply",
    });
  });

  it("call a connection that is cut in the middle broken", async () => {
    const url = await site((_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half");
      setTimeout(() => response.destroy(), 30);
    });
    await expect(client().fetch({ url })).rejects.toMatchObject({ retry: "backoff" });
  });

  it("leave no doubt that nobody listens", async () => {
    const { url, stop } = await startSite(() => undefined);
    await stop();
    await expect(client().fetch({ url })).rejects.toMatchObject({ code: "transport-unreachable" });
  });

  it("give way to the caller's own abort", async () => {
    const url = await site(() => undefined);
    const stopping = new AbortController();
    const asked = client().fetch({ url, signal: stopping.signal });
    setTimeout(() => stopping.abort(new Error("shutting down")), 50);
    await expect(asked).rejects.toThrow("shutting down");
  });
});

describe("robots.txt", () => {
  const forum = (rules: string, status = 200) =>
    site((request, response) => {
      if (request.url === "/robots.txt") response.writeHead(status).end(rules);
      else response.end("page");
    });

  it("keeps collectors away from what it forbids, and only those that obey it", async () => {
    const url = await forum("User-agent: *\nAllow: /\nUser-agent: molva\nDisallow: /private");
    const net = client();
    expect((await net.fetch({ url: `${url}/open`, obeysRobots: true })).status).toBe(200);
    expect((await net.fetch({ url: `${url}/private`, obeysRobots: false })).status).toBe(200);
    await expect(net.fetch({ url: `${url}/private`, obeysRobots: true })).rejects.toMatchObject({
      code: "blocked",
      outcome: "blocked",
      retry: "never",
    });
  });

  it("forbids everything while it cannot be read", async () => {
    const url = await forum("oops", 500);
    await expect(client().fetch({ url, obeysRobots: true })).rejects.toMatchObject({
      outcome: "blocked",
      retry: "backoff",
    });
  });

  it("is asked about every hop of a redirect", async () => {
    const guarded = await forum("User-agent: *\nDisallow: /");
    const url = await site((request, response) => {
      if (request.url === "/robots.txt") response.writeHead(404).end();
      else response.writeHead(302, { location: `${guarded}/x` }).end();
    });
    await expect(client().fetch({ url, obeysRobots: true })).rejects.toMatchObject({ code: "blocked" });
  });
});

describe("posting", () => {
  it("sends once, follows nothing and reads at most 64 KiB of the answer", async () => {
    const seen: string[] = [];
    const url = await site((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      response.writeHead(302, { location: "/elsewhere", "retry-after": "3" }).end("x".repeat(200_000));
    });
    const reply = await client().post({
      url: `${url}/hook`,
      headers: { "Content-Type": "application/json" },
      body: "{}",
    });
    expect([reply.status, reply.body.length, reply.retryAfterMs]).toEqual([302, 65_536, 3000]);
    expect(seen).toEqual(["POST /hook"]);
  });

  it("passes the same guard", async () => {
    const refused = client({ allow: [] }).post({ url: "http://127.0.0.1:9/", headers: {}, body: "" });
    await expect(refused).rejects.toMatchObject({ code: "egress-refused" });
  });
});

describe("a quota", () => {
  it("that lasts longer than a run waits is handed back instead of slept through", async () => {
    const url = await site((_request, response) => response.writeHead(429, { "retry-after": "3600" }).end());
    const net = client();
    await net.fetch({ url });
    const error = await net.fetch({ url }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "quota", outcome: "blocked" });
    expect((error as { retry: { afterMs: number } }).retry.afterMs).toBeGreaterThan(3_590_000);
  });
});
