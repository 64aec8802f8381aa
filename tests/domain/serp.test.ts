import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isOwnAddress,
  type SerpResult,
  type Standing,
  serpFigures,
  serpMovement,
  standingOf,
  toneValue,
  weightedTone,
} from "#domain/serp.ts";

const result = (position: number, standing: Standing, value = 0): SerpResult => ({
  pageId: `p${position}`,
  position,
  standing,
  value,
});

describe("the standing of a page", () => {
  const negative = { verdict: null, owned: false, tone: "negative", score: -0.6 } as const;

  it("is what a person said, then whose the address is, then the tone", () => {
    expect(standingOf({ ...negative, verdict: "neutral", owned: true })).toBe("neutral");
    expect(standingOf({ ...negative, owned: true })).toBe("ours");
    expect(standingOf(negative)).toBe("hostile");
    expect(standingOf({ ...negative, tone: "positive", score: 0.5 })).toBe("neutral");
    expect(standingOf({ ...negative, tone: null, score: null })).toBe("neutral");
  });

  it("weighs a person's word whole and a text by its score", () => {
    expect(toneValue(negative)).toBe(-0.6);
    expect(toneValue({ ...negative, tone: null, score: null })).toBe(0);
    expect(toneValue({ ...negative, verdict: "ours" })).toBe(1);
  });
});

describe("an own address", () => {
  it.each([
    ["https://volna.example/menu", "volna.example", true],
    ["https://www.volna.example/", "volna.example", true],
    ["https://kazan.volna.example/", "volna.example", true],
    ["https://notvolna.example/", "volna.example", false],
    ["https://volna.example.evil.example/", "volna.example", false],
    ["https://social.example/volna", "social.example/volna", true],
    ["https://social.example/volna/post-1", "https://social.example/volna/", true],
    ["https://social.example/volna-fans", "social.example/volna", false],
    ["https://кофе.example/", "кофе.example", true],
    ["not an address", "volna.example", false],
    ["https://volna.example/", "", false],
  ])("%s by %s: %s", (url, place, own) => {
    expect(isOwnAddress(url, [place])).toBe(own);
  });
});

describe("figures of a look", () => {
  it("are shares of the results that were seen, not of ten", () => {
    const results = [result(1, "ours"), result(2, "hostile"), result(4, "neutral"), result(11, "hostile")];
    expect(serpFigures(results, 10)).toEqual({
      seen: 3,
      ours: 1,
      neutral: 1,
      hostile: 1,
      oursShare: 0.333,
      negativeShare: 0.333,
    });
    expect(serpFigures(results, 20)).toMatchObject({ seen: 4, hostile: 2, negativeShare: 0.5 });
    expect(serpFigures([], 10)).toMatchObject({ seen: 0, oursShare: null, negativeShare: null });
  });

  it("weigh the tone of the first place twenty times the twentieth's", () => {
    // (−1 · 20 + 0.5 · 1) / 21 = −0.929; the twenty-first place is left out.
    const results = [result(1, "hostile", -1), result(20, "neutral", 0.5), result(21, "hostile", -1)];
    expect(weightedTone(results)).toBe(-0.929);
    expect(weightedTone([result(21, "hostile", -1)])).toBeNull();
  });
});

describe("movement between two looks", () => {
  const look = (depth: number, ...pages: string[]) => ({
    depth,
    results: pages.map((pageId, index) => ({ pageId, position: index + 1 })),
  });

  it("tells who came, went and moved", () => {
    expect(serpMovement(look(10, "a", "b", "c"), look(10, "b", "d", "c"))).toEqual({
      entries: [{ pageId: "d", position: 2 }],
      exits: [{ pageId: "a", position: 1 }],
      moves: [{ pageId: "b", from: 2, to: 1 }],
    });
  });

  it("is none without an earlier look", () => {
    expect(serpMovement(null, look(10, "a"))).toEqual({ entries: [], exits: [], moves: [] });
  });

  it("is told within the depth that both looks had", () => {
    expect(serpMovement(look(1, "a"), look(3, "a", "b", "c")).entries).toEqual([]);
    expect(serpMovement(look(3, "a", "b", "c"), look(1, "a")).exits).toEqual([]);
  });

  it("of any two looks: the old ones, less those who went, with those who came, are the new ones", () => {
    const pages = fc.uniqueArray(fc.constantFrom(..."abcdefghijkl"), { maxLength: 12 });
    fc.assert(
      fc.property(pages, pages, (before, after) => {
        const { entries, exits } = serpMovement(look(20, ...before), look(20, ...after));
        const gone = new Set(exits.map(({ pageId }) => pageId));
        const made = [...before.filter(page => !gone.has(page)), ...entries.map(({ pageId }) => pageId)];
        expect(new Set(made)).toEqual(new Set(after));
      }),
    );
  });
});
