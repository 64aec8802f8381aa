import { SourceChangedError } from "#domain/errors.ts";
import type { ItemInput } from "#domain/item.ts";
import { readDate } from "#sources/dates.ts";
import { fitItem } from "#sources/fit-item.ts";
import { oneLine, tidyLines } from "#sources/plain-text.ts";

/** One entry of the feed as either of its two forms writes it; absent texts are null. */
export interface FeedReview {
  id: string | null;
  title: string | null;
  text: string | null;
  rating: string | null;
  version: string | null;
  authorName: string | null;
  authorUrl: string | null;
  link: string | null;
  updated: string | null;
  voteSum: string | null;
  voteCount: string | null;
}

/** What one page says: its reviews, and the app's name when the page begins with the app itself. */
export interface ReviewPage {
  appName: string | null;
  reviews: FeedReview[];
}

/** A review as an item; the feed gives one date, the time of writing or of the last edit. */
export function toReviewItem(review: FeedReview, app: string): ItemInput {
  const rating = Number(review.rating);
  if (review.id === null || !/^[1-5]$/.test(review.rating ?? "")) {
    throw new SourceChangedError("A review of the App Store's feed has no id, or no rating from 1 to 5.");
  }
  return fitItem({
    externalId: review.id,
    kind: "review",
    url: review.link,
    title: oneLine(review.title),
    text: tidyLines(review.text ?? ""),
    rating: { value: rating, scale: 5 },
    author: toAuthor(review),
    publishedAt: readDate(review.updated),
    engagement: toVotes(review),
    owned: true,
    product: [app, review.version].filter(part => part !== null && part !== "").join(" "),
  });
}

function toAuthor({ authorName, authorUrl }: FeedReview): ItemInput["author"] {
  const name = oneLine(authorName);
  if (name === null && authorUrl === null) return null;
  return { name, url: authorUrl, id: /\/reviews\/id(\d{1,20})/.exec(authorUrl ?? "")?.[1] ?? null };
}

/** `voteSum` readers of `voteCount` found the review helpful. */
function toVotes({ voteSum, voteCount }: FeedReview): NonNullable<ItemInput["engagement"]> {
  const [helpful, all] = [voteSum, voteCount].map(text =>
    /^\d{1,9}$/.test(text ?? "") ? Number(text) : null,
  );
  if (helpful == null || all == null || helpful > all) return {};
  return { likes: helpful, dislikes: all - helpful };
}
