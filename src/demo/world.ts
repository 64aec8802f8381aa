import { articles, channelPosts, forumThreads, places, reviews } from "./corpus.ts";
import { forumOf, type Topic } from "./forum.ts";
import { type Timeline, timelineOf, type Version, versionsOf } from "./timeline.ts";

/** One text outside the forum, with its number at the place and its states. */
export interface Entry {
  id: number;
  title: string;
  author: string | null;
  publishedAt: Date;
  versions: readonly Version[];
}

export interface World {
  topics: readonly Topic[];
  reviews: Readonly<Record<"ru" | "us", readonly Entry[]>>;
  articles: Readonly<Record<"ru" | "en", readonly Entry[]>>;
  channels: Readonly<Record<"ru" | "en", readonly Entry[]>>;
}

/** Everything that will ever be on the demo's pages, dated from `epoch`; the same `epoch` gives the same world. */
export function worldOf(epoch: Date): World {
  const timeline = timelineOf(places, epoch);
  return {
    topics: forumOf(forumThreads, timeline),
    reviews: {
      ru: entriesOf(reviews.ru, timeline, 11_400_010_001),
      us: entriesOf(reviews.us, timeline, 11_400_090_001),
    },
    articles: { ru: entriesOf(articles.ru, timeline, 2001), en: entriesOf(articles.en, timeline, 2001) },
    channels: { ru: entriesOf(channelPosts.ru, timeline, 11), en: entriesOf(channelPosts.en, timeline, 11) },
  };
}

type Written = Parameters<typeof versionsOf>[0] & { title?: string; author?: string };

/** Entries oldest first, numbered in that order from `firstId`. */
function entriesOf(texts: readonly Written[], timeline: Timeline, firstId: number): Entry[] {
  return texts
    .map(written => ({ written, publishedAt: timeline.get(written) as Date }))
    .toSorted((a, b) => a.publishedAt.getTime() - b.publishedAt.getTime())
    .map(({ written, publishedAt }, index) => ({
      id: firstId + index,
      title: written.title ?? "",
      author: written.author ?? null,
      publishedAt,
      versions: versionsOf(written, publishedAt),
    }));
}
