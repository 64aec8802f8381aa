import { z } from "zod";
import { SourceChangedError } from "#domain/errors.ts";
import { readJson } from "#sources/json.ts";
import type { FeedReview, ReviewPage } from "./review.ts";

const labelled = z
  .object({ label: z.string() })
  .transform(({ label }) => label)
  .nullish()
  .transform(label => label ?? null);

const linkSchema = z.object({ attributes: z.object({ href: z.string() }).optional() }).optional();

const entrySchema = z.object({
  id: labelled,
  title: labelled,
  content: labelled,
  updated: labelled,
  author: z.object({ name: labelled, uri: labelled }).optional(),
  link: z.union([linkSchema, z.array(linkSchema)]).optional(),
  "im:name": labelled,
  "im:rating": labelled,
  "im:version": labelled,
  "im:voteSum": labelled,
  "im:voteCount": labelled,
});

/** `entry` is a list, one object for a single review, or absent for none. */
const pageSchema = z.object({
  feed: z.object({
    id: z.object({ label: z.string().regex(/customerreviews/i) }),
    entry: z.union([z.array(entrySchema), entrySchema.transform(entry => [entry])]).optional(),
  }),
});

/** Reads a page of the feed's JSON form. */
export function readReviewJson(body: string): ReviewPage {
  const page = pageSchema.safeParse(readJson(body));
  if (!page.success) {
    const [issue] = page.error.issues;
    throw new SourceChangedError(
      `The reply is no page of App Store reviews: ${issue?.path.join(".") || "it"} is not as expected.`,
    );
  }
  const entries = page.data.feed.entry ?? [];
  const app = entries.find(isApp);
  return { appName: app?.["im:name"] ?? null, reviews: entries.filter(entry => !isApp(entry)).map(toReview) };
}

type Entry = z.output<typeof entrySchema>;

/** Older feeds begin with the app itself, which has a name and a price but no rating. */
const isApp = (entry: Entry): boolean => entry["im:name"] !== null && entry["im:rating"] === null;

function toReview(entry: Entry): FeedReview {
  const link = Array.isArray(entry.link) ? entry.link[0] : entry.link;
  return {
    id: entry.id,
    title: entry.title,
    text: entry.content,
    rating: entry["im:rating"],
    version: entry["im:version"],
    authorName: entry.author?.name ?? null,
    authorUrl: entry.author?.uri ?? null,
    link: link?.attributes?.href ?? null,
    updated: entry.updated,
    voteSum: entry["im:voteSum"],
    voteCount: entry["im:voteCount"],
  };
}
