import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demoSources } from "#demo/brand.ts";
import { articles, channelPosts, forumThreads, places, reviews } from "#demo/corpus.ts";
import { timelineOf } from "#demo/timeline.ts";
import { type DemoWeb, startDemoWeb } from "#demo/web.ts";
import type { Json } from "#sources/define.ts";
import { collect, documentsOf } from "#tests/demo/collect.ts";

const epoch = new Date("2026-11-20T09:14:03.000Z");
const secondsLater = (seconds: number): Date => new Date(epoch.getTime() + seconds * 1000);
const aDay = secondsLater(86_400);

let at = epoch;
let web: DemoWeb;
beforeAll(async () => {
  web = await startDemoWeb({ now: () => at, epoch });
});
afterAll(() => web.stop());

const sourceOf = (title: string) => {
  const source = demoSources(web.baseUrl, "own", "rival").find(one => one.title === title);
  if (source === undefined) throw new Error(`no source ${title}`);
  return source;
};

async function read(title: string, now: Date, cursor: Json = null) {
  at = now;
  const { kind, settings } = sourceOf(title);
  return collect(kind, settings, now, cursor);
}

const isPast = ({ when }: { when: unknown }): boolean => typeof when === "number";
const forumPosts = forumThreads.flatMap(thread => thread.posts);
const answered = forumPosts.filter(post => post.answer !== undefined);

/** Texts of each source that are there at the start, and a day later. */
const expected: readonly (readonly [title: string, atStart: number, inTheEnd: number])[] = [
  [
    "Форум города",
    forumPosts.filter(isPast).length + answered.filter(isPast).length,
    forumPosts.length + answered.length,
  ],
  [
    "Приложение «Волна» в App Store",
    [...reviews.ru, ...reviews.us].filter(isPast).length,
    reviews.ru.length + reviews.us.length,
  ],
  ["Светлоречье сегодня", articles.ru.filter(isPast).length, articles.ru.length],
  ["The Svetlorechye Post", articles.en.filter(isPast).length, articles.en.length],
  ["Светлоречье. Где поесть", channelPosts.ru.filter(isPast).length, channelPosts.ru.length],
  ["Svetlorechye in English", channelPosts.en.filter(isPast).length, channelPosts.en.length],
];

test("every source of the demo is expected here", () => {
  expect(demoSources(web.baseUrl, "own", "rival").map(source => source.title)).toEqual(
    expected.map(([title]) => title),
  );
});

describe.each(expected)("%s", (title, atStart, inTheEnd) => {
  test("is read whole by its kind at the start, with dates and authors", async () => {
    const documents = documentsOf((await read(title, epoch)).items);
    expect(documents.size).toBe(atStart);
    for (const { publishedAt, editedAt, text, author } of documents.values()) {
      expect(publishedAt?.getTime()).toBeLessThanOrEqual(epoch.getTime());
      expect(publishedAt?.getTime()).toBeGreaterThan(secondsLater(-61 * 86_400).getTime());
      expect(editedAt?.getTime() ?? 0).toBeLessThanOrEqual(epoch.getTime());
      expect(text).not.toBe("");
      if (!title.includes("сегодня") && !title.includes("Post")) expect(author?.name).toBeTruthy();
    }
  });

  test("gives a later run all that appeared meanwhile, and asks little when nothing did", async () => {
    const first = await read(title, epoch);
    const second = await read(title, aDay, first.cursor);
    const third = await read(title, aDay, second.cursor);
    const seen = documentsOf([...first.items, ...second.items]);
    expect(seen.size).toBe(inTheEnd);
    expect(documentsOf([...seen.values(), ...third.items]).size).toBe(inTheEnd);
    expect(third.requestCount).toBeLessThanOrEqual(2);
  });
});

describe("texts", () => {
  test("come over the wire exactly as written, markup and quotation marks included", async () => {
    const served = new Set(
      (await Promise.all(expected.map(([title]) => read(title, aDay))))
        .flatMap(run => run.items)
        .map(item => item.text.replace(/\s+/g, " ")),
    );
    const written = places.flatMap(
      place => [...place] as unknown as { text: string; edit?: { text: string } }[],
    );
    const missing = written
      .map(({ text, edit }) => (edit?.text ?? text).replace(/\s+/g, " "))
      .filter(text => !served.has(text));
    expect(missing).toEqual([]);
  });

  test("are the same after a restart within one data folder", async () => {
    const restarted = await startDemoWeb({ now: () => aDay, epoch });
    for (const path of ["/forum/viewforum.php?f=1", "/s/svetlorechye_eda", "/forum/feed.php"]) {
      at = aDay;
      const [one, other] = await Promise.all(
        [web.baseUrl, restarted.baseUrl].map(async base =>
          (await (await fetch(base + path)).text()).replaceAll(base, ""),
        ),
      );
      expect(other).toBe(one);
    }
    await restarted.stop();
  });

  test("appear every 3 to 5 seconds, from different places in turn, and end honestly", () => {
    const timeline = timelineOf(places, epoch);
    const live = places
      .flatMap((place, index) => place.map(text => ({ index, at: timeline.get(text) as Date })))
      .filter(text => text.at > epoch)
      .toSorted((a, b) => a.at.getTime() - b.at.getTime());
    expect(live.length).toBeGreaterThanOrEqual(110);
    const gaps = live.map(
      ({ at }, index) => (at.getTime() - (live[index - 1]?.at ?? epoch).getTime()) / 1000,
    );
    for (const gap of gaps.slice(0, 90)) {
      expect(gap).toBeGreaterThanOrEqual(2);
      expect(gap).toBeLessThanOrEqual(6);
    }
    expect(gaps.at(-1)).toBeGreaterThan(30);
    expect(new Set(live.slice(0, 8).map(({ index }) => index)).size).toBeGreaterThanOrEqual(4);
  });
});

describe("the live story", () => {
  const complaint = "Ждала заказ из Волны 1 час 50 минут";

  test("of the forum: a complaint, the official answer to it, the author's edit after that", async () => {
    const first = await read("Форум города", epoch);
    const told = await read("Форум города", secondsLater(25), first.cursor);
    const asked = told.items.find(item => item.text.startsWith(complaint));
    expect(asked).toMatchObject({ editedAt: null, threadTitle: "Доставка Волны: у кого как?" });
    const answeredRun = await read("Форум города", secondsLater(60), told.cursor);
    const answer = answeredRun.items.find(item => item.parentExternalId === asked?.externalId);
    expect(answer).toMatchObject({
      author: { name: "Волна_Светлоречье", badges: ["Представитель компании"] },
    });
    expect(answer?.text).toMatch(/^Ирина, здравствуйте!/);
    const editedRun = await read("Форум города", secondsLater(110), answeredRun.cursor);
    const edited = documentsOf(editedRun.items).get(asked?.externalId ?? "");
    expect(edited?.text).toContain("UPD: деньги так и не пришли");
    expect(edited?.editedAt?.getTime()).toBeGreaterThan(answer?.publishedAt?.getTime() ?? Number.NaN);
  });

  test("of the store: a review rewritten with other stars keeps its identity", async () => {
    const title = "Приложение «Волна» в App Store";
    const all = (await read(title, secondsLater(3600))).items.filter(
      item => item.author?.name === "Елизавета",
    );
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({
      rating: { value: 5, scale: 5 },
      title: "Опять двойное списание",
      owned: true,
    });
    let stars: number | undefined;
    for (let second = 0; stars === undefined && second < 200; second += 15) {
      const { items } = await read(title, secondsLater(second));
      stars = items.find(item => item.externalId === all[0]?.externalId)?.rating?.value;
    }
    expect(stars).toBe(2);
  });
});

describe("pages", () => {
  const get = (path: string, headers: Record<string, string> = {}) => fetch(web.baseUrl + path, { headers });

  test("answer a conditional request with 304 until something new is on them", async () => {
    at = epoch;
    const first = await get("/forum/viewforum.php?f=1");
    const etag = first.headers.get("etag") ?? "";
    const lastModified = first.headers.get("last-modified") ?? "";
    expect(Date.parse(lastModified)).toBeLessThanOrEqual(epoch.getTime());
    expect((await get("/forum/viewforum.php?f=1", { "if-none-match": etag })).status).toBe(304);
    expect((await get("/forum/viewforum.php?f=1", { "if-modified-since": lastModified })).status).toBe(304);
    at = secondsLater(120);
    expect((await get("/forum/viewforum.php?f=1", { "if-none-match": etag })).status).toBe(200);
    expect((await get("/forum/viewforum.php?f=1", { "if-modified-since": lastModified })).status).toBe(200);
  });

  test("load nothing from elsewhere and run no script", async () => {
    at = aDay;
    const paths = [
      "/",
      "/forum/",
      "/forum/viewforum.php?f=1",
      "/forum/viewtopic.php?t=105",
      "/s/svetlorechye_en",
      "/news/ru/2003",
    ];
    for (const path of paths) {
      const response = await get(path);
      expect(response.status, path).toBe(200);
      expect(await response.text(), path).not.toMatch(
        /<script|<img|<iframe|\ssrc=|@import|url\(|stylesheet/i,
      );
    }
  });

  test("show markup that somebody typed as text", async () => {
    at = aDay;
    const topic = [...Array(40).keys()].map(index => `/forum/viewtopic.php?t=${101 + index}`);
    const bodies = await Promise.all(topic.map(async path => (await get(path)).text()));
    const typed = bodies.find(body => body.includes("курьеру приходит буквально")) ?? "";
    expect(typed).toContain("&lt;b&gt;позвоните&lt;/b&gt; &amp; &quot;не звоните&quot;");
    expect(typed).not.toContain("<b>позвоните");
  });

  test("that are not there are 404, and nothing can be written", async () => {
    at = epoch;
    for (const path of [
      "/nothing",
      "/forum/viewtopic.php?t=1",
      "/forum/viewtopic.php?p=999999",
      "/s/stranger",
      "//",
      "/news/ru/1",
    ])
      expect((await get(path)).status, path).toBe(404);
    expect((await fetch(`${web.baseUrl}/forum/`, { method: "POST" })).status).toBe(405);
  });

  test("may be read by robots, but for what a forum closes", async () => {
    const robots = await (await get("/robots.txt")).text();
    expect(robots).toMatch(/^User-agent: \*\nDisallow: \/forum\/search\.php\n/);
  });
});

test("a stopped web frees its port at once, open connections or not", async () => {
  const short = await startDemoWeb({ now: () => epoch });
  await (await fetch(`${short.baseUrl}/robots.txt`)).text();
  const begun = performance.now();
  await short.stop();
  expect(performance.now() - begun).toBeLessThan(5_000);
  const again = await startDemoWeb({ now: () => epoch, port: Number(new URL(short.baseUrl).port) });
  expect(again.baseUrl).toBe(short.baseUrl);
  await again.stop();
});
