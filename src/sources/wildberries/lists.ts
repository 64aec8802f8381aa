import { z } from "zod";
import type { Ask, Json, SourceRequest } from "#sources/define.ts";
import { apiUrl, pageSizeOf, type Settings } from "./settings.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

interface List {
  path: string;
  answered: boolean | null;
  kind: "review" | "question";
  /** `false` only for the archive, which is read newest first instead. */
  hasDates: boolean;
  /** The largest `skip` that the method takes with a page of `take`. */
  maxSkip: (take: number) => number;
}

const manyReviews = () => 199_990;
const review = { kind: "review", path: "/api/v1/feedbacks", hasDates: true, maxSkip: manyReviews } as const;
const question = {
  kind: "question",
  path: "/api/v1/questions",
  hasDates: true,
  maxSkip: (take: number) => 10_000 - take,
} as const;

/**
 * Every list there is: `isAnswered` means "processed", so no single one holds all texts. The order matters: a text
 * processed while a run reads moves to a list that is still to be read.
 */
export const lists = {
  unanswered: { ...review, answered: false },
  answered: { ...review, answered: true },
  archive: { ...review, path: "/api/v1/feedbacks/archive", answered: null, hasDates: false },
  "unanswered-questions": { ...question, answered: false },
  "answered-questions": { ...question, answered: true },
} as const satisfies { [name: string]: List };

type ListName = keyof typeof lists;

/** An unanswered review is archived after 30 days; until then it may get its answer in the seller's cabinet. */
const answerWindowMs = 35 * dayMs;
/** New texts may show up a little late and below newer ones. */
const overlapMs = dayMs;

/** What a source remembers between runs: the newest text seen, and when answers to older ones were looked for. */
const memorySchema = z.object({ seenUntil: z.iso.datetime().nullable(), deepAt: z.iso.datetime() });
export type Memory = z.output<typeof memorySchema>;

const readMemory = (cursor: Json): Memory | null => memorySchema.safeParse(cursor).data ?? null;

const positionSchema = z.object({
  list: z.enum(Object.keys(lists) as [ListName, ...ListName[]]),
  skip: z.number().int().nonnegative(),
  from: z.number().int().nullable(),
  deep: z.boolean(),
});
/** Where in which list a request stands; `from` is in seconds since 1970. */
export type Position = z.output<typeof positionSchema>;

/** The position that a request carries; one without is the start of the first list. */
export const readPosition = (state: Json | undefined): Position =>
  positionSchema.safeParse(state).data ?? { list: "unanswered", skip: 0, from: null, deep: true };

/** Where each list is to be read from in this run. */
export function startPositions({ settings, cursor, since, now }: Ask<Settings>): Position[] {
  const memory = readMemory(cursor);
  const seenUntil = memory?.seenUntil ? Date.parse(memory.seenUntil) : null;
  const recent = seenUntil === null ? (since?.getTime() ?? null) : seenUntil - overlapMs;
  const wide =
    seenUntil === null || recent === null ? recent : Math.min(recent, now.getTime() - answerWindowMs);
  const deepEveryMs = settings.token === "basic" ? 12 * hourMs : hourMs;
  const deep = memory === null || now.getTime() - Date.parse(memory.deepAt) >= deepEveryMs;
  const names = (Object.keys(lists) as ListName[]).filter(
    name => settings.questions || lists[name].kind === "review",
  );
  return names.map(list => {
    const from = deep || lists[list].answered === false ? wide : recent;
    return { list, skip: 0, from: from === null ? null : Math.floor(from / 1000), deep };
  });
}

/** The request for a position; the documented parameters in the documented units. */
export function requestAt(position: Position, settings: Settings): SourceRequest {
  const list = lists[position.list];
  const url = new URL(apiUrl(settings) + list.path);
  if (list.answered !== null) url.searchParams.set("isAnswered", String(list.answered));
  url.searchParams.set("take", String(pageSizeOf(settings)));
  url.searchParams.set("skip", String(position.skip));
  url.searchParams.set("order", list.hasDates ? "dateAsc" : "dateDesc");
  if (list.hasDates && position.from !== null) url.searchParams.set("dateFrom", String(position.from));
  return { url: url.href, step: position.list, state: { ...position } };
}

/**
 * The position after a page of `count` texts, or null at the end: a short page is the last one, and the archive
 * ends at a page that reaches back to `from`. Pages overlap, because texts that got processed leave the list
 * in the meantime. Beyond the largest `skip` the list goes on from its last date.
 */
export function positionAfter(
  position: Position,
  page: { count: number; oldestAt: Date | null; newestAt: Date | null },
  take: number,
): Position | null {
  const list = lists[position.list];
  if (page.count < take) return null;
  if (!list.hasDates && reaches(page.oldestAt, position.from)) return null;
  const skip = position.skip + take - Math.min(20, Math.floor(take / 10));
  if (skip <= list.maxSkip(take)) return { ...position, skip };
  const from = page.newestAt === null ? null : Math.floor(page.newestAt.getTime() / 1000);
  const advances = from !== null && from > (position.from ?? 0);
  return list.hasDates && advances ? { ...position, skip: 0, from } : null;
}

const reaches = (oldestAt: Date | null, from: number | null): boolean =>
  oldestAt !== null && from !== null && oldestAt.getTime() / 1000 < from;

/** What is remembered when this page is read too. */
export function memoryAfter(position: Position, newestAt: Date | null, ask: Ask<Settings>): Memory {
  const before = readMemory(ask.progress) ?? readMemory(ask.cursor);
  const now = ask.now.getTime();
  const seen = [before?.seenUntil ? Date.parse(before.seenUntil) : null, newestAt?.getTime() ?? null]
    .filter(time => time !== null)
    .map(time => Math.min(time, now));
  return {
    seenUntil: seen.length === 0 ? null : new Date(Math.max(...seen)).toISOString(),
    deepAt: position.deep || before === null ? ask.now.toISOString() : before.deepAt,
  };
}
