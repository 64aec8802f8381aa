import { z } from "zod";
import { SourceChangedError } from "#domain/errors.ts";
import type { ItemInput } from "#domain/item.ts";
import { type Ask, defineSource, type Page, type SourceReply } from "./define.ts";
import { readJson } from "./json.ts";
import {
  lists,
  memoryAfter,
  type Position,
  positionAfter,
  readPosition,
  requestAt,
  startPositions,
} from "./wildberries/lists.ts";
import { readRecords } from "./wildberries/records.ts";
import { failedInside, refuseUnlessGranted } from "./wildberries/refusals.ts";
import { reply } from "./wildberries/reply.ts";
import { apiUrl, pageSizeOf, quotas, type Settings, settingsSchema } from "./wildberries/settings.ts";

const credentials = z.strictObject({
  token: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]+$/, "the token as the seller's cabinet shows it, without the word Bearer")
    .describe("A token of the category «Вопросы и отзывы»"),
});

const envelope = z.looseObject({
  data: z.unknown(),
  error: z.boolean().nullish(),
  errorText: z.string().nullish(),
});

/** Reviews and questions about the seller's own goods, with the answers, by the official seller API. */
export const wildberriesSeller = defineSource({
  id: "wildberries-seller",
  title: { en: "Wildberries, seller API", ru: "Wildberries, API продавца" },
  homepage: "https://dev.wildberries.ru/",
  family: "marketplace",
  via: "api",
  yields: ["review", "question"],
  hosts: settings => [new URL(apiUrl(settings)).hostname],
  site: settings => (settings.environment === "sandbox" ? "sandbox.wildberries.ru" : "wildberries.ru"),
  every: "15m",
  staleAfter: "7d",
  enabledByDefault: true,
  obeysRobots: false,
  settings: settingsSchema,
  credentials,
  example: {
    settings: { token: "personal", questions: true },
    credentials: { token: "eyJhbGciOiJFUzI1NiJ9.example.signature" },
  },
  limits: [
    "personal, service and basic-with-secret tokens: 3 requests per second for the whole seller account",
    "basic token: 5 requests per hour, one every 12 minutes; run such a source every 2 hours or less often",
    "the archive is read back to 199,990 reviews, questions by 10,000 at a time",
  ],
  quota: settings => quotas[settings.token],
  authorize: (request, { token }) => ({ ...request, headers: { ...request.headers, authorization: token } }),
  request: ask => startPositions(ask).map(position => requestAt(position, ask.settings)),
  parse: readPage,
  reply,
});

function readPage(reply: SourceReply, ask: Ask<Settings>): Page {
  refuseUnlessGranted(reply, ask.settings, ask.now);
  const position = readPosition(reply.request.state);
  const records = recordsOf(reply.body, position);
  const items = readRecords(records, lists[position.list].kind);
  const { oldestAt, newestAt } = bounds(items);
  const next = positionAfter(
    position,
    { count: records.length, oldestAt, newestAt },
    pageSizeOf(ask.settings),
  );
  return {
    items,
    next: next === null ? null : requestAt(next, ask.settings),
    cursor: memoryAfter(position, newestAt, ask),
  };
}

function recordsOf(body: string, position: Position): unknown[] {
  const read = envelope.safeParse(readJson(body));
  if (read.data?.error === true) throw failedInside(read.data.errorText ?? "");
  const name = lists[position.list].kind === "review" ? "feedbacks" : "questions";
  const data = read.data?.data;
  const records =
    data !== null && typeof data === "object" && name in data ? data[name as keyof typeof data] : undefined;
  if (records === null) return [];
  if (Array.isArray(records)) return records;
  throw new SourceChangedError(
    `The reply of Wildberries has no list data.${name}; the API changed, or another server answers at this address.`,
  );
}

function bounds(items: readonly ItemInput[]): { oldestAt: Date | null; newestAt: Date | null } {
  const times = items.map(item => item.publishedAt?.getTime()).filter(time => time !== undefined);
  if (times.length === 0) return { oldestAt: null, newestAt: null };
  const oldest = times.reduce((a, b) => Math.min(a, b));
  const newest = times.reduce((a, b) => Math.max(a, b));
  return { oldestAt: new Date(oldest), newestAt: new Date(newest) };
}
