import { describe, expect, test } from "vitest";
import { demoBrand, demoCompetitor, demoRule, demoSources } from "#demo/brand.ts";
import { forumThreads, places, reviews } from "#demo/corpus.ts";
import { otherWaveChannelPosts } from "#demo/texts/channel-town.ts";
import type { ForumPost } from "#demo/texts/define.ts";
import { otherWaveThreads } from "#demo/texts/forum-town.ts";
import { otherWaveArticles } from "#demo/texts/news-ru.ts";
import { durationMs } from "#domain/duration.ts";
import { compileBrands } from "#domain/query/match.ts";
import { parseQuery } from "#domain/query/parse.ts";
import { findSourceKind } from "#sources/registry.ts";

interface Text {
  title?: string;
  text: string;
  answer?: ForumPost["answer"];
}

const texts: readonly Text[] = places.flatMap(place => [...place] as unknown as Text[]);
const answers = texts.flatMap(({ answer }) => (answer ? [answer] : []));
const isRussian = ({ text, title = "" }: Text): boolean =>
  /[а-яё]/i.test(`${title} ${text}`.replace(/“[^”]*”|[«][^»]*[»]/g, ""));
const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

describe("the demo's texts", () => {
  test("are at least 230 in Russian and 90 in English, 110 of them for the time while it runs", () => {
    const all = [...texts, ...answers];
    const russian = all.filter(isRussian).length;
    expect(russian).toBeGreaterThanOrEqual(230);
    expect(all.length - russian).toBeGreaterThanOrEqual(90);
    expect(places.flat().filter(({ when }) => typeof when !== "number").length).toBeGreaterThanOrEqual(110);
  });

  test("run from one word to a hundred and more", () => {
    const lengths = texts.map(({ text }) => wordsOf(text).length);
    expect(Math.max(...lengths)).toBeGreaterThanOrEqual(150);
    expect(lengths.filter(length => length <= 3).length).toBeGreaterThanOrEqual(8);
  });

  test("repeat each other only where somebody posted the same in two or three places", () => {
    const long = texts.filter(({ text }) => wordsOf(text).length >= 15);
    const reposted = long.filter(one => long.some(other => other !== one && sharedPart(one, other) > 0.6));
    expect(reposted.map(({ text }) => text.slice(0, 22)).toSorted()).toEqual([
      "Купил вечером в Волне ",
      "Купил вечером в Волне ",
      "Нам пишет Рамиль Г.: «",
      "Только что в Волне у в",
      "Только что в Волне у в",
    ]);
    const whole = texts.map(({ text }) => text);
    expect(new Set(whole).size).toBe(whole.length);
  });

  test("give every number of stars to some review, low ones to a quarter or more", () => {
    const all = [...reviews.ru, ...reviews.us].map(({ stars }) => stars);
    expect(new Set(all)).toEqual(new Set([1, 2, 3, 4, 5]));
    const low = all.filter(stars => stars <= 2).length / all.length;
    expect(low).toBeGreaterThan(0.25);
    expect(low).toBeLessThan(0.5);
  });

  test("quote only whoever has spoken before in the thread", () => {
    for (const { title, posts } of forumThreads) {
      for (const [index, { quote }] of posts.entries()) {
        if (quote === undefined) continue;
        expect(
          posts.slice(0, index).map(({ author }) => author),
          title,
        ).toContain(quote);
      }
    }
  });
});

/** The share of three-word runs of the shorter text that the other one has too. */
function sharedPart(one: Text, other: Text): number {
  const [a, b] = [runsOf(one), runsOf(other)].toSorted((x, y) => x.size - y.size) as [
    Set<string>,
    Set<string>,
  ];
  return [...a].filter(run => b.has(run)).length / a.size;
}

function runsOf({ text }: Text): Set<string> {
  const words = wordsOf(text);
  return new Set(words.slice(2).map((_, index) => words.slice(index, index + 3).join(" ")));
}

describe("the demo's brands", () => {
  const matcher = compileBrands([
    { brandId: "own", query: parseQuery(demoBrand.query) },
    { brandId: "rival", query: parseQuery(demoCompetitor("own").query) },
  ]);
  const brandsIn = ({ title = "", text }: Text): string[] =>
    matcher.match({ title, text, author: null, url: null, source: null }).map(({ brandId }) => brandId);
  const otherWaves: ReadonlySet<Text> = new Set([
    ...otherWaveThreads.flatMap(({ posts }) => posts),
    ...otherWaveChannelPosts,
    ...otherWaveArticles,
  ]);

  test("leave out all the seventeen texts about other things called «волна»", () => {
    expect(otherWaves.size).toBe(17);
    for (const text of otherWaves) expect(brandsIn(text), text.text).toEqual([]);
  });

  test.each([
    ["own", /(?<![\p{L}\p{N}])(?:волн(?:а|ы|у|е|ой)|volna)(?![\p{L}\p{N}])/iu],
    ["rival", /(?<![\p{L}\p{N}])(?:чибис|chibis)/iu],
  ])("find every text that names the %s brand, and no other", (brandId, name) => {
    for (const text of texts) {
      const isNamed = name.test(`${text.title ?? ""} ${text.text}`) && !otherWaves.has(text);
      expect(brandsIn(text).includes(brandId), text.text).toBe(isNamed);
    }
  });
});

describe("the demo's sources", () => {
  test("have settings that their kinds accept, and ask loopback alone every few seconds", () => {
    const sources = demoSources("http://127.0.0.1:8410", "own", "rival");
    expect(new Set(sources.map(({ kind }) => kind)).size).toBe(4);
    for (const { kind: id, settings, schedule } of sources) {
      const kind = findSourceKind(id);
      expect(kind.hosts(kind.settings.parse(settings))).toEqual(["127.0.0.1"]);
      expect(durationMs(schedule.every)).toBeLessThanOrEqual(10_000);
    }
  });

  test("feed the brand's only rule", () => {
    expect(demoRule("own", ["channel"])).toMatchObject({
      brandId: "own",
      kind: "negative-mention",
      channelIds: ["channel"],
    });
  });
});
