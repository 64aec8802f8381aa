import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { settingsOf } from "#domain/alerts/kinds.ts";
import { entriesIn, type SerpLookFact } from "#domain/alerts/serp-entry.ts";
import type { Standing } from "#domain/serp.ts";

type Row = readonly [pageId: string, position: number, before: number | null, standing?: Standing];

const look = (sharedDepth: number | null, ...rows: Row[]): SerpLookFact => ({
  queryId: "q",
  sourceId: "s",
  query: "волна",
  region: "213",
  device: "desktop",
  at: new Date("2026-11-20T12:00:00Z"),
  sharedDepth,
  results: rows.map(([pageId, position, previousPosition, standing = "hostile"]) => ({
    pageId,
    position,
    previousPosition,
    standing,
  })),
});
const came = (settings: object, fact: SerpLookFact) =>
  entriesIn(settingsOf("serp-entry", settings), fact).map(({ pageId }) => pageId);

describe("a page in search results", () => {
  it("fires when it came into the first ten, from nowhere or from below", () => {
    const fact = look(20, ["new", 10, null], ["risen", 2, 11], ["there", 3, 10], ["below", 11, null]);
    expect(came({}, fact)).toEqual(["new", "risen"]);
    expect(came({ top: 2 }, fact)).toEqual(["risen"]);
    expect(came({ top: 20 }, fact)).toEqual(["new", "below"]);
  });

  it("fires when it harms, or whatever it is where the rule says so", () => {
    const fact = look(20, ["ours", 1, null, "ours"], ["neutral", 2, null, "neutral"], ["hostile", 3, null]);
    expect(came({}, fact)).toEqual(["hostile"]);
    expect(came({ of: "all" }, fact)).toEqual(["ours", "neutral", "hostile"]);
  });

  it("does not fire in the first look, nor below what the look before could see", () => {
    expect(came({}, look(null, ["a", 1, null]))).toEqual([]);
    expect(came({}, look(5, ["seen", 5, null], ["unseen", 6, null]))).toEqual(["seen"]);
  });

  it("is one subject with its query, and says where it stands and stood", () => {
    expect(entriesIn(settingsOf("serp-entry", {}), look(20, ["p", 4, 12]))[0]?.firing).toMatchObject({
      subject: "query:q:page:p",
      sourceId: "s",
      reason: { query: "волна", position: 4, previousPosition: 12, standing: "hostile", top: 10 },
    });
  });

  it("fires exactly when the top of this look has it and the top of the look before had not", () => {
    const pages = fc.shuffledSubarray([..."abcdefghijklmnopqrst"]);
    fc.assert(
      fc.property(pages, pages, fc.integer({ min: 1, max: 25 }), (before, after, top) => {
        const rows = after.map((page, index): Row => {
          const place = before.indexOf(page);
          return [page, index + 1, place < 0 ? null : place + 1];
        });
        const had = new Set(before.slice(0, top));
        const expected = after.slice(0, top).filter(page => !had.has(page));
        expect(came({ top }, look(20, ...rows))).toEqual(expected);
      }),
    );
  });
});
