import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { ItemInput } from "#domain/item.ts";
import { readDate } from "#sources/dates.ts";
import { htmlToText, oneLine } from "#sources/plain-text.ts";
import { rssFeed } from "#sources/rss-feed.ts";
import { describeShared, sharedPath } from "#tests/shared.ts";

/** What a pair's JSON says of an entry, in our words; absent fields are not compared. */
interface Expected {
  title?: string | undefined;
  link?: string | undefined;
  id?: string | undefined;
  author?: string | undefined;
  publishedAt?: string | undefined;
  text?: string | undefined;
}

type Raw = Record<string, unknown>;

const gofeed = "suites/sites/gofeed-testdata.tar.gz";
const rssParser = "suites/sites/rss-parser-io.tar.gz";
const feedUrl = "https://feed.example/feed.xml";

/** Pair and field to the reason why ours is another value, on purpose. */
const exceptions: Readonly<Record<string, string>> = {
  "parser/atom/entry_id_xml_base.xml id": "an id is opaque; RFC 4287 forbids relative ones",
  "parser/atom/issue_275_extensions_and_source.xml text": "a video and a nested feed are no text",
  "parser/rss/rdf_item_links.xml link": "of several links gofeed takes the last one, we the first",
  "parser/rss/rss_channel_item_links.xml link": "of several links gofeed takes the last one, we the first",
  "translator/rss/feed_item_links_-_rss_channel_item_links.xml link":
    "of several links gofeed takes the last one, we the first",
  "parser/rss/rss_channel_item_guid_naked_markup.xml id": "tags are no part of an id",
  "reddit-atom.rss text": "rss-parser loses the order of words between child elements",
  "reddit-home.rss text": "rss-parser loses the order of words between child elements",
  "uolNoticias.rss title":
    "the expectation was read in the wrong encoding and holds U+FFFD for each letter with an accent",
  "uolNoticias.rss text":
    "the expectation was read in the wrong encoding and holds U+FFFD for each letter with an accent",
  "xml2js-options.rss text": "EMPTY is what the pair's own parser option puts for nothing",
};

function itemsOf(path: string): ItemInput[] {
  const reply = {
    request: { url: feedUrl },
    url: feedUrl,
    status: 200,
    headers: {},
    body: decode(readFileSync(path)),
  };
  const settings = { url: feedUrl, kind: "news" as const };
  const ask = { settings, cursor: null, progress: null, now: new Date("2026-05-20T12:00:00Z"), since: null };
  return rssFeed.parse?.(reply, ask).items ?? [];
}

/** In the encoding that the file names; one expectation is in no encoding that it names, it is Latin-1. */
function decode(bytes: Buffer): string {
  const declared =
    /encoding=["']([\w-]+)["']/.exec(bytes.subarray(0, 200).toString("latin1"))?.[1] ?? "utf-8";
  try {
    return new TextDecoder(declared, { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("latin1").decode(bytes);
  }
}

/** Fields of the expectation that differ, as "field: ours ≠ theirs". */
function differences(item: ItemInput | undefined, expected: Expected): string[] {
  const ours: Record<keyof Expected, string | null | undefined> = {
    title: item?.title,
    link: item?.url == null ? null : new URL(item.url).href,
    id: item?.externalId,
    author: item?.author?.name,
    publishedAt: item?.publishedAt?.toISOString(),
    text: item?.text,
  };
  const theirs: Record<keyof Expected, string | null | undefined> = {
    id: expected.id?.trim(),
    link: expected.link === undefined ? null : new URL(expected.link.trim(), feedUrl).href,
    title: oneLine(htmlToText(expected.title ?? "")),
    author: oneLine(htmlToText(expected.author ?? "")),
    publishedAt: readDate(expected.publishedAt)?.toISOString(),
    text: htmlToText(expected.text ?? ""),
  };
  const fields = Object.keys(theirs) as (keyof Expected)[];
  return fields
    .filter(field => theirs[field] && theirs[field] !== ours[field])
    .map(field => `${field}: ${JSON.stringify(ours[field])} ≠ ${JSON.stringify(theirs[field])}`);
}

const used = new Set<string>();

/** The differences that no exception explains. */
function unexplained(file: string, found: string[]): string[] {
  return found
    .map(difference => `${file} ${difference}`)
    .filter(difference => {
      const [key = ""] = difference.split(":");
      used.add(key);
      return exceptions[key] === undefined;
    });
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value.trim() !== "" ? value : undefined;
const record = (value: unknown): Raw => (typeof value === "object" && value !== null ? (value as Raw) : {});
const first = (value: unknown): Raw => record(Array.isArray(value) ? value[0] : value);

function fromGofeed(entry: Raw): Expected {
  const alternate = (Array.isArray(entry["links"]) ? entry["links"] : [])
    .map(record)
    .find(link => (link["rel"] ?? "alternate") === "alternate");
  const author =
    Object.keys(first(entry["authors"])).length > 0 ? first(entry["authors"]) : record(entry["author"]);
  return {
    title: text(entry["title"]),
    link: text(entry["link"]) ?? text(entry["url"]) ?? text(alternate?.["href"]),
    id: text(entry["guid"]) ?? text(record(entry["guid"])["value"]) ?? text(entry["id"]),
    author: text(author["name"]) ?? text(author["email"]) ?? text(entry["author"]),
    publishedAt:
      text(entry["publishedParsed"]) ?? text(entry["pubDateParsed"]) ?? text(entry["date_published"]),
    text:
      text(entry["content"]) ??
      text(record(entry["content"])["value"]) ??
      text(entry["content_html"]) ??
      text(entry["content_text"]) ??
      text(entry["description"]) ??
      text(entry["summary"]),
  };
}

function fromRssParser(entry: Raw): Expected {
  return {
    title: text(entry["title"]),
    link: text(entry["link"]),
    id: text(entry["guid"]) ?? text(entry["id"]) ?? text(entry["rdf:about"]),
    author: text(entry["creator"]) ?? text(entry["author"]),
    publishedAt: text(entry["isoDate"]) ?? text(entry["pubDate"]),
    text: text(entry["content:encoded"]) ?? text(entry["content"]) ?? text(entry["summary"]),
  };
}

function unpacked(archive: string): string {
  const folder = mkdtempSync(join(tmpdir(), "feed-suite-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  execFileSync("tar", ["xzf", sharedPath(archive), "-C", folder]);
  return folder;
}

afterAll(() => {
  const stale = used.size === 0 ? [] : Object.keys(exceptions).filter(key => !used.has(key));
  expect(stale, "exceptions that nothing needs").toEqual([]);
});

describeShared("the feeds of gofeed", gofeed, () => {
  const root = join(unpacked(gofeed), "testdata");
  const files = readdirSync(root, { recursive: true, encoding: "utf8" });
  const pairs = files.flatMap(file => {
    if (file.endsWith(".xml") && files.includes(file.replace(/xml$/, "json")))
      return [{ file, answer: file.replace(/xml$/, "json") }];
    return file.endsWith("_expected.json") ? [{ file: file.replace("_expected", ""), answer: file }] : [];
  });

  test("title, link, id, author, date and content come out of every pair that has them", () => {
    let compared = 0;
    const wrong = pairs.flatMap(({ file, answer }) => {
      const feed = JSON.parse(readFileSync(join(root, answer), "utf8")) as Raw;
      const expected = ((feed["items"] ?? feed["entries"] ?? []) as Raw[]).map(fromGofeed);
      const saying = expected.filter(entry => Object.values(entry).some(value => value !== undefined));
      if (saying.length === 0) return [];
      const items = itemsOf(join(root, file));
      compared += saying.length;
      return saying.flatMap((entry, index) => unexplained(file, differences(items[index], entry)));
    });
    expect(wrong).toEqual([]);
    expect(compared).toBe(163);
  });
});

describeShared("the feeds of rss-parser", rssParser, () => {
  const root = join(unpacked(rssParser), "test");
  const inputs = readdirSync(join(root, "input"));
  const pairs = readdirSync(join(root, "output")).map(answer => ({
    answer,
    file: inputs.find(input => input.replace(/\.\w+$/, "") === answer.replace(".json", "")) ?? "",
  }));

  test.each(pairs)("$answer", ({ answer, file }) => {
    const raw = JSON.parse(decode(readFileSync(join(root, "output", answer)))) as Raw;
    const expected = ((record(raw["feed"])["items"] ?? raw["items"] ?? []) as Raw[]).map(fromRssParser);
    const items = itemsOf(join(root, "input", file));
    const saying = expected.filter(entry => Object.values(entry).some(value => value !== undefined));
    expect(items.length).toBe(saying.length);
    expect(
      saying.flatMap((entry, index) => unexplained(file, differences(items[index], entry))).slice(0, 5),
    ).toEqual([]);
  });
});
