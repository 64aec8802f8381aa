import { hash } from "node:crypto";
import type { Item } from "#domain/item.ts";

/** An item with what follows from it alone. */
export interface Draft {
  item: Item;
  /** Of what people read: changes when an edit makes a new version. */
  contentHash: string;
  /** Of everything the item tells. */
  factHash: string;
  authorKey: string | null;
  publishedAt: Date | null;
  /** Stars of 5. */
  rating5: number | null;
}

/** Nobody published on the web before it; a site's clock may be a day ahead of ours. */
const earliest = Date.UTC(1990, 0, 1);
const clockSkewMs = 86_400_000;

const hashOf = (value: unknown): string => hash("sha1", JSON.stringify(value), "base64url");

const plausible = (date: Date | null, now: Date): Date | null =>
  date !== null && date.getTime() >= earliest && date.getTime() <= now.getTime() + clockSkewMs ? date : null;

/** Stars of five, to two decimals. */
export const ratingOfFive = ({ value, scale }: { value: number; scale: number }): number =>
  Math.round(Math.max(0, Math.min(1, value / scale)) * 500) / 100;

/** Reads one item; an impossible date counts as unknown. */
export function draftItem(item: Item, now: Date): Draft {
  return {
    item,
    contentHash: hashOf([item.title, item.text, item.rating]),
    factHash: hashOf(item),
    authorKey: authorKey(item),
    publishedAt: plausible(item.publishedAt, now),
    rating5: item.rating === null ? null : ratingOfFive(item.rating),
  };
}

function authorKey(item: Item): string | null {
  if (item.author?.id) return item.author.id;
  return item.author?.name ? `name:${item.author.name}` : null;
}

/** Items of one page by external id; the last one wins, as it is the newest look at that text. */
export function draftPage(items: readonly Item[], now: Date): Map<string, Draft> {
  return new Map(items.map(item => [item.externalId, draftItem(item, now)]));
}
