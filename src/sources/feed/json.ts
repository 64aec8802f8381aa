import { z } from "zod";
import { SourceChangedError } from "#domain/errors.ts";
import { readDate } from "#sources/dates.ts";
import { readJson } from "#sources/json.ts";
import { htmlToText, oneLine, tidyLines } from "#sources/plain-text.ts";
import { webAddress } from "#sources/web-address.ts";
import type { FeedEntry } from "./entry.ts";

/** Feeds are written by many hands: a field of the wrong type counts as absent. */
const text = z.string().nullish().catch(null);
const person = z.object({ name: text, url: text }).nullish().catch(null);

const entrySchema = z.object({
  id: z
    .union([z.string(), z.number().transform(String)])
    .nullish()
    .catch(null),
  url: text,
  external_url: text,
  title: text,
  content_html: text,
  content_text: text,
  summary: text,
  date_published: text,
  date_modified: text,
  author: person,
  authors: z.array(person).nullish().catch(null),
});

const feedSchema = z.object({
  version: z.string().regex(/jsonfeed\.org\/version\/1|^1(?:\.\d)?$/),
  items: z.array(z.unknown()),
});

/** Entries of a JSON Feed 1 or 1.1 in its own order; anything else is a `SourceChangedError`. */
export function readJsonFeed(body: string, feedUrl: string): FeedEntry[] {
  const feed = feedSchema.safeParse(readJson(body));
  if (!feed.success) {
    throw new SourceChangedError(
      "The reply is JSON, but no JSON Feed: a version of jsonfeed.org and a list of items are expected.",
    );
  }
  const entries = feed.data.items.map(item => entrySchema.safeParse(item));
  if (entries.length > 0 && entries.every(entry => !entry.success)) {
    throw new SourceChangedError("None of the JSON Feed's items is an object.");
  }
  return entries.flatMap(entry => (entry.success ? [toEntry(entry.data, feedUrl)] : []));
}

function toEntry(entry: z.output<typeof entrySchema>, feedUrl: string): FeedEntry {
  const author = entry.authors?.find(one => one?.name || one?.url) ?? entry.author;
  return {
    id: entry.id || null,
    link: webAddress(entry.url, feedUrl) ?? webAddress(entry.external_url, feedUrl),
    title: oneLine(entry.title),
    text: textOfEntry(entry),
    author:
      author?.name || author?.url
        ? { name: oneLine(author.name), url: webAddress(author.url, feedUrl) }
        : null,
    publishedAt: readDate(entry.date_published),
    updatedAt: readDate(entry.date_modified),
    commentCount: null,
    parentId: null,
  };
}

function textOfEntry({ content_html, content_text, summary }: z.output<typeof entrySchema>): string {
  const html = htmlToText(content_html ?? "");
  return html || tidyLines(content_text ?? "") || tidyLines(summary ?? "");
}
