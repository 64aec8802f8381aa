import { z } from "zod";
import { SourceChangedError } from "#domain/errors.ts";
import type { ItemInput } from "#domain/item.ts";
import { readReviewJson } from "./app-store/json.ts";
import { type ReviewPage, toReviewItem } from "./app-store/review.ts";
import { readReviewXml } from "./app-store/xml.ts";
import { type Ask, defineSource, type Page, type SourceReply, type SourceRequest } from "./define.ts";
import { looksLikeHtml, refuseUnlessOk } from "./refusal.ts";

/** The feed ends here: page 11 is refused with status 400. */
const lastPage = 10;

const settings = z.strictObject({
  appId: z
    .string()
    .regex(/^\d{5,12}$/)
    .describe("Number after /id in the app's address"),
  countries: z
    .array(z.string().regex(/^[a-z]{2}$/))
    .min(1)
    .max(50)
    .default(["ru"])
    .describe("Storefronts, two-letter codes in lower case; each has its own reviews"),
  sort: z.literal("mostRecent").default("mostRecent"),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .default("https://itunes.apple.com")
    .describe("Where the feed is read, e.g. a mirror of your own"),
});

type Settings = z.output<typeof settings>;

const stateSchema = z.object({ country: z.string(), page: z.number().int().positive() });

/** Time of the newest review seen in each storefront. */
const cursorSchema = z.record(z.string(), z.iso.datetime()).catch({});

/** Reviews of an app in the App Store: Apple's public feed, 50 a page and 500 a storefront, without answers. */
export const appStoreReviews = defineSource<Settings>({
  id: "app-store-reviews",
  title: { en: "App Store reviews", ru: "Отзывы в App Store" },
  homepage: "https://apps.apple.com/",
  family: "app-store",
  via: "feed",
  yields: ["review"],
  hosts: ({ baseUrl }) => [new URL(baseUrl).hostname],
  site: () => "apps.apple.com",
  every: "1h",
  staleAfter: "14d",
  enabledByDefault: true,
  obeysRobots: false,
  settings: settings as z.ZodType<Settings>,
  example: { settings: { appId: "1234567890", countries: ["ru", "kz"] } },
  limits: [
    "The feed holds the newest 500 reviews of a storefront; older ones are never seen.",
    "It shows no answers of the developer; the App Store Connect API does.",
    "Its one date is that of the last edit.",
  ],
  request: ({ settings }) => settings.countries.map(country => pageRequest(settings, country, 1)),
  parse: readPage,
});

/** The XML form has the dates that the JSON form lacked for years. */
function pageRequest({ appId, baseUrl }: Settings, country: string, page: number): SourceRequest {
  return {
    url: `${baseUrl.replace(/\/+$/, "")}/${country}/rss/customerreviews/page=${page}/id=${appId}/sortby=mostrecent/xml`,
    step: "page",
    state: { country, page },
  };
}

function readPage(reply: SourceReply, ask: Ask<Settings>): Page {
  refuseUnlessOk(reply, ask.now);
  const { appId } = ask.settings;
  const { country, page } = stateSchema.parse(reply.request.state);
  const { appName, reviews } = readBody(reply.body);
  const seen = cursorSchema.parse(ask.cursor ?? {});
  const seenAt = seen[country] === undefined ? null : new Date(seen[country]);
  if (reviews.length === 0 && page === 1 && seenAt !== null) {
    throw new SourceChangedError(
      `The feed of storefront "${country}" is empty, though it had reviews before: Apple at times serves an empty feed.`,
    );
  }
  const items = reviews.map(review => toReviewItem(review, appName ?? `id${appId}`));
  const more = page < lastPage && items.length > 0 && !reaches(items, seenAt ?? ask.since);
  return {
    items: uniqueById(items),
    next: more ? pageRequest(ask.settings, country, page + 1) : null,
    cursor: {
      ...cursorSchema.parse(ask.progress ?? ask.cursor ?? {}),
      ...newestOf(items, country, seenAt, page),
    },
  };
}

function readBody(body: string): ReviewPage {
  if (looksLikeHtml(body))
    throw new SourceChangedError("The App Store answered with a page instead of its review feed.");
  return /^[\s\uFEFF]*[{[]/.test(body) ? readReviewJson(body) : readReviewXml(body);
}

/** True when the page's last review is not newer than what was seen: the newest come first, edits included. */
function reaches(items: readonly ItemInput[], seenAt: Date | null): boolean {
  const lastAt = items.at(-1)?.publishedAt ?? null;
  return seenAt !== null && lastAt !== null && lastAt <= seenAt;
}

/** Only the first page can move the cursor; it never moves back. */
function newestOf(
  items: readonly ItemInput[],
  country: string,
  seenAt: Date | null,
  page: number,
): Record<string, string> {
  const times = items.flatMap(({ publishedAt }) => publishedAt?.getTime() ?? []);
  if (page > 1 || times.length === 0) return {};
  return { [country]: new Date(Math.max(...times, seenAt?.getTime() ?? 0)).toISOString() };
}

const uniqueById = (items: readonly ItemInput[]): ItemInput[] => [
  ...new Map(items.map(item => [item.externalId, item])).values(),
];
