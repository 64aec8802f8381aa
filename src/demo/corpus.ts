import { englishChannelPosts } from "./texts/channel-english.ts";
import { otherWaveChannelPosts, townChannelPosts } from "./texts/channel-town.ts";
import type { Article, ChannelPost, ForumThread, Review, When } from "./texts/define.ts";
import { englishThreads } from "./texts/forum-english.ts";
import { coffeeThreads } from "./texts/forum-food-coffee.ts";
import { deliveryThreads } from "./texts/forum-food-delivery.ts";
import { newThreads } from "./texts/forum-food-live.ts";
import { longThreads } from "./texts/forum-long.ts";
import { otherWaveThreads, townThreads } from "./texts/forum-town.ts";
import { englishArticles } from "./texts/news-en.ts";
import { otherWaveArticles, russianArticles } from "./texts/news-ru.ts";
import { englishReviews } from "./texts/reviews-en.ts";
import { earlyRussianReviews } from "./texts/reviews-ru-early.ts";
import { newRussianReviews } from "./texts/reviews-ru-live.ts";
import { recentRussianReviews } from "./texts/reviews-ru-recent.ts";

export const forumThreads: readonly ForumThread[] = [
  ...coffeeThreads,
  ...deliveryThreads,
  ...newThreads,
  ...longThreads,
  ...townThreads,
  ...otherWaveThreads,
  ...englishThreads,
];

/** Reviews by storefront, as the App Store names it. */
export const reviews: Readonly<Record<"ru" | "us", readonly Review[]>> = {
  ru: [...earlyRussianReviews, ...recentRussianReviews, ...newRussianReviews],
  us: englishReviews,
};

/** Articles by the language of the newspaper. */
export const articles: Readonly<Record<"ru" | "en", readonly Article[]>> = {
  ru: [...russianArticles, ...otherWaveArticles],
  en: englishArticles,
};

/** Channel posts by the language of the channel. */
export const channelPosts: Readonly<Record<"ru" | "en", readonly ChannelPost[]>> = {
  ru: [...townChannelPosts, ...otherWaveChannelPosts],
  en: englishChannelPosts,
};

/** Where texts appear: each place is one source of the demo and keeps its own order of live turns. */
export const places: readonly (readonly { readonly when: When }[])[] = [
  forumThreads.flatMap(thread => thread.posts),
  reviews.ru,
  channelPosts.ru,
  reviews.us,
  articles.ru,
  channelPosts.en,
  articles.en,
];
