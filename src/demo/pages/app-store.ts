import { fractionOf } from "#demo/seed.ts";
import { versionAt } from "#demo/timeline.ts";
import type { Entry } from "#demo/world.ts";
import { latest, slicePage } from "./markup.ts";

/** The invented application: its number in the store and the facts that a feed begins with. */
export const app = { id: 9_900_000_026, name: "Волна: кофе и доставка", version: "4.12.1" } as const;

export type Storefront = "ru" | "us";
export type FeedForm = "json" | "xml";

const perPage = 50;
/** The store refuses pages beyond this one. */
export const deepestPage = 10;

export interface ReviewSeen {
  id: number;
  title: string;
  text: string;
  stars: number;
  author: string;
  authorUrl: string;
  /** When it was written or last rewritten: the feed has one date. */
  updatedAt: Date;
  voteCount: number;
}

/** One page of a storefront's customer reviews, before it is written as JSON or XML. */
export interface ReviewFeed {
  reviews: readonly ReviewSeen[];
  updatedAt: Date | null;
  /** Addresses of the page itself and of its neighbours. */
  links: readonly (readonly [rel: string, href: string])[];
  self: string;
  reviewUrl: string;
}

/** The reviews of page `page` (from 1), the latest written or rewritten first. */
export function reviewFeed(
  storefront: Storefront,
  form: FeedForm,
  entries: readonly Entry[],
  page: number,
  baseUrl: string,
  now: Date,
): ReviewFeed {
  const seen = entries
    .flatMap(entry => seenReview(entry, `${baseUrl}/${storefront}`, now) ?? [])
    .toSorted((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime() || b.id - a.id);
  const lastPage = Math.min(deepestPage, Math.max(1, Math.ceil(seen.length / perPage)));
  const address = (number: number): string =>
    `${baseUrl}/${storefront}/rss/customerreviews/page=${number}/id=${app.id}/sortby=mostrecent/${form}`;
  return {
    reviews: slicePage(seen, (page - 1) * perPage, perPage),
    updatedAt: latest(
      seen.map(({ updatedAt }) => updatedAt),
      now,
    ),
    links: [
      ["self", address(page)],
      ["first", address(1)],
      ["last", address(lastPage)],
      ["previous", address(Math.max(1, page - 1))],
      ["next", address(Math.min(lastPage, page + 1))],
    ],
    self: address(page),
    reviewUrl: `${baseUrl}/${storefront}/review?id=${app.id}&type=Purple%20Software`,
  };
}

function seenReview(entry: Entry, storeUrl: string, now: Date): ReviewSeen | null {
  const version = versionAt(entry.versions, now);
  if (version === undefined) return null;
  const author = entry.author ?? "";
  const authorId = 200_000_000 + Math.floor(800_000_000 * fractionOf(author));
  return {
    id: entry.id,
    title: entry.title,
    text: version.text,
    stars: version.stars ?? 0,
    author,
    authorUrl: `${storeUrl}/reviews/id${authorId}`,
    updatedAt: version.at,
    voteCount: Math.floor(6 * fractionOf(`votes ${entry.id}`)),
  };
}
