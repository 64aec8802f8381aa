/* Replies recorded from real services; every count and value here was taken from the files by hand. */
import { expect, test } from "vitest";
import { BlockedError, MolvaError, QuotaError, SourceChangedError } from "#domain/errors.ts";
import { type Item, itemSchema } from "#domain/item.ts";
import { appStoreReviews } from "#sources/app-store-reviews.ts";
import type { AnySourceKind, Json } from "#sources/define.ts";
import { rssFeed } from "#sources/rss-feed.ts";
import { yandexSearch } from "#sources/yandex-search.ts";
import { describeShared, readShared, readSharedJson, sharedExists } from "#tests/shared.ts";

interface Reading {
  url?: string;
  state?: Json;
  settings?: unknown;
}

/** Items of a recorded reply, as the pipeline sees them. */
function read(
  kind: AnySourceKind,
  body: string,
  { url = "https://feed.example/", state = null, settings }: Reading,
): Item[] {
  const ask = {
    settings: settings ?? kind.settings.parse(kind.example.settings),
    cursor: null,
    progress: null,
    now: new Date("2026-11-01T00:00:00Z"),
    since: null,
  };
  const page = kind.parse?.({ request: { url, state }, url, status: 200, headers: {}, body }, ask);
  return (page?.items ?? []).map(item => itemSchema.parse(item));
}

const fixture = (name: string): string => new TextDecoder().decode(readShared(`fixtures/${name}`));

interface Look {
  title: string | null;
  url: string | null;
  id: string;
  author: string | null;
  publishedAt: string | null;
}

const look = (item: Item | undefined): Look | null =>
  item === undefined
    ? null
    : {
        title: item.title,
        url: item.url,
        id: item.externalId,
        author: item.author?.name ?? null,
        publishedAt: item.publishedAt?.toISOString().replace(".000Z", "Z") ?? null,
      };

const feeds: readonly (readonly [file: string, count: number, first: Partial<Look>])[] = [
  [
    "feeds/craigslist.rss",
    25,
    {
      id: "http://sfbay.craigslist.org/eby/apa/6186664607.html",
      url: "http://sfbay.craigslist.org/eby/apa/6186664607.html",
      publishedAt: "2017-06-21T17:33:10Z",
      author: null,
    },
  ],
  [
    "feeds/guardian.rss",
    55,
    {
      title: "Trump State of the Union address promised unity but emphasized discord",
      author: "David Smith in Washington",
      publishedAt: "2018-01-31T07:26:05Z",
    },
  ],
  [
    "feeds/heise.atom",
    15,
    {
      id: "http://heise.de/-3088438",
      title: "Java-Anwendungsserver: Red Hat gibt WildFly 10 frei",
      publishedAt: "2016-02-01T16:22:00Z",
    },
  ],
  [
    "feeds/feedburner.atom",
    25,
    {
      id: "tag:blogger.com,1999:blog-7815614485808579332.post-8394866751819460570",
      url: "http://feedproxy.google.com/~r/blogspot/lQlzL/~3/Zjf41PDVLAc/adwords-and-dfp-java-client-library.html",
      author: "Google Ads Developer Advisor",
      publishedAt: "2016-06-03T14:38:00Z",
    },
  ],
  [
    "feeds/perceval-rss_entries.xml",
    30,
    {
      id: "http://blog.couchbase.com/2016/november/connect-2016-developer-workshop",
      title: "Connect 2016 Developer Workshop",
      author: "Matthew Groves",
      publishedAt: "2016-12-06T17:17:00Z",
    },
  ],
  [
    "feeds/reddit-atom.rss",
    24,
    {
      id: "https://www.reddit.com/r/space/comments/42babr/the_difficulties_in_space/",
      title: "The Difficulties in Space",
      publishedAt: "2016-01-23T15:40:37Z",
    },
  ],
  [
    "google-news/google_news_ru_en_trimmed.xml",
    3,
    {
      id: "https://news.google.com/rss/articles/AAA?oc=5",
      title: "Person with airsoft gun forces lockdown at multiple Chatham schools",
      author: "CK News Today",
      publishedAt: "2026-09-30T15:33:00Z",
    },
  ],
  [
    "google-alerts/alert-feed-2021-one-entry.xml",
    1,
    {
      id: "tag:google.com,2013:googlealerts/feed:12501224780620368192",
      title: "This week in Concord history",
      url: "https://www.theconcordinsider.com/2021/06/04/this-week-in-concord-history-502/",
      author: null,
      publishedAt: "2021-06-04T14:26:15Z",
    },
  ],
];

for (const [file, count, first] of feeds) {
  describeShared(file, `fixtures/${file}`, () => {
    test(`has ${count} entries, each with a text or a title and a date`, () => {
      const items = read(rssFeed, fixture(file), {
        settings: { url: "https://feed.example/", kind: "news" },
      });
      expect(items.length).toBe(count);
      expect(look(items[0])).toMatchObject(first);
      for (const item of items)
        expect([item.externalId, (item.title ?? item.text) !== "", item.publishedAt !== null]).toEqual([
          item.externalId,
          true,
          true,
        ]);
    });
  });
}

describeShared(
  "a Russian headline of Google News",
  "fixtures/google-news/google_news_ru_en_trimmed.xml",
  () => {
    test("loses its leading zero-width space and the publication at its end", () => {
      const third = read(rssFeed, fixture("google-news/google_news_ru_en_trimmed.xml"), {
        settings: { url: "https://news.google.com/", kind: "news" },
      })[2];
      expect(look(third)).toMatchObject({
        title: "Ветеран СВО основал федерацию страйкбола Забайкалья",
        author: "Официальный портал Забайкальского края",
      });
    });
  },
);

const state = { country: "jp", page: 1 };
const ratings = (items: readonly Item[]): number[] =>
  [1, 2, 3, 4, 5].map(stars => items.filter(item => item.rating?.value === stars).length);

describeShared("App Store reviews in XML", "fixtures/app-store/rss-customerreviews-jp-2020.xml", () => {
  test("50 reviews with their stars, dates, authors, versions and votes", () => {
    const items = read(appStoreReviews, fixture("app-store/rss-customerreviews-jp-2020.xml"), { state });
    expect(items.length).toBe(50);
    expect(ratings(items)).toEqual([15, 6, 9, 9, 11]);
    expect(look(items[0])).toEqual({
      id: "6310006838",
      title: "髪型追加してもらいたい",
      url: "https://itunes.apple.com/jp/review?id=1404176564&type=Purple%20Software",
      author: "単刀直入にさきいか",
      publishedAt: "2020-08-12T11:06:20Z",
    });
    expect(items[0]?.text).toBe(
      "いろんな髪型追加して欲しい\n片方ツインテールとかさまざまな髪型追加してほしいです\nゲーム機能ついているのはいいと思う",
    );
    expect(items[0]?.product).toMatch(/ 3\.5\.0$/);
    expect(items[0]?.author?.id).toBe("945418104");
    expect(items.at(-1)?.externalId).toBe("6180524864");
    expect(items.at(-1)?.publishedAt?.toISOString()).toBe("2020-07-10T10:52:38.000Z");
    expect(items.reduce((sum, { engagement }) => sum + (engagement.likes ?? 0), 0)).toBe(11);
    expect(
      items.reduce((sum, { engagement }) => sum + (engagement.likes ?? 0) + (engagement.dislikes ?? 0), 0),
    ).toBe(19);
    expect(items.every(item => item.answer === null)).toBe(true);
  });
});

describeShared("App Store reviews in JSON", "fixtures/app-store/rss-customerreviews-jp-2020.json", () => {
  test("50 reviews; this form had no dates then, and none are invented", () => {
    const items = read(appStoreReviews, fixture("app-store/rss-customerreviews-jp-2020.json"), { state });
    expect(items.length).toBe(50);
    expect(ratings(items)).toEqual([13, 7, 15, 6, 9]);
    expect(items.every(item => item.publishedAt === null)).toBe(true);
    expect(look(items[0])).toMatchObject({ id: "6290024630", title: "神アプリ", author: "ヤミ。" });
    expect(look(items.at(-1))).toMatchObject({ id: "6123449936", author: "あかさたなうは" });
  });
});

interface SuiteCase {
  test: string;
  files: [string];
  asserts: [expression: string, value: unknown][];
}

const suite = "suites/sites/expected-yandex-xml.json";
const phrase = { query: "phrase", region: "213", device: "desktop" };
const refusals: Readonly<Record<number, new (...args: never[]) => MolvaError>> = {
  32: QuotaError,
  33: BlockedError,
  55: QuotaError,
};

/** Expected texts carry the marks of found words and have no line between passages. */
const bare = (text: unknown): string =>
  (typeof text === "string" ? text : "").replace(/<\/?hlword>/g, "").replace(/\s+/g, "");

const readings: Readonly<Record<string, (item: Item | undefined) => unknown>> = {
  p: item => item?.observation?.position,
  d: item => new URL(item?.url ?? "").hostname,
  u: item => item?.url,
  t: item => bare(item?.title ?? ""),
  s: item => bare(item?.text ?? ""),
};

describeShared("Yandex XML as another parser expects it", suite, () => {
  const cases = readSharedJson<SuiteCase[]>(suite).filter(({ files }) =>
    sharedExists(`fixtures/yandex-xml/${files[0]}`),
  );

  test("at least the seven cases whose files are known are here", () => {
    expect(cases.map(one => one.test)).toEqual(
      expect.arrayContaining(["test1", "test3", "test6", "test7", "test10", "test11", "test12"]),
    );
  });

  test.each(cases.map(one => [one.test, one.files[0], one] as const))(
    "%s: %s",
    (_test, file, { asserts }) => {
      const xml = fixture(`yandex-xml/${file}`);
      const results = (): Item[] => read(yandexSearch, xml, { state: phrase });
      if (file === "404.xml") expect(results).toThrow(SourceChangedError);
      for (const [expression, value] of asserts) expectAssert(expression, value, results);
    },
  );
});

function expectAssert(expression: string, value: unknown, results: () => Item[]): void {
  const [, index, field] = /\['sn'\]\[(\d+)\]\['(\w)'\]/.exec(expression) ?? [];
  if (expression.includes("'error'")) {
    expect(results).toThrow(refusals[Number(value)] ?? MolvaError);
    expect(results).toThrow(`error ${value}`);
  } else if (expression.includes("is_not_found")) expect(results()).toEqual([]);
  else if (expression.startsWith("len(")) expect(results().length).toBe(value);
  else if (/^(?:pc|serp\['pc'\])$/.test(expression)) expectFound(results(), value);
  else {
    const isText = field === "t" || field === "s";
    const read = readings[field ?? ""];
    if (read === undefined) throw new Error(`unknown expectation ${expression}`);
    expect(read(results()[Number(index)])).toBe(isText ? bare(value) : value);
  }
}

/** An empty page has nobody to carry the number. */
function expectFound(items: readonly Item[], value: unknown): void {
  for (const item of items) expect(item.observation?.foundCount).toBe(value);
}

describeShared("the documents of Yandex's own manual", "fixtures/yandex-xml/official-doc-example.xml", () => {
  test("the example of a result is read in full", () => {
    const [item, ...others] = read(yandexSearch, fixture("yandex-xml/official-doc-example.xml"), {
      state: phrase,
    });
    expect(others).toEqual([]);
    expect(item).toMatchObject({
      kind: "search-result",
      url: "https://www.yandex.ru/",
      title: '"Яндекс" - поисковая система и интернет-портал',
      text: "Яндекс — поисковая машина, способная по вашему запросу...",
      publishedAt: null,
      observation: {
        query: "phrase",
        position: 1,
        region: "213",
        device: "desktop",
        foundCount: 192_685_602,
      },
    });
    expect(item?.externalId).toContain("https://www.yandex.ru/");
  });

  test("a deferred search that has not finished is asked about again, not taken for an empty one", () => {
    const pending = (): Item[] =>
      read(yandexSearch, fixture("yandex-xml/v2-operation-pending.json"), { state: phrase });
    expect(pending).toThrow(expect.objectContaining({ code: "not-ready", retry: { afterMs: 300_000 } }));
  });

  test("a finished one is read; the placeholder that stands for its data in the manual is refused", () => {
    const done = (): Item[] =>
      read(yandexSearch, fixture("yandex-xml/v2-operation-done.json"), { state: phrase });
    expect(done).toThrow(SourceChangedError);
    const document = fixture("yandex-xml/2017-11-29.xml");
    const encoded = Buffer.from(document).toString("base64");
    const reply = JSON.stringify({ done: true, response: { rawData: encoded } });
    expect(read(yandexSearch, reply, { state: phrase }).length).toBe(50);
  });
});
