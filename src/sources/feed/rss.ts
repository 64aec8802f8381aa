import { SourceChangedError } from "#domain/errors.ts";
import { oneLine } from "#sources/plain-text.ts";
import { webAddress } from "#sources/web-address.ts";
import { baseOf, childrenByName, type FeedElement, firstText } from "./elements.ts";
import type { FeedEntry } from "./entry.ts";
import { alternateOf, authorIn, type Children, countIn, firstDate, parentOf, readFirst } from "./fields.ts";

/** Entries of an `rss` or `rdf:RDF` element; items stand in the channel or, in RSS 0.9 and 1.0, beside it. */
export function readRss(root: FeedElement, feedUrl: string): FeedEntry[] {
  const top = childrenByName(root, "");
  const channels = top.get("channel") ?? [];
  const items = [
    ...channels.flatMap(channel => childrenByName(channel, "").get("item") ?? []),
    ...(top.get("item") ?? []),
  ];
  if (channels.length === 0 && items.length === 0)
    throw new SourceChangedError("The RSS feed has neither a channel nor items.");
  return items.map(item => readRssItem(item, feedUrl));
}

function readRssItem(item: FeedElement, feedUrl: string): FeedEntry {
  const children = childrenByName(item, "");
  const guid = firstText(children.get("guid"));
  return {
    id: guid ?? item.attribs["rdf:about"]?.trim() ?? firstText(children.get("atom:id")) ?? null,
    link: rssLink(children, guid, baseOf(item, feedUrl)),
    title: oneLine(readFirst(children, ["title", "dc:title", "atom:title", "itunes:title"], "html")),
    text: readFirst(children, rssTexts, "html"),
    author: rssAuthor(children, feedUrl),
    publishedAt: firstDate(children, [
      "pubdate",
      "atom:published",
      "dc:date",
      "dcterms:issued",
      "dcterms:created",
      "published",
    ]),
    updatedAt: firstDate(children, ["atom:updated", "dcterms:modified", "updated"]),
    commentCount: countIn(children, ["slash:comments", "thr:total"]),
    parentId: parentOf(children),
  };
}

const rssTexts = [
  "content:encoded",
  "encoded",
  "atom:content",
  "xhtml:body",
  "xhtml:div",
  "content",
  "description",
  "atom:summary",
  "dc:description",
  "itunes:summary",
  "media:description",
];

function rssLink(children: Children, guid: string | null, base: string): string | null {
  const ofItem = children.get("link") ?? [];
  const candidates = [
    firstText(ofItem),
    ...ofItem.map(link => link.attribs["href"]),
    alternateOf(children.get("atom:link") ?? []),
  ];
  const isPermalink = children.get("guid")?.[0]?.attribs["isPermaLink"]?.toLowerCase() !== "false";
  if (isPermalink && /^https?:/i.test(guid ?? "")) candidates.push(guid);
  for (const candidate of candidates) {
    const address = webAddress(candidate, base);
    if (address !== null) return address;
  }
  return null;
}

/** `source` names the publication that an aggregator took the item from, which is all it knows of the author. */
function rssAuthor(children: Children, feedUrl: string): FeedEntry["author"] {
  for (const name of [
    "dc:creator",
    "author",
    "atom:author",
    "dc:author",
    "itunes:author",
    "dc:publisher",
    "source",
  ]) {
    const element = children.get(name)?.[0];
    const author = element === undefined ? null : authorIn(element, "html", baseOf(element, feedUrl));
    if (author !== null) return author;
  }
  return null;
}
