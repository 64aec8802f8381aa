import { oneLine } from "#sources/plain-text.ts";
import { webAddress } from "#sources/web-address.ts";
import { baseOf, childrenByName, type FeedElement, firstText } from "./elements.ts";
import type { FeedEntry } from "./entry.ts";
import { alternateOf, authorIn, type Children, countIn, firstDate, parentOf, readFirst } from "./fields.ts";

/** Entries of an Atom `feed` element; without a date of publication the one of the last change stands for it. */
export function readAtom(root: FeedElement, feedUrl: string): FeedEntry[] {
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
