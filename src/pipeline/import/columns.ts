import { InputError } from "#domain/errors.ts";
import { didYouMean } from "#domain/nearest.ts";

/** What a mention may have, and the names of columns that are taken for it by themselves. */
export const importFields = {
  externalId: ["id", "reviewid", "номер"],
  kind: ["type", "тип"],
  url: ["link", "ссылка", "адрес"],
  title: ["subject", "заголовок", "тема"],
  text: ["body", "content", "comment", "review", "message", "отзыв", "текст", "комментарий", "сообщение"],
  rating: ["stars", "rate", "оценка", "рейтинг", "звезды"],
  ratingScale: ["scale", "outof", "шкала"],
  authorName: ["author", "user", "username", "name", "автор", "имя", "пользователь"],
  authorId: ["userid", "idавтора"],
  authorUrl: ["userurl"],
  authorReach: ["reach", "followers", "охват", "подписчики"],
  publishedAt: [
    "date",
    "time",
    "datetime",
    "published",
    "created",
    "createdat",
    "timestamp",
    "дата",
    "опубликовано",
  ],
  threadId: ["thread", "topicid"],
  threadTitle: ["topic", "ветка"],
  parentExternalId: ["parentid", "replyto"],
  product: ["item", "товар", "продукт"],
  likes: ["likecount", "лайки"],
  dislikes: ["dislikecount", "дизлайки"],
  views: ["viewcount", "просмотры"],
  replies: ["replycount", "commentcount", "ответы"],
  shares: ["sharecount", "repostcount", "репосты"],
} as const satisfies Record<string, readonly string[]>;
export type ImportField = keyof typeof importFields;

const fieldNames = Object.keys(importFields) as ImportField[];

/** Case, spaces and signs do not matter in a column's name, nor does ё. */
const plain = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll("ё", "е")
    .replace(/[^\p{L}\p{N}]/gu, "");

export type ColumnOf = (column: string) => ImportField | null;

/**
 * Which field each column is: as `wanted` says (`field=column`), else by its name. A wanted field that does
 * not exist is an InputError, and so is a wanted column that the file does not have.
 */
export function mapColumns(wanted: readonly string[], columns: readonly string[] | null): ColumnOf {
  const given = new Map(wanted.map(pair => readPair(pair, columns)));
  const taken = new Set(given.values());
  const known = new Map<string, ImportField>();
  for (const field of fieldNames) {
    if (taken.has(field)) continue;
    for (const name of [field, ...importFields[field]]) known.set(plain(name), field);
  }
  return column => given.get(column) ?? known.get(plain(column)) ?? null;
}

function readPair(pair: string, columns: readonly string[] | null): [string, ImportField] {
  const at = pair.indexOf("=");
  const [field, column] = at < 0 ? [pair, ""] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  if (column === "") throw new InputError(`--map is "${pair}"; expected field=column, such as text=Отзыв`);
  if (!(field in importFields))
    throw new InputError(
      `--map: there is no field "${field}"${didYouMean(field, fieldNames)} Fields: ${fieldNames.join(", ")}`,
    );
  if (columns !== null && !columns.includes(column))
    throw new InputError(
      `--map: the file has no column "${column}"${didYouMean(column, columns)} Columns: ${columns.join(", ")}`,
    );
  return [column, field as ImportField];
}
