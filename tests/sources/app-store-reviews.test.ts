import { describe, expect, test } from "vitest";
import { SourceChangedError } from "#domain/errors.ts";
import { appStoreReviews } from "#sources/app-store-reviews.ts";
import type { Json, Page } from "#sources/define.ts";

const settings = appStoreReviews.settings.parse({ appId: "1234567890", countries: ["ru", "kz"] });

interface Turn {
  page?: number;
  country?: string;
  cursor?: Json;
  progress?: Json;
  since?: Date | null;
}

function read(
  reviews: string,
  { page = 1, country = "ru", cursor = null, progress = null, since = null }: Turn = {},
): Page {
  const body = `<feed xmlns:im="http://itunes.apple.com/rss"><id>https://itunes.apple.com/rss/customerreviews/id=1</id>${reviews}</feed>`;
  const url = "https://itunes.apple.com/ru/rss/customerreviews";
  const ask = { settings, cursor, progress, now: new Date("2026-05-20T12:00:00Z"), since };
  const page_ = appStoreReviews.parse?.(
    { request: { url, state: { country, page } }, url, status: 200, headers: {}, body },
    ask,
  );
  if (page_ === undefined) throw new Error("no parse");
  return page_;
}

const review = (id: number, updated: string): string =>
  `<entry><id>${id}</id><title>T</title><content type="text">x</content><im:rating>2</im:rating><updated>${updated}</updated></entry>`;

const newer = "2026-05-19T10:00:00Z";
const older = "2026-05-01T10:00:00Z";

describe("reading back through the pages", () => {
  test("a run begins with the first page of each storefront", () => {
    const asked = [
      appStoreReviews.request?.({ settings, cursor: null, progress: null, now: new Date(), since: null }) ??
        [],
    ].flat();
    expect(asked.map(request => request.url)).toEqual([
      "https://itunes.apple.com/ru/rss/customerreviews/page=1/id=1234567890/sortby=mostrecent/xml",
      "https://itunes.apple.com/kz/rss/customerreviews/page=1/id=1234567890/sortby=mostrecent/xml",
    ]);
  });

  test("goes on while the page is newer than what was seen, and no further than page 10", () => {
    expect(read(review(1, newer)).next?.url).toContain("/page=2/");
    expect(read(review(1, newer), { cursor: { ru: "2026-05-10T00:00:00.000Z" } }).next?.url).toContain(
      "/page=2/",
    );
    expect(
      read(review(1, newer) + review(2, older), { cursor: { ru: "2026-05-10T00:00:00.000Z" } }).next,
    ).toBeNull();
    expect(read(review(1, older), { since: new Date("2026-05-10") }).next).toBeNull();
    expect(read(review(1, newer), { page: 10 }).next).toBeNull();
    expect(read("", { page: 4 }).next).toBeNull();
  });

  test("an edited old review on top does not end it", () => {
    const page = read(review(1, newer) + review(99, newer), { cursor: { ru: "2026-05-18T00:00:00.000Z" } });
    expect(page.next?.url).toContain("/page=2/");
  });

  test("the cursor keeps every storefront and never goes back", () => {
    const cursor = { ru: "2026-05-18T00:00:00.000Z" };
    const first = read(review(1, newer), { cursor });
    expect(first.cursor).toEqual({ ru: "2026-05-19T10:00:00.000Z" });
    expect(read(review(2, older), { country: "kz", cursor, progress: first.cursor ?? null }).cursor).toEqual({
      ru: "2026-05-19T10:00:00.000Z",
      kz: "2026-05-01T10:00:00.000Z",
    });
    expect(read(review(3, older), { cursor }).cursor).toEqual(cursor);
  });

  test("an empty feed where reviews were is a failure, in a new storefront it is none", () => {
    expect(() => read("", { cursor: { ru: "2026-05-18T00:00:00.000Z" } })).toThrow(SourceChangedError);
    expect(read("", { country: "kz", cursor: { ru: "2026-05-18T00:00:00.000Z" } }).items).toEqual([]);
  });
});
