import { createHash } from "node:crypto";
import type { ItemInput } from "#domain/item.ts";
import { clip } from "./clip.ts";

/**
 * The item within the limits of the item schema, so that one absurd field costs no page: texts are clipped, an
 * address too long to be clipped is dropped, a too long id is replaced by its hash.
 */
export function fitItem(item: ItemInput): ItemInput {
  const { author } = item;
  return {
    ...item,
    externalId: fitId(item.externalId),
    url: fitUrl(item.url),
    title: clip(item.title, 2000),
    text: clip(item.text, 1_000_000) ?? "",
    threadId: item.threadId == null ? null : fitId(item.threadId),
    threadTitle: clip(item.threadTitle, 2000),
    parentExternalId: item.parentExternalId == null ? null : fitId(item.parentExternalId),
    product: clip(item.product, 500),
    author:
      author == null
        ? null
        : {
            ...author,
            id: clip(author.id, 500),
            name: clip(author.name, 500),
            url: fitUrl(author.url),
            badges: (author.badges ?? []).slice(0, 20).flatMap(badge => clip(badge, 200) ?? []),
          },
  };
}

/** `sha256:` and the hash of the parts in hexadecimal: an id for what has none of its own. */
export function hashId(parts: readonly (string | null)[]): string {
  return `sha256:${createHash("sha256").update(JSON.stringify(parts)).digest("hex")}`;
}

const fitId = (id: string): string => (id.length > 2000 ? hashId([id]) : id);

const fitUrl = (url: string | null | undefined): string | null =>
  url == null || url.length > 4000 ? null : url;
