import { InputError } from "#domain/errors.ts";
import { appStoreReviews } from "./app-store-reviews.ts";
import type { AnySourceKind } from "./define.ts";
import { phpbbForum } from "./phpbb-forum.ts";
import { push } from "./push.ts";
import { rssFeed } from "./rss-feed.ts";
import { telegramChannel } from "./telegram-channel.ts";
import { wildberriesSeller } from "./wildberries-seller.ts";
import { yandexSearch } from "./yandex-search.ts";

/** Every source kind there is, by id: one file, one line here. */
export const sourceKinds: readonly AnySourceKind[] = [
  appStoreReviews,
  phpbbForum,
  push,
  rssFeed,
  telegramChannel,
  wildberriesSeller,
  yandexSearch,
];

/** The kind of that id; an unknown id is an InputError that names the nearest ones. */
export function findSourceKind(id: string): AnySourceKind {
  const kind = sourceKinds.find(candidate => candidate.id === id);
  if (kind === undefined) throw new InputError(unknownKind(id), "kind");
  return kind;
}

function unknownKind(id: string): string {
  const nearest = sourceKinds
    .map(kind => ({ id: kind.id, distance: editDistance(id.toLowerCase().slice(0, 100), kind.id) }))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(candidate => candidate.id);
  return `Unknown source kind "${id.slice(0, 100)}". Nearest: ${nearest.join(", ")}. GET /v1/source-kinds lists all of them.`;
}

/** Levenshtein distance. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, character] of [...from].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (character === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
