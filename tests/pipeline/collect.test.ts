import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { MolvaError } from "#domain/errors.ts";
import { createNet, type Net } from "#net/client.ts";
import { collect } from "#pipeline/collect.ts";
import { finishRun } from "#pipeline/finish-run.ts";
import { createParsePool, type ParsePool } from "#pipeline/parse-pool.ts";
import { scheduleDue } from "#pipeline/schedule.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
let net: Net;
let parsePool: ParsePool;
let server: Server;
let baseUrl: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked: { path: string; headers: IncomingMessage["headers"] }[];

const entry = (id: string, text: string) =>
  `<item><guid>${id}</guid><link>${baseUrl}/${id}</link><title>${text}</title><description>${text}</description><pubDate>Fri, 20 Nov 2026 09:00:00 GMT</pubDate></item>`;
const feed = (...entries: string[]) =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>${entries.join("")}</channel></rss>`;
const send =
  (body: string, headers: Record<string, string> = {}) =>
  (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { "content-type": "application/rss+xml; charset=utf-8", ...headers });
    response.end(body);
  };

beforeAll(async () => {
  world = await openWorld();
  net = createNet({ allow: ["127.0.0.1"], userAgent: "Molva/0", contact: "https://molva.test/" });
  parsePool = createParsePool();
  server = createServer((request, response) => {
    asked.push({ path: request.url ?? "", headers: request.headers });
    if (request.url === "/robots.txt") response.writeHead(404).end();
    else answer(request, response);
  });
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await net.close();
  await parsePool.close();
  await world.close();
});

let brandId: string;
let sourceId: string;
beforeEach(async () => {
  asked = [];
  world.setNow("2026-11-20T12:00:00Z");
  world.asked.collect.length = 0;
  brandId = await world.makeBrand();
  sourceId = await world.makeSource([brandId], {
    kind: "rss-feed",
    settings: { url: `${baseUrl}/feed.xml`, kind: "news" },
  });
  await world.db
    .updateTable("source")
    .set({ next_run_at: world.deps.clock() })
    .where("id", "=", sourceId)
    .execute();
});
afterEach(async () => {
  await world.db.updateTable("source").set({ enabled: false }).where("id", "=", sourceId).execute();
});

const source = () =>
  world.db.selectFrom("source").selectAll().where("id", "=", sourceId).executeTakeFirstOrThrow();
const lastRun = () =>
  world.db
    .selectFrom("run")
    .selectAll()
    .where("source_id", "=", sourceId)
    .orderBy("started_at", "desc")
    .orderBy("id", "desc")
    .executeTakeFirstOrThrow();

/** One scheduled run, as the tick and a collector make it. */
async function runOnce(overrides: { final?: boolean; attempt?: number } = {}): Promise<void> {
  await scheduleDue(world.deps);
  const job = world.asked.collect.findLast(one => one.sourceId === sourceId);
  if (!job) throw new Error("the source was not due");
  const context = { attempt: 1, final: true, signal: new AbortController().signal, ...overrides };
  await collect({ ...world.deps, net, parsePool }, { ...job, ...context });
}

describe("a run", () => {
  it("stores what the source shows and plans the next one", async () => {
    answer = send(feed(entry("a", "Волна открыла кофейню"), entry("b", "О погоде")));
    await runOnce();
    expect(await lastRun()).toMatchObject({ outcome: "ok", found_count: 2, new_count: 2, page_count: 1 });
    const after = await source();
    expect(after).toMatchObject({ health: "ok", claimed_until: null, failure_count: 0 });
    expect(after.next_run_at?.getTime()).toBe(world.deps.clock().getTime() + 15 * 60_000);
  });

  it("asks conditionally the second time and stores nothing for a 304", async () => {
    answer = (request, response) => {
      if (request.headers["if-none-match"] === '"v1"') response.writeHead(304).end();
      else send(feed(entry("a", "Волна")), { etag: '"v1"' })(request, response);
    };
    await runOnce();
    await world.db
      .updateTable("source")
      .set({ next_run_at: world.deps.clock() })
      .where("id", "=", sourceId)
      .execute();
    await runOnce();
    expect(await lastRun()).toMatchObject({ outcome: "ok", found_count: 0, new_count: 0 });
    expect(asked.filter(one => one.headers["if-none-match"] === '"v1"')).toHaveLength(1);
  });

  it.each([
    [403, "blocked", "blocked"],
    [200, "layout-changed", "layout-changed"],
  ])("that meets %i ends as %s, keeps its cursor and backs off", async (status, outcome, health) => {
    answer = (_request, response) =>
      response.writeHead(status, { "content-type": "text/html" }).end("<html><body>Новый сайт</body></html>");
    await runOnce();
    expect(await lastRun()).toMatchObject({ outcome, new_count: 0 });
    const after = await source();
    expect(after).toMatchObject({ health, failure_count: 1, cursor: null });
    expect(after.next_run_at?.getTime()).toBe(world.deps.clock().getTime() + 30 * 60_000);
  });

  it("gives a passing fault back to the queue until its last attempt", async () => {
    answer = (_request, response) => response.writeHead(502).end();
    await expect(runOnce({ final: false })).rejects.toThrow("502");
    expect((await lastRun()).outcome).toBeNull();
    await world.db.updateTable("source").set({ claimed_until: null }).where("id", "=", sourceId).execute();
    await runOnce({ final: true, attempt: 4 });
    expect(await lastRun()).toMatchObject({ outcome: "failed", attempt_count: 2 });
  });

  it("does nothing when another attempt has ended it", async () => {
    answer = send(feed(entry("a", "Волна")));
    await runOnce();
    const job = world.asked.collect.findLast(one => one.sourceId === sourceId);
    const before = asked.length;
    await collect(
      { ...world.deps, net, parsePool },
      {
        ...(job as { sourceId: string; runId: string }),
        attempt: 2,
        final: true,
        signal: new AbortController().signal,
      },
    );
    expect(asked).toHaveLength(before);
  });

  it("cut in the middle goes on where its pages ended, its cursor never ahead of them", async () => {
    const post = (n: number) =>
      `<div class="tgme_widget_message_wrap"><div class="tgme_widget_message" data-post="volna_coffee/${n}"><div class="tgme_widget_message_text js-message_text">Волна, пост ${n}</div><a class="tgme_widget_message_date" href="https://t.me/volna_coffee/${n}"><time datetime="2026-11-19T0${n}:00:00+00:00"></time></a></div></div>`;
    const page = (...numbers: number[]) =>
      `<html><body><div class="tgme_channel_info"><div class="tgme_channel_info_header_username"><a href="https://t.me/volna_coffee">@volna_coffee</a></div></div><main class="tgme_main"><section class="tgme_channel_history">${numbers.map(post).join("")}</section></main></body></html>`;
    sourceId = await world.makeSource([brandId], {
      kind: "telegram-channel",
      settings: { channel: "volna_coffee", baseUrl },
    });
    const due = () =>
      world.db
        .updateTable("source")
        .set({ next_run_at: world.deps.clock() })
        .where("id", "=", sourceId)
        .execute();
    let isCut = true;
    answer = (request, response) => {
      const isOlder = request.url?.includes("before=") ?? false;
      world.setNow(new Date(world.deps.clock().getTime() + 2_000).toISOString());
      if (isOlder && isCut) response.writeHead(502).end();
      else
        send(isOlder ? page(1, 2) : page(3, 4), { "content-type": "text/html; charset=utf-8" })(
          request,
          response,
        );
    };
    await due();
    await runOnce();
    expect(await lastRun()).toMatchObject({
      outcome: "partial",
      error_code: "source-unavailable",
      new_count: 2,
    });
    const cursor = (await source()).cursor as { at: unknown; resume: { requests: unknown[] } | null };
    expect(cursor.at).toBeNull();
    expect(cursor.resume?.requests).toHaveLength(1);
    isCut = false;
    world.setNow("2026-11-20T13:00:00Z");
    await due();
    await runOnce();
    expect(await lastRun()).toMatchObject({ outcome: "ok", new_count: 2 });
    expect((await source()).cursor).toMatchObject({ at: { lastId: 4 }, resume: null });
  });

  it("whose next page is gone for good is given up after three failures and begun anew", async () => {
    await world.db
      .updateTable("source")
      .set({
        cursor: JSON.stringify({
          at: null,
          resume: { requests: [{ url: `${baseUrl}/gone` }], progress: null },
        }),
      })
      .where("id", "=", sourceId)
      .execute();
    answer = (request, response) => {
      if (request.url === "/gone") response.writeHead(404).end();
      else send(feed(entry("a", "Волна")))(request, response);
    };
    const outcomes: unknown[] = [];
    for (let run = 0; run < 4; run++) {
      await world.db
        .updateTable("source")
        .set({ next_run_at: world.deps.clock() })
        .where("id", "=", sourceId)
        .execute();
      await runOnce();
      outcomes.push((await lastRun()).outcome);
      world.setNow(new Date(world.deps.clock().getTime() + 60_000).toISOString());
    }
    expect(outcomes).toEqual(["failed", "failed", "failed", "ok"]);
  });

  it("whose collector dies again and again keeps its place", async () => {
    const resume = { requests: [{ url: `${baseUrl}/older` }], progress: { lastId: 9 } };
    await world.db
      .updateTable("source")
      .set({ cursor: JSON.stringify({ at: null, resume }), failure_count: 5 })
      .where("id", "=", sourceId)
      .execute();
    await scheduleDue(world.deps);
    const run = await lastRun();
    const error = new MolvaError("collector-died", "died");
    await finishRun(world.deps, { sourceId, runId: run.id }, { error, complete: false, lease: null });
    expect((await source()).cursor).toEqual({ at: null, resume });
  });

  it("that is overtaken by another attempt stores nothing more", async () => {
    answer = async (request, response) => {
      await world.db
        .updateTable("source")
        .set({ lease: crypto.randomUUID() })
        .where("id", "=", sourceId)
        .execute();
      send(feed(entry("late", "Волна")))(request, response);
    };
    await runOnce();
    const stored = await world.db
      .selectFrom("document")
      .select("id")
      .where("source_id", "=", sourceId)
      .execute();
    expect(stored).toEqual([]);
    expect((await lastRun()).outcome).toBeNull();
  });
});

describe("the schedule", () => {
  it("claims a due source once, however many ticks ask", async () => {
    await Promise.all(Array.from({ length: 8 }, () => scheduleDue(world.deps)));
    expect(world.asked.collect.filter(one => one.sourceId === sourceId)).toHaveLength(1);
  });

  it("sends again the job of a run that nobody has begun", async () => {
    await scheduleDue(world.deps);
    world.asked.collect.length = 0;
    world.setNow("2026-11-20T12:00:20Z");
    await scheduleDue(world.deps);
    expect(world.asked.collect.filter(one => one.sourceId === sourceId)).toHaveLength(1);
  });

  it("takes a source back whose collector has gone silent, and goes on with the same run", async () => {
    await scheduleDue(world.deps);
    const run = await lastRun();
    await world.db.updateTable("run").set({ attempt_count: 1 }).where("id", "=", run.id).execute();
    world.setNow("2026-11-20T12:03:00Z");
    world.asked.collect.length = 0;
    await scheduleDue(world.deps);
    expect(world.asked.collect.filter(one => one.sourceId === sourceId)).toEqual([
      { sourceId, runId: run.id },
    ]);
  });
});
