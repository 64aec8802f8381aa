import { SourceChangedError } from "#domain/errors.ts";
import { type Item, type ItemInput, itemSchema } from "#domain/item.ts";
import { cleanText, decodeText } from "#net/charset.ts";
import type { AnySourceKind } from "#sources/define.ts";
import type { Parsed, ParseTask } from "./parse-task.ts";

/** Decodes a reply, lets its kind read it, and checks every item; one wrong item makes the whole reply wrong. */
export function parseReply(kind: AnySourceKind, task: Omit<ParseTask, "kindId">): Parsed {
  const { request, url, status, headers, ask } = task;
  if (kind.parse === undefined) throw new SourceChangedError(`Source kind "${kind.id}" reads no replies.`);
  const { text, encoding, replacementShare } = decodeText(task.bytes, headers);
  const {
    items,
    next = null,
    details = [],
    cursor,
    look = null,
  } = cleaned(kind.parse({ request, url, status, headers, body: text }, ask));
  return { page: { items: items.map(checked), next, details, cursor, look }, encoding, replacementShare };
}

/** One item as it may be stored: cleaned and checked; throws `SourceChangedError` when it does not fit. */
export const itemOf = (item: ItemInput): Item => checked(cleaned(item), 0);

function checked(item: unknown, index: number): Item {
  const { data, error } = itemSchema.safeParse(item);
  if (error === undefined) return data;
  const issue = error.issues[0];
  const field = issue?.path.join(".") || "itself";
  throw new SourceChangedError(
    `Item ${index + 1} of the reply does not fit: ${field}: ${issue?.message ?? "unknown"}. The site may have changed.`,
    { cause: error },
  );
}

/** The same value with `cleanText` applied to every string: escapes in JSON and HTML bring back what decoding dropped. */
function cleaned<T>(value: T): T {
  if (typeof value === "string") return cleanText(value) as T;
  if (Array.isArray(value)) return value.map(cleaned) as T;
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [cleanText(key), cleaned(each)])) as T;
}
