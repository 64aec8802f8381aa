import { decodeBase64 } from "#sources/base64.ts";
import type { AnyNode } from "#sources/html.ts";
import { textOf } from "#sources/html.ts";
import { hasTags, htmlToText, tidyLines } from "#sources/plain-text.ts";

export type FeedElement = Extract<AnyNode, { attribs: unknown }>;

/** Address of a namespace (lower case, no end slash) to the prefix by which the readers know it. */
const knownNamespaces: ReadonlyMap<string, string> = new Map([
  ["http://www.w3.org/2005/atom", "atom"],
  ["http://purl.org/atom/ns", "atom"],
  ["http://purl.org/rss/1.0", ""],
  ["http://my.netscape.com/rdf/simple/0.9", ""],
  ["http://channel.netscape.com/rdf/simple/0.9", ""],
  ["http://www.w3.org/1999/02/22-rdf-syntax-ns", "rdf"],
  ["http://www.w3.org/1999/xhtml", "xhtml"],
  ["http://purl.org/dc/elements/1.1", "dc"],
  ["http://purl.org/dc/elements/1.0", "dc"],
  ["http://purl.org/dc/terms", "dcterms"],
  ["http://purl.org/rss/1.0/modules/content", "content"],
  ["http://purl.org/rss/1.0/modules/slash", "slash"],
  ["http://purl.org/syndication/thread/1.0", "thr"],
  ["http://www.itunes.com/dtds/podcast-1.0.dtd", "itunes"],
  ["http://search.yahoo.com/mrss", "media"],
]);

const namespaceOf = (address: string): string | undefined =>
  knownNamespaces.get(
    address
      .trim()
      .toLowerCase()
      .replace(/[/#]+$/, ""),
  );

/** Children of an element by lower-case name: "title", "dc:creator". `home` is the namespace that needs no prefix. */
export function childrenByName(parent: FeedElement, home: "atom" | ""): Map<string, FeedElement[]> {
  const found = new Map<string, FeedElement[]>();
  for (const child of elementsIn(parent)) {
    const name = knownName(child, home);
    const same = found.get(name);
    if (same === undefined) found.set(name, [child]);
    else same.push(child);
  }
  return found;
}

export const elementsIn = (node: { children: readonly AnyNode[] }): FeedElement[] =>
  node.children.filter((child): child is FeedElement => "attribs" in child);

/** A feed may choose any prefix for a namespace; an undeclared prefix is taken for the usual one. */
export function knownName(element: FeedElement, home: "atom" | ""): string {
  const [local = "", prefix = ""] = element.name.toLowerCase().split(":").reverse();
  const known = prefixOf(
    element,
    element.name.split(":").length > 1 ? (element.name.split(":")[0] ?? "") : "",
    prefix,
  );
  return known === "" || known === home ? local : `${known}:${local}`;
}

function prefixOf(element: FeedElement, written: string, lowerCase: string): string {
  if (written === "") return namespaceOf(element.attribs["xmlns"] ?? "") ?? "";
  for (const scope of lineOf(element)) {
    const address = scope.attribs[`xmlns:${written}`];
    if (address !== undefined) return namespaceOf(address) ?? lowerCase;
  }
  return lowerCase;
}

/** The element, its parent, and so on up to the root. */
function lineOf(element: FeedElement): FeedElement[] {
  const line: FeedElement[] = [];
  for (
    let node: AnyNode | null = element;
    node !== null && "attribs" in node;
    node = node.parent as AnyNode | null
  )
    line.push(node);
  return line;
}

/** The address that relative links of an element count from: its `xml:base` and those above it, then the feed's own. */
export function baseOf(element: FeedElement, feedUrl: string): string {
  return lineOf(element)
    .toReversed()
    .map(scope => scope.attribs["xml:base"]?.trim() ?? "")
    .filter(base => base !== "")
    .reduce((base, next) => (URL.canParse(next, base) ? new URL(next, base).href : base), feedUrl);
}

/** The characters of an element and all below it, CDATA included. */
function rawText(node: AnyNode): string {
  if (node.type === "text") return node.data;
  return "children" in node ? node.children.map(rawText).join("") : "";
}

/** An element's first non-empty characters among several elements, trimmed; null for none. */
export function firstText(elements: readonly FeedElement[] | undefined): string | null {
  return elements?.map(element => rawText(element).trim()).find(text => text !== "") ?? null;
}

export type TextForm = "html" | "text" | "lenient";

/**
 * The text that an element carries as a reader sees it: child elements (XHTML, naked markup), base64, escaped HTML, or
 * plain; pictures, sound and video have none. `form` is what the format says when no `type` does; "lenient" takes a
 * plain text with tags for HTML.
 */
export function readableText(element: FeedElement, form: TextForm): string {
  const { type = "", mode = "" } = element.attribs;
  const raw = rawText(element);
  if (elementsIn(element).length > 0) {
    const isEscapedWithin = /^(?:text\/)?html$/i.test(type) && hasTags(raw);
    return isEscapedWithin ? htmlToText(raw) : tidyLines(textOf(element));
  }
  if (/^(?:image|audio|video)\//i.test(type)) return "";
  const isBase64 = mode === "base64" || type.toLowerCase() === "application/octet-stream";
  const value = isBase64 ? (decodeBase64(raw) ?? raw) : raw;
  return isBase64 || isHtml(type.toLowerCase(), value, form) ? htmlToText(value) : tidyLines(value);
}

function isHtml(type: string, value: string, form: TextForm): boolean {
  if (type.includes("html")) return true;
  return form === "html" || (form === "lenient" && hasTags(value));
}
