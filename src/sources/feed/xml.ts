import { SourceChangedError } from "#domain/errors.ts";
import { decodeEntities } from "#sources/plain-text.ts";
import { loadXml } from "#sources/xml.ts";
import { readAtom } from "./atom.ts";
import { elementsIn, type FeedElement, knownName } from "./elements.ts";
import type { FeedEntry } from "./entry.ts";
import { readRss } from "./rss.ts";

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
