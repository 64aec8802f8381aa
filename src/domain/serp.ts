/** Whose a page in search results is: the brand's own or under its control, harmful to it, or neither. */
export const standings = ["ours", "neutral", "hostile"] as const;
export type Standing = (typeof standings)[number];

type Tone = "positive" | "neutral" | "negative";

/** What is known of a page: what a person said of it, whether its address is the brand's, the tone of its text. */
export interface PageFacts {
  verdict: Standing | null;
  owned: boolean;
  tone: Tone | null;
  score: number | null;
}

/** One row of a look; `value` is its tone toward the brand, −1 to 1. */
export interface SerpResult {
  pageId: string;
  position: number;
  standing: Standing;
  value: number;
}

/** A person's word first, then the address, then the tone; a text that does not speak of the brand is neutral. */
export function standingOf({ verdict, owned, tone }: PageFacts): Standing {
  if (verdict !== null) return verdict;
  if (owned) return "ours";
  return tone === "negative" ? "hostile" : "neutral";
}

const verdictValues: Record<Standing, number> = { ours: 1, neutral: 0, hostile: -1 };

/** The tone of a page, −1 to 1: a person's word is a whole one. */
export const toneValue = ({ verdict, score }: PageFacts): number =>
  verdict === null ? (score ?? 0) : verdictValues[verdict];

/**
 * Whether an address belongs to the brand: one of the hosts, or a page below one; a host may go on with the
 * beginning of a path, which ends where a part of it ends (`vk.example/volna`).
 */
export function isOwnAddress(url: string, places: readonly string[]): boolean {
  const address = URL.parse(url);
  if (address === null) return false;
  return places.some(place => {
    const own = URL.parse(place.includes("://") ? place : `https://${place}`);
    if (own === null || own.hostname === "") return false;
    const host = withoutWww(own.hostname);
    const asked = withoutWww(address.hostname);
    if (asked !== host && !asked.endsWith(`.${host}`)) return false;
    const path = own.pathname.replace(/\/+$/, "");
    return address.pathname === path || address.pathname.startsWith(`${path}/`);
  });
}

const withoutWww = (host: string): string => host.replace(/^www\./, "");

export interface SerpFigures {
  seen: number;
  ours: number;
  neutral: number;
  hostile: number;
  /** Of the results seen; null when none was. */
  oursShare: number | null;
  negativeShare: number | null;
}

/** Counts and shares of the results down to a position, of one look or of several together. */
export function serpFigures(results: readonly SerpResult[], depth: number): SerpFigures {
  const seen = results.filter(({ position }) => position <= depth);
  const count = (wanted: Standing) => seen.filter(({ standing }) => standing === wanted).length;
  const [ours, neutral, hostile] = [count("ours"), count("neutral"), count("hostile")];
  const share = (part: number) => (seen.length === 0 ? null : round3(part / seen.length));
  return {
    seen: seen.length,
    ours,
    neutral,
    hostile,
    oursShare: share(ours),
    negativeShare: share(hostile),
  };
}

const weighedDepth = 20;

/** Σ tone · w(position) / Σ w(position), w linear from 20 at the first place to 1 at the twentieth; null without results. */
export function weightedTone(results: readonly SerpResult[]): number | null {
  const weighed = results
    .filter(({ position }) => position <= weighedDepth)
    .map(({ position, value }) => ({ value, weight: weighedDepth + 1 - position }));
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  return total === 0
    ? null
    : round3(weighed.reduce((sum, { value, weight }) => sum + value * weight, 0) / total);
}

const round3 = (value: number): number => Math.round(value * 1000) / 1000;

/** What changed between two looks at one query: pages that came and went, and those that moved. */
export interface SerpMovement {
  entries: { pageId: string; position: number }[];
  exits: { pageId: string; position: number }[];
  moves: { pageId: string; from: number; to: number }[];
}

interface Look {
  depth: number;
  results: readonly Pick<SerpResult, "pageId" | "position">[];
}

/**
 * Movement within the depth that both looks had: what only the deeper one could see neither came nor went.
 * Without an earlier look nothing has moved.
 */
export function serpMovement(before: Look | null, after: Look): SerpMovement {
  if (before === null) return { entries: [], exits: [], moves: [] };
  const depth = Math.min(before.depth, after.depth);
  const within = ({ results }: Look) =>
    new Map(results.filter(({ position }) => position <= depth).map(one => [one.pageId, one.position]));
  const [old, now] = [within(before), within(after)];
  const only = (these: ReadonlyMap<string, number>, others: ReadonlyMap<string, number>) =>
    [...these].filter(([pageId]) => !others.has(pageId)).map(([pageId, position]) => ({ pageId, position }));
  return {
    entries: only(now, old),
    exits: only(old, now),
    moves: [...now].flatMap(([pageId, to]) => {
      const from = old.get(pageId);
      return from === undefined || from === to ? [] : [{ pageId, from, to }];
    }),
  };
}
