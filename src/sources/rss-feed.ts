import { z } from "zod";
import { SourceChangedError } from "#domain/errors.ts";
import type { ItemInput } from "#domain/item.ts";
import { defineSource } from "./define.ts";
import type { FeedEntry } from "./feed/entry.ts";
import { readJsonFeed } from "./feed/json.ts";
import { readXmlFeed } from "./feed/xml.ts";
import { fitItem, hashId } from "./fit-item.ts";
import { loadHtml } from "./html.ts";
import { looksLikeHtml, refuseUnlessOk } from "./refusal.ts";

const settings = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe("Address of the feed itself, not of the page that names it"),
  kind: z.enum(["news", "post", "comment", "review"]).default("news").describe("What its entries are"),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/)
    .optional()
    .describe("Language to ask for where a site has several, e.g. ru"),
});

type Settings = z.output<typeof settings>;

const formats =
  "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5";

/** RSS 0.9x, 1.0, 2.0, Atom 0.3, 1.0 and JSON Feed: news, blogs, forums' and comments' feeds, search alerts. */
export const rssFeed = defineSource<Settings>({
  id: "rss-feed",
  title: { en: "RSS, Atom or JSON feed", ru: "Лента RSS, Atom или JSON Feed" },
  homepage: "https://www.rssboard.org/rss-specification",
  family: "news",
  via: "feed",
  yields: ["news", "post", "comment", "review"],
  hosts: ({ url }) => [new URL(url).hostname],
  site: ({ url }) => new URL(url).hostname,
  every: "15m",
  staleAfter: "7d",
  enabledByDefault: true,
  obeysRobots: false,
  settings: settings as z.ZodType<Settings>,
  example: { settings: { url: "https://news.example.org/feed.xml", kind: "news", language: "ru" } },
  limits: [
    "A feed shows only its latest entries; what leaves it between two runs is never seen.",
    "An entry without an id is known by its link; without a link, by a hash of its title and date.",
    "Many feeds carry only the beginning of a text.",
  ],
  request: ({ settings: { url, language } }) => ({
    url,
    headers: { accept: formats, ...(language === undefined ? {} : { "accept-language": language }) },
  }),
  parse: (reply, { settings: { kind }, now }) => {
    refuseUnlessOk(reply, now);
    return { items: uniqueItems(readFeed(reply.body, reply.url), kind) };
  },
});

function readFeed(body: string, url: string): FeedEntry[] {
  if (looksLikeHtml(body))
    throw new SourceChangedError(`The reply is a page, not a feed. ${feedNamedBy(body, url)}`);
  return /^[\s\uFEFF]*[{[]/.test(body) ? readJsonFeed(body, url) : readXmlFeed(body, url);
}

/** The usual mistake is the address of the site instead of the feed's; the page itself often names the feed. */
function feedNamedBy(body: string, url: string): string {
  const link = loadHtml(body.slice(0, 200_000))(
    'link[rel~="alternate"][type$="+xml"], link[rel~="alternate"][type$="feed+json"]',
  );
  const href = link.first().attr("href");
  return href !== undefined && URL.canParse(href, url)
    ? `The page names this feed: ${new URL(href, url).href.slice(0, 300)}`
    : "Check the feed's address.";
}

/** Some feeds give one id to all their entries; then the link tells them apart, and a true repetition is dropped. */
function uniqueItems(entries: readonly FeedEntry[], kind: Settings["kind"]): ItemInput[] {
  const seen = new Map<string, FeedEntry>();
  for (const entry of entries.filter(saysSomething)) {
    const id = entry.id ?? entry.link ?? idOf(entry);
    const first = seen.get(id);
    if (first === undefined) seen.set(id, entry);
    else if (first.link !== entry.link) seen.set(`${id} ${entry.link ?? idOf(entry)}`, entry);
  }
  return [...seen].map(([externalId, entry]) => fitItem(toItem(externalId, entry, kind)));
}

const saysSomething = ({ id, link, title, text, author, publishedAt }: FeedEntry): boolean =>
  [id, link, title, text || null, author, publishedAt].some(fact => fact !== null);

const idOf = ({ title, text, publishedAt }: FeedEntry): string =>
  hashId([title ?? text.slice(0, 500), publishedAt?.toISOString() ?? null]);

function toItem(externalId: string, entry: FeedEntry, kind: Settings["kind"]): ItemInput {
  const { link, publishedAt, updatedAt } = entry;
  return {
    externalId,
    kind,
    url: link,
    title: withoutSource(entry.title, entry.author?.name),
    text: entry.text,
    author: entry.author,
    publishedAt,
    editedAt: publishedAt !== null && updatedAt !== null && updatedAt > publishedAt ? updatedAt : null,
    threadId: kind === "comment" && link !== null ? link.replace(/#.*$/, "") : null,
    parentExternalId: entry.parentId,
    engagement: entry.commentCount === null ? {} : { replies: entry.commentCount },
  };
}

/** News aggregators append the publication, which is kept as the author, to each headline. */
function withoutSource(title: string | null, source: string | null | undefined): string | null {
  const suffix = ` - ${source}`;
  return source && title?.endsWith(suffix) && title.length > suffix.length
    ? title.slice(0, -suffix.length).trim()
    : title;
}
