import { describe, expect, test } from "vitest";
import { TooMuchError } from "#domain/errors.ts";
import type { ItemInput } from "#domain/item.ts";
import { rssFeed } from "#sources/rss-feed.ts";

const url = "https://news.example.org/feed.xml";

function read(body: string, kind: "news" | "comment" = "news"): ItemInput[] {
  const ask = {
    settings: { url, kind },
    cursor: null,
    progress: null,
    now: new Date("2026-05-20T12:00:00Z"),
    since: null,
  };
  return rssFeed.parse?.({ request: { url }, url, status: 200, headers: {}, body }, ask).items ?? [];
}

const rss = (items: string): string => `<rss version="2.0"><channel><title>T</title>${items}</channel></rss>`;

describe("a feed's entry", () => {
  test("without an id is known by its link, without a link by its title and date", () => {
    const body = rss(
      "<item><title>A</title><link>/a</link></item><item><title>B</title><pubDate>1 May 2026 10:00 GMT</pubDate></item>",
    );
    const [first, second] = read(body);
    expect(first?.externalId).toBe("https://news.example.org/a");
    expect(second?.externalId).toMatch(/^sha256:[0-9a-f]{64}$/);
    const [, edited] = read(body.replace("<title>B", "<description>more</description><title>B"));
    expect(edited?.externalId).toBe(second?.externalId);
  });

  test("is told from another one by the link when the feed gives both the same id, and is not repeated", () => {
    const item = (link: string): string =>
      `<item><guid isPermaLink="false">same</guid><title>A</title><link>${link}</link></item>`;
    const items = read(
      rss(
        item("https://news.example.org/1") +
          item("https://news.example.org/2") +
          item("https://news.example.org/1"),
      ),
    );
    expect(items.map(one => one.externalId)).toEqual(["same", "same https://news.example.org/2"]);
  });

  test("keeps lines of paragraphs, list points and breaks, and drops scripts", () => {
    const html =
      "<p>Ждали&nbsp;час.</p><ul><li>холодно</li><li>дорого</li></ul>Итог:<br>нет<script>steal()</script>";
    expect(
      read(rss(`<item><title>A</title><description><![CDATA[${html}]]></description></item>`))[0]?.text,
    ).toBe("Ждали час.\nхолодно\nдорого\nИтог:\nнет");
  });

  test("may use entities that XML does not know, but its CDATA is left alone", () => {
    const [item] = read(
      rss(
        "<item><title>A &mdash; B &unknown; &amp;lt;</title><description><![CDATA[x &amp;mdash; y]]></description></item>",
      ),
    );
    expect([item?.title, item?.text]).toEqual(["A — B &unknown; <", "x &mdash; y"]);
  });

  test("may use any prefix for a namespace, even a wrong case", () => {
    const body = `<RSS xmlns:q="http://purl.org/rss/1.0/modules/content/" xmlns:Z="http://purl.org/dc/elements/1.1/"><channel><item><q:encoded>Full</q:encoded><Z:Creator>Ann</Z:Creator><description>Short</description></item></channel></RSS>`;
    expect(read(body)[0]).toMatchObject({ text: "Full", author: { name: "Ann" } });
  });

  test("of comments belongs to the page without the mark of the comment", () => {
    const [item] = read(
      rss("<item><guid>c1</guid><link>https://news.example.org/post#c1</link><title>Re</title></item>"),
      "comment",
    );
    expect(item).toMatchObject({
      kind: "comment",
      threadId: "https://news.example.org/post",
      url: "https://news.example.org/post#c1",
    });
  });

  test("never leads to an address that is not of the web", () => {
    expect(read(rss("<item><title>A</title><link>javascript:alert(1)</link></item>"))[0]?.url).toBeNull();
  });
});

describe("what is no feed", () => {
  test("a page that names its feed is refused with that address", () => {
    const page =
      '<!doctype html><html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head></html>';
    expect(() => read(page)).toThrow("https://news.example.org/rss");
  });

  test("declared entities are refused before they grow", () => {
    expect(() =>
      read(
        `<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${rss("<item><title>&b;</title></item>")}`,
      ),
    ).toThrow(TooMuchError);
  });

  test("a feed with junk before and after it is read", () => {
    const body = `\uFEFF\n Warning: something\n${rss("<item><title>A</title></item>")}\n<!-- cached -->`;
    expect(read(body).map(item => item.title)).toEqual(["A"]);
  });
});
