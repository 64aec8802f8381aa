/* Recorded and documented replies, read the whole way; counts are those that tests/sources took from the files by hand. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, inject, onTestFinished, test } from "vitest";
import { freePort } from "#boot/embedded/server.ts";
import { startReceiver } from "#tests/faults/receiver.ts";
import { until } from "#tests/queue/backends.ts";
import { describeShared, readShared, readSharedJson, sharedExists } from "#tests/shared.ts";
import { clientOf, type List } from "./client.ts";
import { startFileSite } from "./files.ts";
import { runMolva } from "./program.ts";
import { openHands, openReader } from "./reader.ts";

const hands = openHands();
afterAll(() => hands.close());

const feeds: readonly (readonly [file: string, count: number])[] = [
  ["feeds/craigslist.rss", 25],
  ["feeds/guardian.rss", 55],
  ["feeds/heise.atom", 15],
  ["feeds/feedburner.atom", 25],
  ["feeds/perceval-rss_entries.xml", 30],
  ["feeds/reddit-atom.rss", 24],
  ["google-news/google_news_ru_en_trimmed.xml", 3],
  ["google-alerts/alert-feed-2021-one-entry.xml", 1],
];

for (const [file, count] of feeds) {
  describeShared(`the feed ${file}`, `fixtures/${file}`, () => {
    test(`makes ${count} mentions`, async () => {
      const { url, read } = await openReader(hands, () => readShared(`fixtures/${file}`));
      const { run, mentions } = await read({
        kind: "rss-feed",
        settings: { url: `${url}/feed`, kind: "news" },
      });
      expect(run).toMatchObject({ outcome: "ok", error: null });
      expect(mentions).toHaveLength(count);
    });
  });
}

for (const form of ["xml", "json"]) {
  const file = `fixtures/app-store/rss-customerreviews-jp-2020.${form}`;
  describeShared(`App Store reviews in ${form}`, file, () => {
    test("make 50 mentions", async () => {
      const { url, read } = await openReader(hands, path =>
        path.startsWith("/jp/rss/customerreviews/page=1/") ? readShared(file) : emptyReviews,
      );
      const { run, mentions } = await read({
        kind: "app-store-reviews",
        settings: { baseUrl: url, appId: "1404176564", countries: ["jp"] },
      });
      expect(run).toMatchObject({ outcome: "ok", error: null });
      expect(mentions.map(({ kind }) => kind)).toEqual(Array(50).fill("review"));
      expect(mentions.every(({ publishedAt }) => (publishedAt !== null) === (form === "xml"))).toBe(true);
    });
  });
}

const emptyReviews = `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:im="http://itunes.apple.com/rss">
<id>https://itunes.apple.com/jp/rss/customerreviews/id=1404176564/xml</id><title>iTunes Store: Customer Reviews</title></feed>`;

/** The list of a forum with one thread, as phpBB 3 prints it. */
const forumOf = (topic: number) => `<!DOCTYPE html><html><head><title>F</title></head>
<body id="phpbb" class="nojs notouch section-viewforum ltr"><div id="page-body"><ul class="topiclist topics">
<li class="row"><dl class="row-item"><dt><a class="topictitle" href="./viewtopic.php?t=${topic}">T</a></dt>
<dd class="lastpost"><a href="./viewtopic.php?p=1#p1">x</a></dd></dl></li></ul></div>
<div class="copyright">Powered by <a href="https://www.phpbb.com/">phpBB</a></div></body></html>`;

for (const [file, topic, ids] of [
  ["phpbb3/foren.myoos.de.html", 167, ["453"]],
  ["phpbb3/fr-zelda.html", 190, ["564", "565", "566", "567", "568"]],
] as const) {
  describeShared(`the thread ${file}`, `fixtures/${file}`, () => {
    test(`makes ${ids.length} mentions`, async () => {
      const { url, read } = await openReader(hands, path => {
        if (path.startsWith("/viewforum.php?f=4")) return forumOf(topic);
        return path.startsWith("/viewtopic.php") ? readShared(`fixtures/${file}`) : null;
      });
      const { run, mentions } = await read({
        kind: "phpbb-forum",
        settings: { baseUrl: `${url}/`, forums: [4], via: "html" },
      });
      expect(run).toMatchObject({ outcome: "ok", error: null });
      expect(mentions.map(({ externalId }) => externalId).toSorted()).toEqual(ids);
    });
  });
}

interface ExpectedPost {
  id: number;
  channel: string;
  type: string;
  created_at?: string;
}

describeShared("recorded posts of Telegram channels", "fixtures/telegram/expected.json", () => {
  const all = readSharedJson<Record<string, ExpectedPost[]>>("fixtures/telegram/expected.json");
  const files = Object.keys(all).filter(
    file => !file.includes("#") && sharedExists(`fixtures/telegram/${file}`),
  );

  test("make a mention each, and service messages none", { timeout: 60_000 }, async () => {
    const { url, read } = await openReader(hands, path => {
      const number = /^\/s\/file(\d+)/.exec(path)?.[1];
      return number === undefined ? null : readShared(`fixtures/telegram/${files[Number(number)]}`);
    });
    let mentions: { externalId: string }[] = [];
    for (const number of files.keys()) {
      const reading = await read({
        kind: "telegram-channel",
        settings: { baseUrl: url, channel: `file${number}` },
      });
      expect([files[number], reading.run.outcome, reading.run.error]).toEqual([files[number], "ok", null]);
      mentions = reading.mentions;
    }
    const posts = files
      .map(file => all[file]?.[0])
      .filter(post => post?.created_at !== undefined && post.type !== "service")
      .map(post => `${post?.channel}/${post?.id}`.toLowerCase());
    expect(posts.length).toBeGreaterThan(10);
    expect(mentions.map(({ externalId }) => externalId).toSorted()).toEqual([...new Set(posts)].toSorted());
  });
});

interface Examples {
  examples: Record<string, { responses: Record<string, { body: unknown }> }>;
}

const wildberries = "fixtures/wildberries/seller-api-doc-examples.json";
describeShared("the documented examples of the Wildberries seller API", wildberries, () => {
  const { examples } = readSharedJson<Examples>(wildberries);
  const body = (method: string) => examples[method]?.responses["200"]?.body as { data: unknown };

  test("make three mentions: a review that stands in three lists, and two questions", async () => {
    const lists: readonly (readonly [start: string, reply: () => unknown])[] = [
      ["/api/v1/feedbacks/archive?", () => body("GET /api/v1/feedbacks/archive")],
      ["/api/v1/feedbacks?", () => body("GET /api/v1/feedbacks")],
      ["/api/v1/questions?isAnswered=false", () => body("GET /api/v1/questions")],
      [
        "/api/v1/questions?isAnswered=true",
        () => ({ data: { questions: [body("GET /api/v1/question").data] }, error: false }),
      ],
    ];
    const { url, read } = await openReader(hands, path => {
      const reply = lists.find(([start]) => path.startsWith(start))?.[1];
      return reply ? JSON.stringify(reply()) : null;
    });
    const { run, mentions } = await read({
      kind: "wildberries-seller",
      settings: { baseUrl: url, questions: true },
      credentials: { token: "a-token-of-the-test" },
    });
    expect(run).toMatchObject({ outcome: "ok", error: null });
    expect(mentions.map(({ kind }) => kind).toSorted()).toEqual(["question", "question", "review"]);
  });
});

interface SuiteCase {
  files: [string];
  asserts: [expression: string, value: unknown][];
}

const yandex = "suites/sites/expected-yandex-xml.json";
describeShared("recorded results of Yandex", yandex, () => {
  const cases = readSharedJson<SuiteCase[]>(yandex).filter(({ files: [file] }) =>
    sharedExists(`fixtures/yandex-xml/${file}`),
  );
  /** How a run ends that meets no results page. */
  const refusals: Record<string, string> = {
    "404.xml": "layout-changed",
    "error32.xml": "blocked",
    "error33.xml": "blocked",
    "error55.xml": "blocked",
  };

  test.each(cases.map(({ files: [file], asserts }) => [file, asserts] as const))(
    "%s",
    async (file, asserts) => {
      const { url, read } = await openReader(hands, () => readShared(`fixtures/yandex-xml/${file}`));
      const { run, mentions } = await read({
        kind: "yandex-search",
        settings: { baseUrl: url, queries: ["столешницы"], depth: 50 },
        credentials: { apiKey: "a-key-of-the-test", folderId: "folder" },
      });
      const count = asserts.find(([expression]) => expression.startsWith("len("))?.[1] ?? 0;
      expect(mentions).toHaveLength(count as number);
      expect(run.outcome).toBe(refusals[file] ?? "ok");
    },
  );
});

describeShared("molva start and one call for a real feed", "fixtures/feeds/guardian.rss", () => {
  test("end in trend, queue and alert", { timeout: 120_000 }, async () => {
    const site = await startFileSite(() => readShared("fixtures/feeds/guardian.rss"));
    const receiver = await startReceiver(() => 0);
    const dataDir = join(inject("runDir"), "real-feed");
    mkdirSync(dataDir, { mode: 0o755 });
    const key = "molva_realfeed_0123456789abcdefghijklmnop";
    const port = await freePort();
    const program = runMolva(["start"], {
      MOLVA_DATA_DIR: dataDir,
      PORT: String(port),
      MOLVA_ADMIN_KEY: key,
      MOLVA_EGRESS_ALLOW: "127.0.0.1",
    });
    onTestFinished(async () => {
      program.signal("SIGINT");
      await program.ended;
      await receiver.stop();
      await site.stop();
    });
    await until("it is ready", () => program.out().includes("Molva is ready"), 60_000);
    const api = clientOf(`http://127.0.0.1:${port}`, key);
    const brand = await api.post<{ id: string }>("/v1/brands", {
      name: "Trump",
      query: "trump OR source:guardian",
    });
    const channel = await api.post<{ id: string }>("/v1/alert-channels", {
      kind: "webhook",
      name: "ours",
      settings: { url: receiver.url },
    });
    await api.post("/v1/alert-rules", {
      brandId: brand.id,
      kind: "negative-mention",
      name: "all",
      channelIds: [channel.id],
    });
    await api.post("/v1/sources", {
      kind: "rss-feed",
      title: "guardian",
      brandIds: [brand.id],
      settings: { url: `${site.url}/rss`, kind: "news" },
      actFrom: "2010-01-01T00:00:00Z",
      enabled: true,
    });
    await until("an alert arrived", () => receiver.arrivals.length > 0, 60_000);
    const trend = await api.get<{ totals: { total: number; negative: number } }>(
      `/v1/trends/sentiment?brandId=${brand.id}&from=2010-01-01T00:00:00Z&to=2018-03-01T00:00:00Z&bucket=month`,
    );
    expect(trend.totals.total).toBe(55);
    const cases = await api.get<List<{ id: string }>>("/v1/queue?status=open&limit=500");
    expect(cases.items).toHaveLength(trend.totals.negative);
    await until("each is told of", () => receiver.arrivals.length >= cases.items.length);
    expect(new Set(receiver.arrivals.flatMap(({ alertIds }) => alertIds)).size).toBe(cases.items.length);
  });
});
