import { officialAccount } from "./forum.ts";
import { app } from "./pages/app-store.ts";
import { channels } from "./pages/channel.ts";

const timezone = "Europe/Moscow";

/** Body of `POST /v1/brands` for the invented coffee shops. The exclusions are the other things of that name. */
export const demoBrand = {
  name: "Волна",
  query:
    '(волна OR volna) AND NOT (радио OR бассейн OR теплоход OR санаторий OR волна NEAR/6 катер OR "третья волна" OR "волна жары" OR "волна простуд")',
  timezone,
  officialAccounts: [{ sourceKind: "phpbb-forum", account: `@${officialAccount}` }],
} as const;

/** Body of `POST /v1/brands` for the invented competitor of the brand with the given id. */
export const demoCompetitor = (competitorOf: string) =>
  ({ name: "Чибис", query: "чибис OR chibis", timezone, competitorOf }) as const;

/** Body of `POST /v1/sources`. */
export interface DemoSource {
  kind: string;
  title: string;
  brandIds: readonly string[];
  settings: Readonly<Record<string, string | number | readonly string[]>>;
  schedule: { every: string };
  enabled: boolean;
}

/**
 * Bodies of `POST /v1/sources` for the web that listens at `baseUrl`. The app reviews need no name to be about
 * the brand, so only its id goes there; all other pages are read for both brands.
 */
export function demoSources(baseUrl: string, brandId: string, competitorId: string): DemoSource[] {
  const both = { brandIds: [brandId, competitorId], schedule: { every: "5s" }, enabled: true };
  return [
    {
      kind: "phpbb-forum",
      title: "Форум города",
      settings: { baseUrl: `${baseUrl}/forum/`, timezone },
      ...both,
    },
    {
      kind: "app-store-reviews",
      title: "Приложение «Волна» в App Store",
      settings: { baseUrl, appId: String(app.id), countries: ["ru", "us"] },
      ...both,
      brandIds: [brandId],
    },
    {
      kind: "rss-feed",
      title: "Светлоречье сегодня",
      settings: { url: `${baseUrl}/news/ru/rss.xml`, kind: "news", language: "ru" },
      ...both,
    },
    {
      kind: "rss-feed",
      title: "The Svetlorechye Post",
      settings: { url: `${baseUrl}/news/en/rss.xml`, kind: "news", language: "en" },
      ...both,
    },
    ...channels.map(({ name, title }) => ({
      kind: "telegram-channel",
      title,
      settings: { baseUrl, channel: name },
      ...both,
    })),
  ];
}

/** Body of `POST /v1/alert-rules`: whatever is clearly negative about the brand. */
export const demoRule = (brandId: string, channelIds: readonly string[]) =>
  ({
    brandId,
    kind: "negative-mention",
    name: "Негатив о «Волне»",
    channelIds,
    settings: { maxScore: -0.4 },
  }) as const;
