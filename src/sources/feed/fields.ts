import { readDate } from "#sources/dates.ts";
import { oneLine } from "#sources/plain-text.ts";
import { webAddress } from "#sources/web-address.ts";
import { childrenByName, type FeedElement, firstText, readableText, type TextForm } from "./elements.ts";
import { type FeedEntry, personName } from "./entry.ts";

/** Child elements of an entry by their known names. */
export type Children = ReadonlyMap<string, FeedElement[]>;

/** The first of these names whose element says something. */
export function readFirst(children: Children, names: readonly string[], form: TextForm): string {
  const elements = names.flatMap(name => children.get(name) ?? []);
  for (const element of elements) {
    const text = readableText(element, form);
    if (text !== "") return text;
  }
  return "";
}

/** The first date that can be read among the elements of these names. */
export const firstDate = (children: Children, names: readonly string[]): Date | null =>
  names
    .flatMap(name => children.get(name) ?? [])
    .map(element => readDate(firstText([element])))
    .find(date => date !== null) ?? null;

/** Atom writes a person as child elements, RSS as a text that may be HTML. */
export function authorIn(element: FeedElement, form: TextForm, base: string): FeedEntry["author"] {
  const parts = childrenByName(element, "atom");
  const name = firstText(parts.get("name")) ?? firstText(parts.get("email"));
  const url = firstText(parts.get("uri")) ?? firstText(parts.get("url")) ?? firstText(parts.get("homepage"));
  if (name !== null || url !== null) return { name: oneLine(name), url: webAddress(url, base) };
  if (["name", "email", "uri", "url"].some(part => parts.has(part))) return null;
  const text = oneLine(readableText(element, form));
  return text === null ? null : { name: personName(text), url: webAddress(element.attribs["url"], base) };
}

/** `href` of the page that a reader opens: rel="alternate" or no rel, a page before another format. */
export function alternateOf(links: readonly FeedElement[]): string | null {
  const alternates = links.filter(
    ({ attribs }) =>
      (attribs["href"] ?? "").trim() !== "" && ["", "alternate"].includes(attribs["rel"]?.trim() ?? ""),
  );
  const page = alternates.find(({ attribs }) => (attribs["type"] ?? "text/html").includes("html"));
  return (page ?? alternates[0])?.attribs["href"] ?? null;
}

/** The first of these names that holds a number. */
export function countIn(children: Children, names: readonly string[]): number | null {
  const text = names.map(name => firstText(children.get(name))).find(found => found !== null) ?? "";
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** Id of the entry that this one answers. */
export const parentOf = (children: Children): string | null =>
  children.get("thr:in-reply-to")?.[0]?.attribs["ref"]?.trim() || null;
