import type { Route } from "./define.ts";
import { trendRoutes } from "./trends.ts";
import { aspectTrendRoute } from "./trends-aspects.ts";
import { communityTrendRoute } from "./trends-community.ts";
import { ratingTrendRoute } from "./trends-ratings.ts";
import { sampledTrendRoutes } from "./trends-sampled.ts";
import { voiceTrendRoute } from "./trends-voice.ts";

/** Every view of a trend, for the screen and for files. */
export const trendViewRoutes: readonly Route[] = [
  ...trendRoutes,
  voiceTrendRoute,
  aspectTrendRoute,
  ratingTrendRoute,
  communityTrendRoute,
  ...sampledTrendRoutes,
];
