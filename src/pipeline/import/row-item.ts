import { z } from "zod";
import { saidOf } from "#domain/expected.ts";
import { contentHash } from "#domain/hash.ts";
import type { Item, ItemInput, TextKind } from "#domain/item.ts";
import { pushedItem } from "#pipeline/push.ts";
import { readPrintedDate } from "#sources/printed-dates.ts";
import type { ColumnOf, ImportField } from "./columns.ts";
import type { FileRow } from "./define.ts";

/** How rows of one file are read. */
export interface RowReading {
  columnOf: ColumnOf;
  kind: TextKind;
  /** Dates without a zone are in this one. */
  timeZone: string;
  now: Date;
}

export type ReadItem = { item: Item; problem: null } | { item: null; problem: string };

const ordinaryScale = 5;
const counts = ["likes", "dislikes", "views", "replies", "shares"] as const;

type Fields = Partial<Record<ImportField, unknown>>;

/** The item of a row, or why there is none. Nothing is guessed: what cannot be read is named. */
export function readItem({ cells, problem }: FileRow, reading: RowReading): ReadItem {
  if (problem !== null) return { item: null, problem };
  try {
    return { item: pushedItem(itemOf(fieldsOf(cells, reading.columnOf), reading)), problem: null };
  } catch (error) {
    if (error instanceof RowError) return { item: null, problem: error.message };
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    return { item: null, problem: `${issue?.path.join(".")}: ${saidOf(issue)}` };
  }
}

class RowError extends Error {}

/** Nested facts of a JSON line stand under the same names as columns. */
const nested: Readonly<Record<string, Readonly<Record<string, ImportField>>>> = {
  author: { id: "authorId", name: "authorName", url: "authorUrl", reach: "authorReach" },
  rating: { value: "rating", scale: "ratingScale" },
  engagement: Object.fromEntries(counts.map(name => [name, name])),
};

function fieldsOf(cells: FileRow["cells"], columnOf: ColumnOf): Fields {
  const fields: Fields = {};
  const put = (field: ImportField | null | undefined, value: unknown): void => {
    const isAbsent =
      value === null || value === undefined || (typeof value === "string" && value.trim() === "");
    if (field && !isAbsent) fields[field] ??= value;
  };
  for (const [column, value] of Object.entries(cells)) {
    const inner = Object.hasOwn(nested, column) ? nested[column] : undefined;
    if (inner && typeof value === "object" && value !== null && !(value instanceof Date)) {
      for (const [name, each] of Object.entries(value))
        put(Object.hasOwn(inner, name) ? inner[name] : null, each);
    } else put(columnOf(column), value);
  }
  return fields;
}

function itemOf(fields: Fields, reading: RowReading): ItemInput {
  const text = textOf(fields.text) ?? "";
  const rating = ratingOf(fields.rating, fields.ratingScale);
  if (text === "" && rating === null) throw new RowError("no text and no rating");
  const author = {
    id: textOf(fields.authorId),
    name: textOf(fields.authorName),
    url: textOf(fields.authorUrl),
    reach: countOf("authorReach", fields.authorReach),
  };
  const isKnown = Object.values(author).some(value => value !== null);
  return {
    externalId: textOf(fields.externalId) ?? rowHash(fields),
    kind: (textOf(fields.kind) ?? reading.kind) as TextKind,
    url: textOf(fields.url),
    title: textOf(fields.title),
    text,
    rating,
    author: isKnown ? author : null,
    publishedAt: dateOf(fields.publishedAt, reading),
    threadId: textOf(fields.threadId),
    threadTitle: textOf(fields.threadTitle),
    parentExternalId: textOf(fields.parentExternalId),
    product: textOf(fields.product),
    engagement: Object.fromEntries(
      counts.flatMap(name => {
        const count = countOf(name, fields[name]);
        return count === null ? [] : [[name, count]];
      }),
    ),
  };
}

/** A row without an id is known by all it says, so the same file again changes nothing. */
function rowHash(fields: Fields): string {
  const told = Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `row-${contentHash(JSON.stringify(told))}`;
}

const textOf = (value: unknown): string | null =>
  value === undefined ? null : typeof value === "string" ? value.trim() : String(value);

/** "4", "4,5", "4/5", "4 из 5"; stars are out of 5 unless said otherwise. */
function ratingOf(value: unknown, scale: unknown): ItemInput["rating"] {
  if (value === undefined) return null;
  const match = /^(-?\d+(?:[.,]\d+)?)(?:\s*(?:\/|из|of|out of)\s*(\d+(?:[.,]\d+)?))?$/i.exec(
    String(value).trim(),
  );
  if (!match) throw new RowError(`rating is "${String(value).slice(0, 50)}"; expected a number such as 4.5`);
  const rating = { value: numberOf(match[1]), scale: numberOf(match[2] ?? scale ?? ordinaryScale) };
  if (!(rating.scale > 0) || rating.value < 0 || rating.value > rating.scale)
    throw new RowError(
      `rating is ${rating.value} of ${rating.scale}; a column ratingScale says out of how many`,
    );
  return rating;
}

const numberOf = (value: unknown): number => Number(String(value).replace(",", "."));

function countOf(name: string, value: unknown): number | null {
  if (value === undefined) return null;
  const count =
    typeof value === "number" ? value : Number(String(value).replace(/[\s\u00a0]/g, "") || Number.NaN);
  if (Number.isInteger(count) && count >= 0) return count;
  throw new RowError(`${name} is "${String(value).slice(0, 50)}"; expected a whole number`);
}

/** A spreadsheet keeps dates as wall clocks in fractions of days: they arrive as if UTC, a millisecond off. */
const wallClock = (date: Date): string =>
  new Date(Math.round(date.getTime() / 1000) * 1000).toISOString().slice(0, -1);

function dateOf(value: unknown, { now, timeZone }: RowReading): Date | null {
  if (value === undefined) return null;
  const text = value instanceof Date ? wallClock(value) : String(value);
  const date = readPrintedDate(text, { now, timeZone });
  if (date !== null) return date;
  throw new RowError(`publishedAt is "${text.slice(0, 50)}"; expected a date such as 2026-11-20 09:14`);
}
