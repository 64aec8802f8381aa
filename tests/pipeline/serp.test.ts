import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createNet, type Net } from "#net/client.ts";
import { previewRule } from "#pipeline/alert-preview.ts";
import { checkedSettings } from "#pipeline/alert-settings.ts";
import { collect } from "#pipeline/collect.ts";
import { createParsePool, type ParsePool } from "#pipeline/parse-pool.ts";
import { scheduleDue } from "#pipeline/schedule.ts";
import { judgeLooks } from "#pipeline/serp/look.ts";
import { trackQuery } from "#pipeline/serp/track.ts";
import { inTransaction } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { listLooks } from "#store/serp-look.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
let net: Net;
let parsePool: ParsePool;
let server: Server;
let baseUrl: string;
/** What the engine answers, by the phrase. */
let answers: Map<string, string>;

const escaped = (words: string) => words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const results = (...rows: [url: string, words: string][]) =>
  `<?xml version="1.0" encoding="utf-8"?><yandexsearch version="1.0"><response><results>
  <grouping groups-on-page="20"><found-docs priority="all">120</found-docs><page>0</page>${rows
    .map(
      ([url, words]) =>
        `<group><doc><url>${url}</url><title>${escaped(words)}</title><passages><passage>${escaped(words)}</passage></passages></doc></group>`,
    )
    .join("")}</grouping></results></response></yandexsearch>`;
const refusal = (code: number) =>
  `<?xml version="1.0" encoding="utf-8"?><yandexsearch version="1.0"><response><error code="${code}">x</error></response></yandexsearch>`;

const praise = "Волна: прекрасная кофейня, вкусный кофе, всем советую!";
const blame = "Волна обманула: ужасное обслуживание, отвратительный кофе, не советую никому.";

beforeAll(async () => {
  world = await openWorld();
  net = createNet({ allow: ["127.0.0.1"], userAgent: "Molva/0", contact: "https://molva.test/" });
  parsePool = createParsePool();
  server = createServer(async (request, response) => {
    const { query } = JSON.parse(await text(request)) as { query: { queryText: string } };
    const rawData = Buffer.from(answers.get(query.queryText) ?? refusal(15)).toString("base64");
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ rawData }));
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
let day: number;
beforeEach(async () => {
  day = 0;
  world.setNow("2026-11-20T12:00:00Z");
  answers = new Map();
  brandId = await world.makeBrand({
    officialAccounts: [{ sourceKind: "yandex-search", account: "volna.example" }],
  });
  sourceId = await makeSearch();
});

/** A source of search results that serves the brand. */
async function makeSearch(): Promise<string> {
  const id = await world.makeSource([brandId], {
    kind: "yandex-search",
    settings: { queries: ["волна"], regions: [213], devices: ["desktop"], depth: 20, baseUrl },
  });
  const credentials = Buffer.from(JSON.stringify({ apiKey: "key-of-a-test", folderId: "folder" }));
  await world.db.updateTable("source").set({ credentials }).where("id", "=", id).execute();
  return id;
}

const tools = {
  secrets: { seal: (plain: string) => Buffer.from(plain) },
  checkAddress: () => {},
  maySee: () => true,
};
const track = (query: string, more: Partial<{ region: string; device: string; brandId: string }> = {}) =>
  inTransaction(world.db, tx =>
    trackQuery(
      tx,
      tools,
      { brandId, sourceId, query, region: "213", device: "desktop", ...more },
      world.deps.clock(),
    ),
  );

/** The run of the next day. */
async function lookAgain(): Promise<void> {
  world.setNow(new Date(Date.UTC(2026, 10, 21 + day++)).toISOString());
  await world.db
    .updateTable("source")
    .set({ next_run_at: world.deps.clock(), claimed_until: null })
    .where("id", "=", sourceId)
    .execute();
  await scheduleDue(world.deps);
  const job = world.asked.collect.findLast(one => one.sourceId === sourceId);
  if (!job) throw new Error("the source was not due");
  const context = { attempt: 1, final: true, signal: new AbortController().signal };
  await collect({ ...world.deps, net, parsePool }, { ...job, ...context });
}

async function looksAt(queryId: string) {
  const pairs = await listLooks(world.db, { queryId, from: null, to: null }, { after: null, limit: 10 });
  const officialAccounts = [{ sourceKind: "yandex-search", account: "volna.example" }];
  const looks = await judgeLooks(world.db, pairs, () => ({ sourceKind: "yandex-search", officialAccounts }));
  return pairs.map(({ id }) => looks.get(id) as NonNullable<ReturnType<typeof looks.get>>);
}

const tracked = async (query: string): Promise<string> => (await track(query))?.id as string;

describe("a look at search results", () => {
  it("is kept with the run's page: places, whose they are, what came, and what of it harms", async () => {
    const queryId = await tracked("волна");
    answers.set("волна", results(["https://volna.example/", praise], ["https://other.example/", "О погоде"]));
    await lookAgain();
    answers.set(
      "волна",
      results(
        ["https://blog.example/volna", blame],
        ["https://volna.example/", praise],
        ["https://map.example/", "Адреса"],
      ),
    );
    await lookAgain();
    const [second, first] = await looksAt(queryId);
    expect(first).toMatchObject({
      comparedWith: null,
      foundCount: 120,
      depth: 20,
      top10: { seen: 2, ours: 1, neutral: 1, hostile: 0 },
      movement: { entries: [], exits: [] },
      hostileEntries: [],
    });
    expect(second?.results.map(({ url, standing, position }) => [position, url, standing])).toEqual([
      [1, "https://blog.example/volna", "hostile"],
      [2, "https://volna.example/", "ours"],
      [3, "https://map.example/", "neutral"],
    ]);
    expect(second?.comparedWith).toEqual(first?.takenAt);
    expect(second?.hostileEntries.map(({ url }) => url)).toEqual(["https://blog.example/volna"]);
    expect(second?.movement).toMatchObject({
      exits: [{ pageId: first?.results[1]?.pageId, position: 2 }],
      moves: [{ pageId: first?.results[0]?.pageId, from: 1, to: 2 }],
    });
  });

  it("that finds nothing is a look; one that is blocked or out of quota is none", async () => {
    const queryId = await tracked("волна");
    answers.set("волна", results(["https://volna.example/", praise]));
    await lookAgain();
    for (const code of [100, 32]) {
      answers.set("волна", refusal(code));
      await lookAgain();
    }
    expect(await looksAt(queryId)).toHaveLength(1);
    answers.set("волна", refusal(15));
    await lookAgain();
    const [empty] = await looksAt(queryId);
    expect(empty).toMatchObject({ results: [], top10: { seen: 0, negativeShare: null }, weightedTone: null });
    expect(empty?.movement.exits).toHaveLength(1);
  });

  it("belongs to the brands that track its phrase, each with its own tone", async () => {
    const other = await world.makeBrand({ query: "Прибой" });
    await world.db.insertInto("source_brand").values({ source_id: sourceId, brand_id: other }).execute();
    const ours = await tracked("волна");
    const theirs = (await track("волна", { brandId: other }))?.id as string;
    answers.set("волна", results(["https://blog.example/", blame]));
    await lookAgain();
    expect((await looksAt(ours))[0]?.results[0]).toMatchObject({ standing: "hostile", tone: "negative" });
    expect((await looksAt(theirs))[0]?.results[0]).toMatchObject({ standing: "neutral", tone: null });
  });

  it("reads results that were stored before a brand came for that brand too", async () => {
    const blog = "https://blog.example/before-the-brand";
    answers.set("волна", results([blog, blame], ["https://volna.example/before", "О погоде"]));
    await lookAgain();
    brandId = await world.makeBrand();
    sourceId = await makeSearch();
    const queryId = await tracked("волна");
    await lookAgain();
    expect((await looksAt(queryId))[0]?.results.map(({ tone }) => tone)).toEqual(["negative", null]);
    const mentions = await world.db
      .selectFrom("mention")
      .select(["source_id", "tone", "case_id"])
      .where("brand_id", "=", brandId)
      .execute();
    expect(mentions).toEqual([{ source_id: sourceId, tone: "negative", case_id: null }]);
  });

  it("of a phrase that the source did not ask for begins with tracking it", async () => {
    const queryId = await tracked("волна отзывы");
    answers.set("волна отзывы", results(["https://a.example/", praise]));
    await lookAgain();
    expect(await looksAt(queryId)).toHaveLength(1);
  });
});

async function makeRule(settings: object = {}, of = brandId): Promise<string> {
  const [id, now] = [newId(), world.deps.clock()];
  await world.db
    .insertInto("alert_rule")
    .values({
      id,
      brand_id: of,
      kind: "serp-entry",
      name: "serp-entry",
      settings: JSON.stringify(checkedSettings("serp-entry", { ...settings })),
      channel_ids: [],
      next_look_at: null,
      created_at: now,
      updated_at: now,
    })
    .execute();
  return id;
}

/** Addresses of the pages that a rule told of, in the order of time, then place. */
async function toldBy(ruleId: string): Promise<string[]> {
  const alerts = await world.db
    .selectFrom("alert")
    .select("reason")
    .where("rule_id", "=", ruleId)
    .orderBy("fired_at")
    .execute();
  return addressesOf(alerts.map(({ reason }) => reason));
}

async function addressesOf(reasons: readonly Record<string, unknown>[]): Promise<string[]> {
  const pages = await world.db.selectFrom("serp_page").select(["id", "url"]).execute();
  const urls = new Map(pages.map(({ id, url }) => [id, url]));
  return reasons.map(({ pageId }) => urls.get(String(pageId)) ?? "unknown");
}

async function previewed(settings: object): Promise<string[]> {
  const to = new Date(world.deps.clock().getTime() + 1);
  const past = { brandId, from: new Date(to.getTime() - 30 * 86_400_000), to };
  const { firings, complete } = await previewRule(world.db, "serp-entry", settings, past);
  expect(complete).toBe(true);
  return addressesOf(firings.map(({ reason }) => reason));
}

describe("a rule about pages that come into search results", () => {
  type Row = [url: string, words: string];
  const own: Row = ["https://volna.example/", praise];
  const news: Row = ["https://news.example/", "О погоде"];
  const blog: Row = ["https://blog.example/", blame];
  const forum: Row = ["https://forum.example/", blame];

  it("tells of each page once, when it comes; the preview lists the same", async () => {
    await tracked("волна");
    const rules = {
      hostile: await makeRule(),
      all: await makeRule({ of: "all" }),
      first: await makeRule({ top: 1 }),
    };
    const days = [
      [own, blog],
      null,
      [own, blog, forum, news],
      [own, blog],
      [forum, own, blog, news],
    ] as const;
    for (const rows of days) {
      answers.set("волна", rows === null ? refusal(32) : results(...rows));
      await lookAgain();
    }
    const came = { hostile: [forum[0]], all: [forum[0], news[0]], first: [forum[0]] };
    expect(await toldBy(rules.hostile)).toEqual(came.hostile);
    expect((await toldBy(rules.all)).toSorted()).toEqual(came.all.toSorted());
    expect(await toldBy(rules.first)).toEqual(came.first);
    expect(await previewed({})).toEqual(came.hostile);
    expect((await previewed({ of: "all" })).toSorted()).toEqual(came.all.toSorted());
    expect(await previewed({ top: 1 })).toEqual(came.first);
    expect(world.asked.notify).toBeGreaterThan(0);
  });

  it("names the mention that the result is, its place and its source", async () => {
    const queryId = await tracked("волна");
    const ruleId = await makeRule();
    for (const rows of [[own], [own, blog]]) {
      answers.set("волна", results(...rows));
      await lookAgain();
    }
    const alert = await world.db
      .selectFrom("alert")
      .leftJoin("mention", "mention.id", "alert.mention_id")
      .leftJoin("document", "document.id", "mention.document_id")
      .select(["alert.source_id", "reason", "document.url", "mention.tone"])
      .where("rule_id", "=", ruleId)
      .executeTakeFirstOrThrow();
    expect(alert).toMatchObject({
      source_id: sourceId,
      url: blog[0],
      tone: "negative",
      reason: { queryId, query: "волна", position: 2, previousPosition: null, standing: "hostile" },
    });
  });

  it("goes by what a person said of a page, and hears nothing of other brands", async () => {
    const other = await world.makeBrand({ query: "Прибой" });
    await world.db.insertInto("source_brand").values({ source_id: sourceId, brand_id: other }).execute();
    await tracked("волна");
    await track("волна", { brandId: other });
    const rules = [await makeRule(), await makeRule({}, other)] as const;
    answers.set("волна", results(own, blog));
    await lookAgain();
    await world.db
      .updateTable("serp_page")
      .set({ verdict: "neutral", verdict_at: world.deps.clock() })
      .where("brand_id", "=", brandId)
      .where("url", "=", blog[0])
      .execute();
    for (const rows of [[own], [own, blog, forum]]) {
      answers.set("волна", results(...rows));
      await lookAgain();
    }
    expect(await toldBy(rules[0])).toEqual([forum[0]]);
    expect(await toldBy(rules[1])).toEqual([]);
  });
});

describe("tracking a query", () => {
  it("twice is once", async () => {
    expect(await track("волна")).toBeDefined();
    expect(await track("волна")).toBeUndefined();
  });

  it.each([
    [{ region: "2" }, 'region is "2"; the source looks at 213'],
    [{ device: "mobile" }, 'device is "mobile"; the source looks at desktop'],
  ])("%j, which the source does not look at, says what it does look at", async (place, problem) => {
    await expect(track("волна", place)).rejects.toThrow(problem);
  });

  it("on a source without search results, or for a brand that it does not serve, is refused by name", async () => {
    const stranger = await world.makeBrand();
    await expect(track("волна", { brandId: stranger })).rejects.toThrow("does not serve brand");
    sourceId = await world.makeSource([brandId]);
    await expect(track("волна")).rejects.toThrow("shows no search results");
  });
});
