import { z } from "zod";
import { ProblemError } from "./problem.ts";

/** RFC 3339 in UTC with milliseconds on the way out. */
export const instant = z.date().meta({ type: "string", format: "date-time" });

/** An instant on the way in: RFC 3339 with an offset. */
export const instantIn = z.iso
  .datetime({
    offset: true,
    error: "expected an RFC 3339 time with an offset, such as 2026-11-20T09:14:03.000Z",
  })
  .transform(text => new Date(text))
  .refine(date => !Number.isNaN(date.getTime()), "no such time");

export const id = z.uuid();
export const idParams = z.strictObject({ id });

export const timezone = z
  .string()
  .max(60)
  .refine(isTimezone, 'expected an IANA time zone such as "Europe/Moscow"');

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return !/^[+-]/.test(name);
  } catch {
    return false;
  }
}

/** A repeated or comma-separated query parameter as a list. */
export const listOf = <Item extends z.ZodType<unknown, string>>(item: Item) =>
  z
    .union([z.array(z.string()), z.string()])
    .transform(value => [value].flat().flatMap(part => part.split(",")))
    .pipe(z.array(item).min(1).max(100));

/** "true" and "false" of a query string. */
export const flag = z.enum(["true", "false"]).transform(text => text === "true");

export const paging = {
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(500).optional(),
};

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** Sort keys of the last row, opaque to clients. */
export const encodeCursor = (keys: readonly (string | number | Date)[]): string =>
  Buffer.from(JSON.stringify(keys)).toString("base64url");

/** The sort keys again; a cursor that is not ours is a 400. */
export function decodeCursor<Keys extends z.ZodType>(
  cursor: string | undefined,
  keys: Keys,
): z.output<Keys> | null {
  if (cursor === undefined) return null;
  try {
    return keys.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch {
    throw new ProblemError(
      400,
      "invalid-request",
      "The cursor is not one that this list gave; take nextCursor of the last answer, or leave it out",
    );
  }
}

/** One page of rows read with one row more than asked for. */
export function page<Row, Item>(
  rows: readonly Row[],
  limit: number,
  keys: (row: Row) => readonly (string | number | Date)[],
  item: (row: Row) => Item,
) {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(item),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keys(last)) : null,
  };
}

/** Keys of lists sorted by a time and an id. */
export const timeKeys = z.tuple([z.iso.datetime().transform(text => new Date(text)), z.uuid()]);
