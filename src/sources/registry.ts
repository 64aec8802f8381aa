import { InputError } from "#domain/errors.ts";
import { nearest } from "#domain/nearest.ts";
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
  const known = sourceKinds.map(kind => kind.id);
  return `Unknown source kind "${id.slice(0, 100)}". Nearest: ${nearest(id, known, 3).join(", ")}. GET /v1/source-kinds lists all of them.`;
}
