import { fractionOf } from "#demo/seed.ts";
import { versionAt } from "#demo/timeline.ts";
import type { Entry } from "#demo/world.ts";
import { isoSeconds, latest, type Page, slicePage } from "./markup.ts";

/** The invented application's number in the store. */
export const appId = 1_640_020_026;

export type Storefront = "ru" | "us";

const perPage = 50;
/** The store answers 400 beyond this page. */
export const deepestPage = 10;

interface Seen {
  entry: Entry;
  text: string;
  stars: number;
  at: Date;
}

/** The customer reviews feed in JSON, the latest written or rewritten review first. `page` counts from 1. */
export function customerReviews(
  storefront: Storefront,
  entries: readonly Entry[],
  page: number,
  baseUrl: string,
  now: Date,
): Page {
  const seen = entries
    .flatMap(entry => seenReview(entry, now) ?? [])
    .toSorted((a, b) => b.at.getTime() - a.at.getTime());
  const shown = slicePage(seen, (page - 1) * perPage, perPage);
  const lastPage = Math.min(deepestPage, Math.max(1, Math.ceil(seen.length / perPage)));
  const address = (number: number): string =>
    `${baseUrl}/${storefront}/rss/customerreviews/page=${number}/id=${appId}/sortby=mostrecent/json`;
  const changedAt = latest(
    seen.map(({ at }) => at),
    now,
  );
  const link = (rel: string, href: string) => ({ attributes: { rel, href } });
  const feed = {
    author: { name: { label: "iTunes Store" }, uri: { label: `${baseUrl}/` } },
    ...(shown.length === 0 ? {} : { entry: shown.map(one => reviewEntry(storefront, one, baseUrl)) }),
    updated: { label: isoSeconds(changedAt ?? now) },
    title: { label: "iTunes Store: Customer Reviews" },
    link: [
      link("self", address(page)),
      link("first", address(1)),
      link("last", address(lastPage)),
      link("previous", address(Math.max(1, page - 1))),
      link("next", address(Math.min(lastPage, page + 1))),
    ],
    id: { label: address(page) },
  };
  return { type: "text/javascript; charset=utf-8", body: JSON.stringify({ feed }), changedAt };
}

function seenReview(entry: Entry, now: Date): Seen | null {
  const version = versionAt(entry.versions, now);
  return version === undefined
    ? null
    : { entry, text: version.text, stars: version.stars ?? 0, at: version.at };
}

function reviewEntry(storefront: Storefront, { entry, text, stars, at }: Seen, baseUrl: string): object {
  const authorId = 200_000_000 + Math.floor(800_000_000 * fractionOf(entry.author ?? ""));
  const voteCount = Math.floor(6 * fractionOf(`votes ${entry.id}`));
  return {
    author: {
      uri: { label: `${baseUrl}/${storefront}/reviews/id${authorId}` },
      name: { label: entry.author },
      label: "",
    },
    updated: { label: isoSeconds(at) },
    "im:rating": { label: String(stars) },
    "im:version": { label: "4.12.1" },
    id: { label: String(entry.id) },
    title: { label: entry.title },
    content: { label: text, attributes: { type: "text" } },
    link: {
      attributes: {
        rel: "related",
        href: `${baseUrl}/${storefront}/review?id=${appId}&type=Purple%20Software`,
      },
    },
    "im:voteSum": { label: String(voteCount) },
    "im:contentType": { attributes: { term: "Application", label: "Application" } },
    "im:voteCount": { label: String(voteCount) },
  };
}
