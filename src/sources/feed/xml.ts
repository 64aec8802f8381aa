import { SourceChangedError } from "#domain/errors.ts";
import { readDate } from "#sources/dates.ts";
import { decodeEntities, oneLine } from "#sources/plain-text.ts";
import { webAddress } from "#sources/web-address.ts";
import { loadXml } from "#sources/xml.ts";
import {
  baseOf,
  childrenByName,
  elementsIn,
  type FeedElement,
  firstText,
  knownName,
  readableText,
  type TextForm,
} from "./elements.ts";
import { type FeedEntry, personName } from "./entry.ts";

/** Entries of an RSS 0.9x, 1.0, 2.0 or Atom 0.3, 1.0 feed in its own order; anything else is a `SourceChangedError`. */
export function readXmlFeed(body: string, feedUrl: string): FeedEntry[] {
  const $ = loadXml(declareEntities(body));
  const root = elementsIn($.root()[0] ?? { children: [] }).find(element => rootName(element) !== null);
  if (root === undefined) {
    throw new SourceChangedError(
      "The reply is no feed: its root is none of rss, rdf:RDF and feed. Check the feed's address.",
    );
  }
  if (!body.includes(`</${root.name}`))
    throw new SourceChangedError(`The feed ends before </${root.name}>: the reply was cut off.`);
  return rootName(root) === "feed" ? readAtom(root, feedUrl) : readRss(root, feedUrl);
}

const roots = new Map([
  ["rss", "rss"],
  ["rdf:rdf", "rss"],
  ["feed", "feed"],
]);

const rootName = (element: FeedElement): string | null => roots.get(knownName(element, "atom")) ?? null;

/** XML knows five entities; the names that feeds borrow from HTML (&nbsp;) are replaced, but not within CDATA. */
function declareEntities(body: string): string {
  const parts: string[] = [];
  const known = new Map<string, string>();
  for (let start = 0; start < body.length; ) {
    const open = body.indexOf("<![CDATA[", start);
    const plainEnd = open === -1 ? body.length : open;
    parts.push(
      body
        .slice(start, plainEnd)
        .replace(/&(?!(?:amp|lt|gt|quot|apos);)[a-z][a-z0-9]{1,31};/gi, name => decodeEntities(name, known)),
    );
    const close = body.indexOf("]]>", plainEnd);
    start = close === -1 ? body.length : close;
    parts.push(body.slice(plainEnd, start));
  }
  return parts.join("");
}

type Children = ReadonlyMap<string, FeedElement[]>;

/** The first of these names whose element says something. */
function readFirst(children: Children, names: readonly string[], form: TextForm): string {
  const elements = names.flatMap(name => children.get(name) ?? []);
  for (const element of elements) {
    const text = readableText(element, form);
    if (text !== "") return text;
  }
  return "";
}

const firstDate = (children: Children, names: readonly string[]): Date | null =>
  names
    .flatMap(name => children.get(name) ?? [])
    .map(element => readDate(firstText([element])))
    .find(date => date !== null) ?? null;

function readRss(root: FeedElement, feedUrl: string): FeedEntry[] {
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

/** Atom writes a person as child elements, RSS as a text that may be HTML. */
function authorIn(element: FeedElement, form: TextForm, base: string): FeedEntry["author"] {
  const parts = childrenByName(element, "atom");
  const name = firstText(parts.get("name")) ?? firstText(parts.get("email"));
  const url = firstText(parts.get("uri")) ?? firstText(parts.get("url")) ?? firstText(parts.get("homepage"));
  if (name !== null || url !== null) return { name: oneLine(name), url: webAddress(url, base) };
  if (["name", "email", "uri", "url"].some(part => parts.has(part))) return null;
  const text = oneLine(readableText(element, form));
  return text === null ? null : { name: personName(text), url: webAddress(element.attribs["url"], base) };
}

function readAtom(root: FeedElement, feedUrl: string): FeedEntry[] {
  const children = childrenByName(root, "atom");
  const entries = children.get("entry") ?? [];
  const feedAuthor = atomAuthor(children, feedUrl);
  return entries.map(entry => readAtomEntry(entry, feedAuthor, feedUrl));
}

function readAtomEntry(entry: FeedElement, feedAuthor: FeedEntry["author"], feedUrl: string): FeedEntry {
  const children = childrenByName(entry, "atom");
  const updatedAt = firstDate(children, ["updated", "modified"]);
  return {
    id: firstText(children.get("id")),
    link: webAddress(
      alternateOf(children.get("link") ?? []),
      baseOf(children.get("link")?.[0] ?? entry, feedUrl),
    ),
    title: oneLine(readFirst(children, ["title", "dc:title", "media:title"], "text")),
    text: readFirst(children, ["content", "summary", "dc:description"], "lenient") || mediaText(children),
    author: children.has("author")
      ? atomAuthor(children, feedUrl)
      : (dublinAuthor(children, feedUrl) ?? feedAuthor),
    publishedAt: firstDate(children, ["published", "issued", "created", "dc:date"]) ?? updatedAt,
    updatedAt,
    commentCount: countIn(children, ["thr:total", "slash:comments"]),
    parentId: parentOf(children),
  };
}

/** An entry without authors of its own has those of its feed (RFC 4287, 4.2.1). */
function atomAuthor(children: Children, feedUrl: string): FeedEntry["author"] {
  for (const element of children.get("author") ?? []) {
    const author = authorIn(element, "text", baseOf(element, feedUrl));
    if (author !== null) return author;
  }
  return null;
}

function dublinAuthor(children: Children, feedUrl: string): FeedEntry["author"] {
  const creator = children.get("dc:creator")?.[0];
  return creator === undefined ? null : authorIn(creator, "html", baseOf(creator, feedUrl));
}

/** Video sites describe an entry in `media:group` only. */
function mediaText(children: Children): string {
  const group = children.get("media:group")?.[0];
  return group === undefined ? "" : readFirst(childrenByName(group, "atom"), ["media:description"], "text");
}

/** `href` of the page that a reader opens: rel="alternate" or no rel, a page before another format. */
function alternateOf(links: readonly FeedElement[]): string | null {
  const alternates = links.filter(
    ({ attribs }) =>
      (attribs["href"] ?? "").trim() !== "" && ["", "alternate"].includes(attribs["rel"]?.trim() ?? ""),
  );
  const page = alternates.find(({ attribs }) => (attribs["type"] ?? "text/html").includes("html"));
  return (page ?? alternates[0])?.attribs["href"] ?? null;
}

function countIn(children: Children, names: readonly string[]): number | null {
  const text = names.map(name => firstText(children.get(name))).find(found => found !== null) ?? "";
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

const parentOf = (children: Children): string | null =>
  children.get("thr:in-reply-to")?.[0]?.attribs["ref"]?.trim() || null;
