import { z } from "zod";
import type { ItemInput } from "#domain/item.ts";
import { type Ask, defineSource, type Page, type SourceReply, type SourceRequest } from "./define.ts";
import { fitItem } from "./fit-item.ts";
import { refuseUnlessOk } from "./refusal.ts";
import { readResults, type SearchResult } from "./yandex/document.ts";
import { documentIn } from "./yandex/envelope.ts";

const settings = z.strictObject({
  queries: z.array(z.string().trim().min(1).max(400)).min(1).max(100).describe("Phrases as people type them"),
  regions: z
    .array(z.number().int().min(1).max(1_000_000))
    .min(1)
    .max(20)
    .default([225])
    .describe("Yandex's region ids: 225 Russia, 213 Moscow, 2 Saint Petersburg, 159 Kazakhstan"),
  devices: z
    .array(z.enum(["desktop", "mobile"]))
    .min(1)
    .max(2)
    .default(["desktop"]),
  depth: z.number().int().min(1).max(100).default(20).describe("How many first results are looked at"),
  searchType: z
    .enum([
      "SEARCH_TYPE_RU",
      "SEARCH_TYPE_TR",
      "SEARCH_TYPE_COM",
      "SEARCH_TYPE_KK",
      "SEARCH_TYPE_BE",
      "SEARCH_TYPE_UZ",
    ])
    .default("SEARCH_TYPE_RU"),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .default("https://searchapi.api.cloud.yandex.net")
    .describe("Where the API is asked, e.g. a proxy of your own"),
});

const credentials = z.strictObject({
  apiKey: z.string().min(10).describe("API key of a service account with the role search-api.webSearch.user"),
  folderId: z.string().min(1).describe("Id of the folder that pays"),
});

type Settings = z.output<typeof settings>;
type Credentials = z.output<typeof credentials>;

const lookSchema = z.object({ query: z.string(), region: z.string(), device: z.enum(["desktop", "mobile"]) });

/** What one request looks at: results of a phrase as a region's people see them on a device. */
type Look = z.output<typeof lookSchema>;

/** Makes Yandex show its results for phones. */
const mobileUserAgent =
  "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Mobile Safari/537.36";

/** Places of pages in Yandex's results for the brand's phrases, from Search API v2 of Yandex Cloud. */
export const yandexSearch = defineSource<Settings, Credentials>({
  id: "yandex-search",
  title: { en: "Yandex Search", ru: "Поиск Яндекса" },
  homepage: "https://yandex.cloud/ru/services/search-api",
  family: "search",
  via: "api",
  yields: ["search-result"],
  hosts: ({ baseUrl }) => [new URL(baseUrl).hostname],
  site: () => "yandex.ru",
  every: "1d",
  staleAfter: "3d",
  enabledByDefault: true,
  obeysRobots: false,
  settings: settings as z.ZodType<Settings>,
  credentials,
  example: {
    settings: { queries: ["ромашка отзывы"], regions: [213], devices: ["desktop", "mobile"], depth: 20 },
    credentials: { apiKey: "example-api-key", folderId: "example-folder-id" },
  },
  limits: [
    "Each phrase, region and device is one paid request a run.",
    "Yandex shows at most 250 results of a phrase.",
    "Results have no date of publication.",
  ],
  authorize,
  request: ({ settings: asked }) => looksOf(asked).map(look => searchRequest(asked, look)),
  parse: readReply,
  search: {
    looks: looksOf,
    adding: (asked, query) => ({ ...asked, queries: [...new Set([...asked.queries, query])] }),
  },
});

function looksOf({ queries, regions, devices }: Settings): Look[] {
  return queries.flatMap(query =>
    regions.flatMap(region => devices.map(device => ({ query, region: String(region), device }))),
  );
}

/** Numbers of 64 bits are texts in the API's JSON. */
function searchRequest({ searchType, depth, baseUrl }: Settings, look: Look): SourceRequest {
  const body = {
    query: { searchType, queryText: look.query, page: "0", fixTypoMode: "FIX_TYPO_MODE_OFF" },
    groupSpec: { groupMode: "GROUP_MODE_DEEP", groupsOnPage: String(depth), docsInGroup: "1" },
    maxPassages: "3",
    region: look.region,
    responseFormat: "FORMAT_XML",
    ...(look.device === "mobile" ? { userAgent: mobileUserAgent } : {}),
  };
  return {
    url: `${baseUrl.replace(/\/+$/, "")}/v2/web/search`,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    step: "search",
    state: look,
  };
}

function authorize(request: SourceRequest, { apiKey, folderId }: Credentials): SourceRequest {
  const body = { ...(JSON.parse(request.body ?? "{}") as object), folderId };
  return {
    ...request,
    headers: { ...request.headers, authorization: `Api-Key ${apiKey}` },
    body: JSON.stringify(body),
  };
}

function readReply(reply: SourceReply, { now, settings: { depth } }: Ask<Settings>): Page {
  refuseUnlessOk(reply, now);
  const look = lookSchema.parse(reply.request.state);
  const { foundCount, results } = readResults(documentIn(reply.body));
  const first = new Map<string, ItemInput>();
  for (const result of results) {
    const item = toItem(result, look, foundCount);
    if (!first.has(item.externalId)) first.set(item.externalId, item);
  }
  return { items: [...first.values()], look: { ...look, depth, foundCount } };
}

/** A result is the same one while phrase, region, device and address are; its position is observed anew each time. */
function toItem(result: SearchResult, { query, region, device }: Look, foundCount: number | null): ItemInput {
  return fitItem({
    externalId: `yandex:${region}:${device}:${encodeURIComponent(query)}:${result.url}`,
    kind: "search-result",
    url: result.url,
    title: result.title,
    text: result.text,
    observation: { query, position: result.position, region, device, foundCount },
  });
}
